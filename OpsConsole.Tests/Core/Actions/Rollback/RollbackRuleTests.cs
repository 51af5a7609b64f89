using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Rollback;
using OpsConsole.Core.Releases;
using static OpsConsole.Tests.Core.Actions.Gate.Given;

namespace OpsConsole.Tests.Core.Actions.Rollback;

public sealed class RollbackRuleTests
{
    private static readonly RollbackCommand Good = new(Release().Id, "errors over 1 %", 95, "shop");

    public static TheoryData<string, string[]> Cases => new()
    {
        { "rolling out", [] },
        { "halted", [] },
        { "watching", [] },
        { "registered", [] },
        { "registered, first release", [] },
        { "registered for an app store", [] },
        { "registered for a target that is not connected", [] },
        { "first promotion in flight on an app store", ["target-cannot"] },
        { "raised on an app store before its first stage", ["target-cannot"] },
        { "first promotion in flight, first release", ["no-previous-version"] },
        { "done", [] },
        { "done and replaced", ["replaced"] },
        { "rolled back", ["wrong-phase"] },
        { "superseded", ["wrong-phase"] },
        { "viewer", ["not-permitted"] },
        { "promotion in flight", [] },
        { "halt in flight", [] },
        { "roll back in flight", ["already-in-flight"] },
        { "first release", ["no-previous-version"] },
        { "contract migration", ["migration-forbids-rollback"] },
        { "expand migration", [] },
        { "app store", ["target-cannot"] },
        { "not connected", ["target-not-connected"] },
        { "no telemetry", [] },
        { "no seen version", [] },
        { "stale seen version", ["stale-seen-version"] },
        { "verdict changed since", [] },
        { "unknown seen version", ["unknown-seen-version"] },
        { "not confirmed", ["wrong-confirmation"] },
        { "confirmed with the version", ["wrong-confirmation"] },
        { "long reason", ["reason-too-long"] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Each_reason_is_found_alone(string given, string[] expected) => Assert.Equal(expected, Codes(RollbackRule.Judge(Make(given))));

    [Fact]
    public void All_reasons_are_told_at_once() => Assert.Equal(
        ["not-permitted", "no-previous-version", "migration-forbids-rollback", "already-in-flight", "target-cannot", "stale-seen-version", "reason-too-short", "wrong-confirmation"],
        Codes(RollbackRule.Judge(Context(
            Release() with { PreviousVersion = null, Migration = MigrationClass.Contract }, new RollbackCommand(Release().Id, "", 3, null), Viewer) with
        {
            Target = Store,
            InFlight = InFlight(ActionVerb.Rollback),
        })));

    [Fact]
    public void A_refusal_says_what_to_do_instead()
    {
        var contract = Assert.Single(RollbackRule.Judge(Make("contract migration")));
        Assert.Equal(
            "The release removed database structure or data that 2.14.3 needs, and rolling back does not bring it back; halt the release, kill the switch recommendations and fix forward.",
            contract.Sentence);
        Assert.StartsWith("Gateway cannot roll back.", new TargetCannotRefusal(ActionVerb.Rollback, "gateway", null).Sentence, StringComparison.Ordinal);
        Assert.Equal("App Store cannot roll back. Halt it, kill its switch and submit a fixed build.", Assert.Single(RollbackRule.Judge(Make("app store"))).Sentence);
    }

    private static ActionContext Make(string given)
    {
        var good = Context(command: Good, by: OnCall);
        var registered = Context(Release(ReleasePhase.Registered, -1), Good);
        return given switch
        {
            "rolling out" => good,
            "halted" => Context(Release(ReleasePhase.Halted), Good),
            "watching" => Context(Release(ReleasePhase.Watching, 3), Good),
            "registered" => registered,
            "registered, first release" => registered with { Release = registered.Release! with { PreviousVersion = null } },
            "registered for an app store" => registered with { Target = Store },
            "registered for a target that is not connected" => registered with { Target = null },
            "first promotion in flight on an app store" => registered with { Target = Store, InFlight = InFlight(ActionVerb.Promote) },
            "raised on an app store before its first stage" => registered with { Target = Store, Release = registered.Release! with { ExposurePercent = 3 } },
            "first promotion in flight, first release" => registered with { Release = registered.Release! with { PreviousVersion = null }, InFlight = InFlight(ActionVerb.Promote) },
            "done" => Context(Release(ReleasePhase.Done, 3), Good),
            "done and replaced" => Context(Release(ReleasePhase.Done, 3), Good) with { ReplacedBy = "2.16.0" },
            "rolled back" => Context(Release(ReleasePhase.RolledBack), Good),
            "superseded" => Context(Release(ReleasePhase.Superseded, 3), Good),
            "viewer" => good with { By = Viewer },
            "promotion in flight" => good with { InFlight = InFlight(ActionVerb.Promote) },
            "halt in flight" => good with { InFlight = InFlight(ActionVerb.Halt, ActionPhase.Unconfirmed) },
            "roll back in flight" => good with { InFlight = InFlight(ActionVerb.Rollback) },
            "first release" => good with { Release = Release() with { PreviousVersion = null } },
            "contract migration" => good with { Release = Release() with { Migration = MigrationClass.Contract } },
            "expand migration" => good with { Release = Release() with { Migration = MigrationClass.Expand } },
            "app store" => good with { Target = Store },
            "not connected" => good with { Target = null },
            "no telemetry" => good with { Snapshot = null },
            "no seen version" => good with { Command = Good with { SeenVersion = null } },
            "verdict changed since" => good with { Command = Good with { SeenVersion = 89 } },
            "stale seen version" => good with { Command = Good with { SeenVersion = 79 } },
            "unknown seen version" => good with { Command = Good with { SeenVersion = 101 } },
            "not confirmed" => good with { Command = Good with { Confirmation = null } },
            "confirmed with the version" => good with { Command = Good with { Confirmation = "2.15.0" } },
            "long reason" => good with { Command = Good with { Reason = new string('x', 501) } },
            _ => throw new ArgumentException(given, nameof(given)),
        };
    }
}
