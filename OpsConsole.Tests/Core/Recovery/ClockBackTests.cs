using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Recovery;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Rollouts;
using OpsConsole.Core.Signals;
using OpsConsole.Tests.Core.Actions.Gate;
using static OpsConsole.Tests.Core.Recovery.ClockGiven;

namespace OpsConsole.Tests.Core.Recovery;

/// <summary>When a release counts as back inside its limits, and when not.</summary>
public sealed class ClockBackTests
{
    [Fact]
    public void A_halted_release_that_stays_bad_is_not_verified()
    {
        var halted = Failing() with { Phase = ReleasePhase.Halted };
        Assert.False(ClockRule.IsBack(halted, "errors"));

        var clock = Open();
        ClockRule.Move(clock, Facts(halted with { Action = Confirmed(ActionVerb.Halt) }, 36000));
        Assert.Null(clock.Ending);
    }

    [Fact]
    public void What_is_missing_stale_in_error_or_still_fired_is_not_back()
    {
        Assert.True(ClockRule.IsBack(Healthy(), "errors"));
        Assert.False(ClockRule.IsBack(Healthy(Errors(Verdict.Inconclusive)), "errors"));
        Assert.False(ClockRule.IsBack(Healthy(Errors(Verdict.Error)), "errors"));
        var optional = Given.Signal("dependency_failure_rate") with { Verdict = Verdict.Inconclusive, Quality = SignalQuality.Stale };
        Assert.False(ClockRule.IsBack(Healthy(Errors(Verdict.Pass), optional) with { Verdict = Verdict.Pass }, "errors"));
        var silent = optional with { Quality = SignalQuality.Missing };
        Assert.True(ClockRule.IsBack(Healthy(Errors(Verdict.Pass), silent) with { Verdict = Verdict.Pass }, "errors"));
        Assert.False(ClockRule.IsBack(Healthy(Errors(Verdict.Pass), silent) with { Verdict = Verdict.Pass }, silent.Definition.Title));

        Assert.False(ClockRule.IsBack(Healthy() with { Policy = Policy(Trigger(TriggerPhase.Fired, 1)) }, "errors"));
        Assert.False(ClockRule.IsBack(Healthy() with { Policy = Policy(Trigger(TriggerPhase.Recovering, 1)) }, "errors"));
        Assert.False(ClockRule.IsBack(Healthy() with { Policy = Policy(Trigger(TriggerPhase.Inconclusive, 1)) }, "http_5xx_rate > 1% for 20s"));
        Assert.True(ClockRule.IsBack(Healthy() with { Policy = Policy(Trigger(TriggerPhase.Fired, 1, measure: TriggerMeasure.BurnRate), Trigger(TriggerPhase.Fired, 1, dry: true)) }, "errors"));
    }

    [Theory]
    [InlineData(TriggerPhase.Clear, true)]
    [InlineData(TriggerPhase.Recovering, false)]
    [InlineData(TriggerPhase.Inconclusive, false)]
    [InlineData(TriggerPhase.Fired, false)]
    public void A_burn_rate_that_the_clock_began_with_is_waited_for_and_any_other_is_not(TriggerPhase phase, bool back)
    {
        var burning = Trigger(phase, 1, measure: TriggerMeasure.BurnRate);
        var release = Healthy() with { Policy = Policy(burning) };

        Assert.Equal(back, ClockRule.IsBack(release, burning.Trigger.Text));
        Assert.True(ClockRule.IsBack(release, "errors"));
    }

    [Theory]
    [InlineData(CheckPhase.Running, 4d, true)]
    [InlineData(CheckPhase.Successful, 4d, true)]
    [InlineData(CheckPhase.Inconclusive, 0.2, false)]
    [InlineData(CheckPhase.Error, 0.2, false)]
    [InlineData(CheckPhase.Failed, 4d, false)]
    [InlineData(CheckPhase.Failed, 0.2, true)]
    [InlineData(CheckPhase.Failed, null, false)]
    public void A_check_that_said_no_is_not_back_until_what_it_measures_is(CheckPhase phase, double? errors, bool back)
    {
        var release = Healthy(Errors(Verdict.Pass) with { Canary = errors });

        Assert.Equal(back, ClockRule.IsBack(release with { Policy = Checked(phase) }, "errors-low"));
        Assert.Equal(back, ClockRule.IsBack(release with { Phase = ReleasePhase.Halted, Policy = Checked(phase) }, "errors"));
        Assert.True(ClockRule.IsBack(release with { Policy = Checked(phase, dry: true) }, "errors"));
    }

    [Fact]
    public void A_check_of_a_burn_rate_that_failed_is_not_waited_for() =>
        Assert.True(ClockRule.IsBack(Healthy() with { Policy = Checked(CheckPhase.Failed, measure: TriggerMeasure.BurnRate) }, "errors-low"));

    [Fact]
    public void After_a_roll_back_nobody_may_have_it_and_the_version_that_took_over_must_be_measured_inside()
    {
        Assert.True(ClockRule.IsBack(RolledBack(), "errors"));
        Assert.False(ClockRule.IsBack(RolledBack(exposure: 5), "errors"));
        Assert.False(ClockRule.IsBack(RolledBack(baseline: 4), "errors"));
        Assert.False(ClockRule.IsBack(RolledBack(baseline: null), "errors"));

        var clock = Open();
        ClockRule.Move(clock, Facts(RolledBack() with { Action = Confirmed(ActionVerb.Rollback) }, 75, back: 12));
        Assert.Equal((RecoveryEnding.Verified, RecoveryMove.Rollback, At(72)), (clock.Ending, clock.Move, clock.VerifiedAt));
    }

    [Theory]
    [InlineData(SignalQuality.Fresh, 2000, 4, Verdict.Inconclusive, false)]
    [InlineData(SignalQuality.Fresh, 2000, 0.2, Verdict.Fail, false)]
    [InlineData(SignalQuality.Fresh, 2000, 0.2, Verdict.Pass, true)]
    [InlineData(SignalQuality.Fresh, 0, 4, Verdict.Inconclusive, true)]
    [InlineData(SignalQuality.Stale, 2000, 4, Verdict.Inconclusive, true)]
    public void After_a_roll_back_it_is_not_back_while_people_are_heard_on_the_bad_version_and_it_is_bad(SignalQuality quality, long samples, double canary, Verdict verdict, bool back)
    {
        var left = RolledBack();
        left = left with { Signals = [left.Signals[0] with { Quality = quality, Samples = samples, Canary = canary, Verdict = verdict }] };

        Assert.Equal(back, ClockRule.IsBack(left, "errors"));
    }
}
