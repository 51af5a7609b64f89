using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Kill;
using OpsConsole.Core.Board;
using static OpsConsole.Tests.Core.Actions.Gate.Given;

namespace OpsConsole.Tests.Core.Actions.Kill;

public sealed class KillRuleTests
{
    private static readonly SwitchSummary On = new("recommendations", false, Now, "recommendations in the shop");

    [Fact]
    public void Kill_needs_neither_telemetry_nor_a_release() => Assert.Empty(KillRule.Judge(Switch(On, new KillCommand("recommendations", "errors grow"), onCall: true)));

    [Theory]
    [InlineData(ActionVerb.Restore)]
    [InlineData(ActionVerb.Promote)]
    [InlineData(ActionVerb.Rollback)]
    public void Kill_never_waits_for_another_action(ActionVerb inFlight) =>
        Assert.Empty(KillRule.Judge(Switch(On, new KillCommand("recommendations", "errors grow")) with { InFlight = InFlight(inFlight) }));

    [Fact]
    public void Kill_tells_all_reasons_at_once() => Assert.Equal(
        ["not-permitted", "already-killed", "reason-too-short"],
        Codes(KillRule.Judge(Switch(On with { Killed = true }, new KillCommand("recommendations", "")) with { By = Viewer })));

    [Fact]
    public void A_release_without_a_switch_is_told_so() => Assert.Equal(["no-switch"], Codes(KillRule.Judge(Context())));

    [Fact]
    public void Restore_tells_all_reasons_at_once() => Assert.Equal(
        ["not-permitted", "not-killed", "already-in-flight", "reason-too-short"],
        Codes(RestoreRule.Judge(Switch(On, new RestoreCommand("recommendations", "")) with { By = Viewer, InFlight = InFlight(ActionVerb.Kill) })));

    [Fact]
    public void A_killed_switch_can_be_restored() =>
        Assert.Empty(RestoreRule.Judge(Switch(On with { Killed = true }, new RestoreCommand("recommendations", "fixed"), onCall: true)));

    private static ActionContext Switch(SwitchSummary value, ActionCommand command, bool onCall = false) =>
        new() { By = onCall ? OnCall : Manager, Command = command, Switch = value, Now = Now };
}
