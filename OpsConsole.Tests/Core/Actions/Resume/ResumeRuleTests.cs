using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Resume;
using OpsConsole.Core.Releases;
using static OpsConsole.Tests.Core.Actions.Gate.Given;

namespace OpsConsole.Tests.Core.Actions.Resume;

public sealed class ResumeRuleTests
{
    private static readonly ResumeCommand Good = new(Release().Id, "fixed upstream", 95, null);

    public static TheoryData<string, string[]> Cases => new()
    {
        { "halted", [] },
        { "on-call", ["not-permitted"] },
        { "rolling out", ["not-halted"] },
        { "rolled back", ["wrong-phase"] },
        { "halt in flight", ["already-in-flight"] },
        { "not connected", ["target-not-connected"] },
        { "no seen version", ["missing-seen-version"] },
        { "stale seen version", ["stale-seen-version"] },
        { "board behind", ["board-behind"] },
        { "not on the board", ["not-on-board"] },
        { "short reason", ["reason-too-short"] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Each_reason_is_found_alone(string given, string[] expected) => Assert.Equal(expected, Codes(ResumeRule.Judge(Make(given))));

    [Fact]
    public void All_reasons_are_told_at_once() => Assert.Equal(
        ["not-permitted", "not-halted", "already-in-flight", "target-cannot", "unknown-seen-version", "reason-too-short"],
        Codes(ResumeRule.Judge(Context(Release(), Good with { Reason = "", SeenVersion = 999 }, Viewer) with
        {
            Target = Gateway with { Verbs = new HashSet<ActionVerb>() },
            InFlight = InFlight(ActionVerb.Promote),
        })));

    private static ActionContext Make(string given)
    {
        var halted = Context(Release(ReleasePhase.Halted), Good);
        return given switch
        {
            "halted" => halted,
            "on-call" => halted with { By = OnCall },
            "rolling out" => Context(Release(), Good),
            "rolled back" => Context(Release(ReleasePhase.RolledBack), Good),
            "halt in flight" => halted with { InFlight = InFlight(ActionVerb.Halt) },
            "not connected" => halted with { Target = null },
            "no seen version" => halted with { Command = Good with { SeenVersion = null } },
            "stale seen version" => halted with { Command = Good with { SeenVersion = 1 } },
            "board behind" => halted with { Release = Release(ReleasePhase.Halted) with { Revision = 9 } },
            "not on the board" => halted with { Snapshot = null },
            "short reason" => halted with { Command = Good with { Reason = "x" } },
            _ => throw new ArgumentException(given, nameof(given)),
        };
    }
}
