using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Halt;
using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;
using static OpsConsole.Tests.Core.Actions.Gate.Given;

namespace OpsConsole.Tests.Core.Actions.Halt;

public sealed class HaltRuleTests
{
    private static readonly HaltCommand Good = new(Release().Id, "errors grow", null, null);

    [Theory]
    [InlineData(ReleasePhase.Registered, -1)]
    [InlineData(ReleasePhase.RollingOut, 1)]
    [InlineData(ReleasePhase.Watching, 3)]
    public void Growth_can_always_be_stopped(ReleasePhase phase, int stage) => Assert.Empty(HaltRule.Judge(Context(Release(phase, stage), Good, OnCall)));

    [Fact]
    public void No_telemetry_and_no_seen_version_are_needed() => Assert.Empty(HaltRule.Judge(Context(command: Good) with { Snapshot = null }));

    [Fact]
    public void Bad_telemetry_and_a_stale_seen_version_do_not_stand_in_the_way() =>
        Assert.Empty(HaltRule.Judge(Context(null, Good with { SeenVersion = 1 }, OnCall, Signal(verdict: Verdict.Error))));

    [Theory]
    [InlineData(ActionVerb.Promote, true)]
    [InlineData(ActionVerb.Resume, true)]
    [InlineData(ActionVerb.Rollback, false)]
    public void It_takes_the_place_of_what_grows_and_not_of_what_stops_more(ActionVerb inFlight, bool allowed) =>
        Assert.Equal(allowed ? [] : ["already-in-flight"], Codes(HaltRule.Judge(Context(command: Good) with { InFlight = InFlight(inFlight) })));

    [Fact]
    public void A_halt_can_stop_a_resumption() =>
        Assert.Empty(HaltRule.Judge(Context(Release(ReleasePhase.Halted), Good) with { InFlight = InFlight(ActionVerb.Resume) }));

    [Theory]
    [InlineData(ReleasePhase.Halted, "already-halted")]
    [InlineData(ReleasePhase.Done, "wrong-phase")]
    [InlineData(ReleasePhase.RolledBack, "wrong-phase")]
    [InlineData(ReleasePhase.Superseded, "wrong-phase")]
    public void What_does_not_grow_cannot_be_stopped(ReleasePhase phase, string code) => Assert.Equal([code], Codes(HaltRule.Judge(Context(Release(phase), Good))));

    [Fact]
    public void A_target_that_ends_a_rollout_at_full_exposure_halts_until_then()
    {
        var ends = Gateway with { Title = "App Store", HaltsAtFull = false };

        Assert.Empty(HaltRule.Judge(Context(command: Good) with { Target = ends }));
        Assert.Equal("App Store cannot halt a release that is at 100 %. Kill its switch and fix forward.", Assert.Single(HaltRule.Judge(Context(Release(ReleasePhase.Watching, 3), Good) with { Target = ends })).Sentence);
    }

    [Fact]
    public void All_reasons_are_told_at_once() => Assert.Equal(
        ["not-permitted", "already-halted", "already-in-flight", "target-not-connected", "reason-too-short"],
        Codes(HaltRule.Judge(Context(Release(ReleasePhase.Halted), Good with { Reason = "" }, Viewer) with { Target = null, InFlight = InFlight(ActionVerb.Rollback) })));

    [Fact]
    public void A_viewer_is_told_who_can() =>
        Assert.Equal(
            "The role viewer may not halt; ask someone who is on-call, release manager or admin.",
            Assert.Single(HaltRule.Judge(Context(command: Good, by: Viewer))).Sentence);
}
