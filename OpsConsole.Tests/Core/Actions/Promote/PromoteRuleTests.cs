using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Promote;
using OpsConsole.Core.Board;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;
using static OpsConsole.Tests.Core.Actions.Gate.Given;

namespace OpsConsole.Tests.Core.Actions.Promote;

public sealed class PromoteRuleTests
{
    private static readonly PromoteCommand Good = new(Release().Id, "looks fine", 95, null);

    public static TheoryData<string, string[]> Cases => new()
    {
        { "healthy", [] },
        { "viewer", ["not-permitted"] },
        { "on-call", ["not-permitted"] },
        { "halted", ["halt-in-force"] },
        { "rolled back", ["wrong-phase"] },
        { "done", ["wrong-phase"] },
        { "superseded", ["wrong-phase"] },
        { "watching", ["no-next-stage"] },
        { "promotion in flight", ["already-in-flight"] },
        { "promotion unconfirmed", ["already-in-flight"] },
        { "halt in flight", ["already-in-flight"] },
        { "not connected", ["target-not-connected"] },
        { "target cannot", ["target-cannot"] },
        { "no seen version", ["missing-seen-version"] },
        { "stale seen version", ["stale-seen-version"] },
        { "unknown seen version", ["unknown-seen-version"] },
        { "no reason", ["reason-too-short"] },
        { "blank reason", ["reason-too-short"] },
        { "short reason", ["reason-too-short"] },
        { "long reason", ["reason-too-long"] },
        { "to 100 % unconfirmed", ["wrong-confirmation"] },
        { "to 100 % mistyped", ["wrong-confirmation"] },
        { "to 100 % confirmed", [] },
        { "board behind", ["board-behind"] },
        { "switch killed since", ["switch-killed"] },
        { "fix while its switch is killed", [] },
        { "not on the board", ["not-on-board", "data-not-fresh", "verdict-not-pass", "too-few-samples"] },
        { "stale signal", ["data-not-fresh"] },
        { "board stopped building", ["data-not-fresh"] },
        { "no required signal", ["data-not-fresh"] },
        { "running", ["verdict-not-pass"] },
        { "inconclusive", ["verdict-not-pass"] },
        { "error", ["verdict-not-pass"] },
        { "fail", ["verdict-not-pass"] },
        { "optional signal fails", ["verdict-not-pass"] },
        { "optional signal missing", [] },
        { "hold not over", ["stage-hold-not-over"] },
        { "too few samples", ["too-few-samples"] },
        { "first stage without telemetry", [] },
        { "first stage without baseline", ["data-not-fresh"] },
        { "first stage of a first release", [] },
        { "first stage while the source cannot be read", ["verdict-not-pass"] },
        { "first stage after a fail that fell silent", ["data-not-fresh", "verdict-not-pass"] },
        { "first stage after an optional fail that fell silent", ["data-not-fresh", "verdict-not-pass"] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Each_reason_is_found_alone(string given, string[] expected) => Assert.Equal(expected, Codes(PromoteRule.Judge(Make(given))));

    [Fact]
    public void All_reasons_are_told_at_once()
    {
        var context = Context(
            Release(ReleasePhase.Halted, 2) with { StageEnteredAt = Now },
            new PromoteCommand(Release().Id, "", 50, "shopp"),
            Viewer,
            Signal(verdict: Verdict.Fail) with { Quality = SignalQuality.Stale, Samples = 3 }) with
        {
            Target = null,
            InFlight = InFlight(ActionVerb.Resume),
        };

        Assert.Equal(
            [
                "not-permitted", "data-not-fresh", "verdict-not-pass", "stage-hold-not-over", "too-few-samples", "halt-in-force",
                "already-in-flight", "target-not-connected", "stale-seen-version", "reason-too-short", "wrong-confirmation",
            ],
            Codes(PromoteRule.Judge(context)));
    }

    [Fact]
    public void A_preview_asks_for_no_reason_confirmation_or_seen_version() =>
        Assert.Empty(PromoteRule.Judge(Context(Release(stage: 2))));

    [Fact]
    public void The_sentence_says_by_how_much_and_until_when()
    {
        var context = Context(Release() with { StageEnteredAt = Now - TimeSpan.FromMinutes(13) - TimeSpan.FromSeconds(50) }, Good);

        var refusal = Assert.Single(PromoteRule.Judge(context));

        Assert.Equal("The 25 % stage holds for 20 min, 6 min 10 s are left; promote at 12:06:10 UTC.", refusal.Sentence);
    }

    [Fact]
    public void The_hold_is_over_to_the_second()
    {
        var entered = Release() with { StageEnteredAt = Now - TimeSpan.FromMinutes(20) };
        Assert.Empty(PromoteRule.Judge(Context(entered, Good)));
        Assert.NotEmpty(PromoteRule.Judge(Context(entered with { StageEnteredAt = entered.StageEnteredAt + TimeSpan.FromTicks(1) }, Good)));
    }

    [Theory]
    [InlineData(null, new string[0])]
    [InlineData(ActionPhase.AwaitingApproval, new[] { "policy-gate", "already-in-flight" })]
    [InlineData(ActionPhase.Approved, new[] { "policy-gate", "already-in-flight" })]
    public void A_freeze_does_not_stand_against_asking_and_is_named_while_the_request_waits(ActionPhase? waiting, string[] expected)
    {
        var context = Context() with
        {
            InFlight = waiting is { } phase ? InFlight(ActionVerb.Promote, phase) : null,
            Policy = new PolicyGateResults([new GateResult("freeze", Verdict.Running, "Frozen until 14:00 UTC.", "deploy windows", null)], "", 1),
        };

        var refusals = PromoteRule.Judge(context);

        Assert.Equal(expected, Codes(refusals));
        Assert.Equal(waiting is not null, refusals.Any(r => r.Sentence == "Freeze: Frozen until 14:00 UTC."));
    }

    [Fact]
    public void Every_gate_tells_evidence_source_and_age()
    {
        var gates = PromotionGates.Judge(Release(), Snapshot(Release()), Now);

        Assert.Equal(["fresh data", "verdict", "hold time", "sample count", "no halt"], gates.Select(g => g.Name));
        Assert.All(gates, g => Assert.True(g.Verdict == Verdict.Pass && g.Detail.Length > 0 && g.Source.Length > 0));
        Assert.Equal(Now - TimeSpan.FromSeconds(2), gates[0].AsOf);
    }

    [Theory]
    [InlineData("2.14.3", "The baseline 2.14.3 is being measured; before the first stage no data of the release itself is needed.")]
    [InlineData(null, "There is no previous version to measure, and before the first stage no data of the release itself is needed.")]
    public void Before_the_first_stage_the_gates_are_true_also_where_the_release_has_data(string? previous, string fresh)
    {
        var release = Release(ReleasePhase.Registered, -1) with { PreviousVersion = previous };

        var gates = PromotionGates.Judge(release, Snapshot(release, Signal(verdict: Verdict.Running)), Now);

        Assert.All(gates, g => Assert.Equal(Verdict.Pass, g.Verdict));
        Assert.Equal((fresh, "Before the first stage no observations are needed."), (gates[0].Detail, gates[3].Detail));
    }

    [Theory]
    [InlineData(-60, Verdict.Fail)]
    [InlineData(-7_200, Verdict.Pass)]
    public void A_release_with_a_switch_shows_whether_it_was_killed_in_its_time(int seconds, Verdict expected)
    {
        var context = Killed(Now.AddSeconds(seconds));

        var gate = PromotionGates.Judge(context.Release!, context.Snapshot, Now)[^1];

        Assert.Equal(("no kill", expected), (gate.Name, gate.Verdict));
    }

    private static ActionContext Killed(DateTimeOffset at) =>
        Context(command: Good) is var context ? context with { Snapshot = context.Snapshot! with { Switch = new SwitchSummary("recommendations", true, at, "recommendations") } } : null!;

    private static ActionContext Make(string given) => given switch
    {
        "healthy" => Context(command: Good),
        "viewer" => Context(command: Good, by: Viewer),
        "on-call" => Context(command: Good, by: OnCall),
        "halted" => Context(Release(ReleasePhase.Halted), Good),
        "rolled back" => Context(Release(ReleasePhase.RolledBack), Good),
        "done" => Context(Release(ReleasePhase.Done, 3), Good),
        "superseded" => Context(Release(ReleasePhase.Superseded, 3), Good),
        "watching" => Context(Release(ReleasePhase.Watching, 3), Good),
        "promotion in flight" => Context(command: Good) with { InFlight = InFlight(ActionVerb.Promote) },
        "promotion unconfirmed" => Context(command: Good) with { InFlight = InFlight(ActionVerb.Promote, ActionPhase.Unconfirmed) },
        "halt in flight" => Context(command: Good) with { InFlight = InFlight(ActionVerb.Halt) },
        "not connected" => Context(command: Good) with { Target = null },
        "target cannot" => Context(command: Good) with { Target = Gateway with { Verbs = new HashSet<ActionVerb>() } },
        "no seen version" => Context(command: Good with { SeenVersion = null }),
        "stale seen version" => Context(command: Good with { SeenVersion = 89 }),
        "unknown seen version" => Context(command: Good with { SeenVersion = 101 }),
        "no reason" => Context(command: Good with { Reason = null! }),
        "blank reason" => Context(command: Good with { Reason = "      " }),
        "short reason" => Context(command: Good with { Reason = " ok " }),
        "long reason" => Context(command: Good with { Reason = new string('x', 501) }),
        "to 100 % unconfirmed" => Context(Release(stage: 2), Good),
        "to 100 % mistyped" => Context(Release(stage: 2), Good with { Confirmation = "Shop" }),
        "to 100 % confirmed" => Context(Release(stage: 2), Good with { Confirmation = "shop" }),
        "board behind" => Context(command: Good) with { Release = Release() with { Revision = 4 } },
        "switch killed since" => Killed(Now - TimeSpan.FromMinutes(1)),
        "fix while its switch is killed" => Killed(Now - TimeSpan.FromHours(2)),
        "not on the board" => Context(command: Good) with { Snapshot = null },
        "stale signal" => Context(null, Good, null, Signal() with { Quality = SignalQuality.Stale }, Signal("p99_latency")),
        "board stopped building" => Context(null, Good, null, Signal() with { AsOf = Now - TimeSpan.FromSeconds(17) }),
        "no required signal" => Context(null, Good, null, Signal("p95_latency")),
        "running" => Context(null, Good, null, Signal(verdict: Verdict.Running)),
        "inconclusive" => Context(null, Good, null, Signal(verdict: Verdict.Inconclusive)),
        "error" => Context(null, Good, null, Signal(verdict: Verdict.Error)),
        "fail" => Context(null, Good, null, Signal(verdict: Verdict.Fail)),
        "optional signal fails" => Context(null, Good, null, Signal(), Signal("p95_latency", Verdict.Fail)),
        "optional signal missing" => OptionalMissing(),
        "hold not over" => Context(Release() with { StageEnteredAt = Now }, Good),
        "too few samples" => Context(null, Good, null, Signal() with { Samples = 49 }),
        "first stage without telemetry" => Context(Release(ReleasePhase.Registered, -1), Good, null, Silent()),
        "first stage without baseline" => Context(Release(ReleasePhase.Registered, -1), Good, null, Silent() with { Baseline = null }),
        "first stage of a first release" => Context(Release(ReleasePhase.Registered, -1) with { PreviousVersion = null }, Good, null, Silent() with { Baseline = null }),
        "first stage while the source cannot be read" => Context(Release(ReleasePhase.Registered, -1), Good, null, Silent() with { Verdict = Verdict.Error }),
        "first stage after a fail that fell silent" => Context(Release(ReleasePhase.Registered, -1), Good, null, Silent() with { Verdict = Verdict.Inconclusive, FailedAt = Now.AddMinutes(-20) }),
        "first stage after an optional fail that fell silent" => Context(
            Release(ReleasePhase.Registered, -1), Good, null, Silent(), Signal("p95_latency", Verdict.Inconclusive) with { FailedAt = Now.AddMinutes(-20) }),
        _ => throw new ArgumentException(given, nameof(given)),
    };

    private static SignalSnapshot Silent() => Signal(verdict: Verdict.Running) with { Quality = SignalQuality.Missing, Canary = null, AsOf = null, Samples = 0 };

    private static ActionContext OptionalMissing()
    {
        var context = Context(null, Good, null, Signal(), Signal("p95_latency", Verdict.Inconclusive) with { Quality = SignalQuality.Missing });
        return context with { Snapshot = context.Snapshot! with { Verdict = Verdict.Pass } };
    }
}
