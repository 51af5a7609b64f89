using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Recovery;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Rollouts;
using OpsConsole.Tests.Core.Actions.Gate;
using static OpsConsole.Tests.Core.Recovery.ClockGiven;

namespace OpsConsole.Tests.Core.Recovery;

/// <summary>When a clock opens, what each of its times is taken from, and how it ends.</summary>
public sealed class ClockRuleTests
{
    [Fact]
    public void It_opens_at_the_first_fail_with_the_first_bad_sample_and_the_verdict()
    {
        var clock = ClockRule.Open(Failing(), Id, DateTimeOffset.MinValue, At(3))!;

        Assert.Equal((Onset, Detected, FaultKind.Errors, "errors"), (clock.OnsetAt, clock.DetectedAt, clock.Fault, clock.Signal));
        Assert.Null(clock.DecidedAt);
        Assert.Null(clock.AcknowledgedAt);
    }

    [Fact]
    public void The_earliest_of_several_counts()
    {
        var late = Given.Signal("p99_latency", Verdict.Fail) with { BreachedSince = At(-40) };
        var clock = ClockRule.Open(Failing(Errors(Verdict.Fail), late) with { Policy = Policy(Trigger(TriggerPhase.Fired, -5)) }, Id, DateTimeOffset.MinValue, At(3))!;

        Assert.Equal((At(-40), At(-5), "p99 latency"), (clock.OnsetAt, clock.DetectedAt, clock.Signal));
    }

    [Fact]
    public void A_fired_trigger_opens_it_at_the_begin_of_its_breach()
    {
        var clock = ClockRule.Open(Healthy() with { Policy = Policy(Trigger(TriggerPhase.Fired, 1)) }, Id, DateTimeOffset.MinValue, At(3))!;

        Assert.Equal((At(-19), At(1), "http_5xx_rate > 1% for 20s"), (clock.OnsetAt, clock.DetectedAt, clock.Signal));
    }

    [Fact]
    public void Nothing_opens_it_while_nothing_failed_nobody_has_it_or_it_was_dealt_with_before()
    {
        Assert.Null(Opened(Healthy()));
        Assert.Null(Opened(Given.Snapshot(Given.Release(), Errors(Verdict.Inconclusive))));
        Assert.Null(Opened(Failing() with { ExposurePercent = 0 }));
        Assert.Null(Opened(Failing() with { Phase = ReleasePhase.Done }));
        Assert.Null(Opened(RolledBack() with { Verdict = Verdict.Fail }));
        Assert.Null(Opened(Healthy() with { Policy = Policy(Trigger(TriggerPhase.Fired, 1, dry: true), Trigger(TriggerPhase.Pending, 1), Trigger(TriggerPhase.Recovering, 1)) }));
        Assert.Null(ClockRule.Open(Healthy() with { Policy = Policy(Trigger(TriggerPhase.Fired, 1)) }, Id, At(30), At(40)));
    }

    [Fact]
    public void An_action_stamps_decided_applied_and_confirmed_from_its_own_times()
    {
        var clock = Open();
        ClockRule.Move(clock, Facts(Failing() with { Action = Action(ActionVerb.Rollback, ActionPhase.Requested) }, 11));
        Assert.Equal((At(10), RecoveryMove.Rollback, null, null), (clock.DecidedAt, clock.Move, clock.AppliedAt, clock.ConfirmedAt));

        ClockRule.Move(clock, Facts(Failing() with { Action = Action(ActionVerb.Rollback, ActionPhase.Executing, executing: 12) }, 13));
        Assert.Equal((At(12), null), (clock.AppliedAt, clock.ConfirmedAt));

        ClockRule.Move(clock, Facts(Failing() with { Action = Action(ActionVerb.Rollback, ActionPhase.Confirmed, executing: 12, finished: 14) }, 20));
        Assert.Equal((At(10), At(12), At(14)), (clock.DecidedAt, clock.AppliedAt, clock.ConfirmedAt));
    }

    [Theory]
    [InlineData(ActionPhase.Unconfirmed)]
    [InlineData(ActionPhase.Failed)]
    public void What_is_not_confirmed_never_counts_as_confirmed(ActionPhase phase)
    {
        var clock = Open();
        ClockRule.Move(clock, Facts(Failing() with { Action = Action(ActionVerb.Rollback, phase, executing: 12, finished: 14) }, 20));

        Assert.Equal((At(12), null), (clock.AppliedAt, clock.ConfirmedAt));
    }

    [Theory]
    [InlineData(ActionVerb.Promote, ActionPhase.Confirmed, 10)]
    [InlineData(ActionVerb.Resume, ActionPhase.Confirmed, 10)]
    [InlineData(ActionVerb.Halt, ActionPhase.Refused, 10)]
    [InlineData(ActionVerb.Halt, ActionPhase.PreEmpted, 10)]
    [InlineData(ActionVerb.Halt, ActionPhase.Confirmed, -10)]
    public void What_grows_was_refused_or_came_before_the_fault_decides_nothing(ActionVerb verb, ActionPhase phase, double requested)
    {
        var clock = Open();
        ClockRule.Move(clock, Facts(Failing() with { Action = Action(verb, phase, requested, requested, requested) }, 20));

        Assert.Null(clock.DecidedAt);
        Assert.Null(clock.Move);
    }

    [Fact]
    public void A_stronger_move_takes_the_place_of_a_weaker_and_the_first_decision_stays()
    {
        var clock = Open();
        ClockRule.Move(clock, Facts(Failing() with { Action = Confirmed(ActionVerb.Halt) }, 11));
        ClockRule.Move(clock, Facts(Failing() with { Action = Action(ActionVerb.Rollback, ActionPhase.Executing, 30, 31, id: "0198c1f0-0000-7000-8000-0000000000a2") }, 31));

        Assert.Equal((RecoveryMove.Rollback, At(10), At(31), null), (clock.Move, clock.DecidedAt, clock.AppliedAt, clock.ConfirmedAt));
        ClockRule.Move(clock, Facts(Failing(), 33, kill: new KillFact(At(32))));
        Assert.Equal(RecoveryMove.Rollback, clock.Move);
    }

    [Fact]
    public void A_weaker_move_takes_the_place_only_of_one_that_came_to_nothing()
    {
        var clock = Open();
        ClockRule.Move(clock, Facts(Failing() with { Action = Action(ActionVerb.Rollback, ActionPhase.Failed, 10, 11, 12) }, 13));
        ClockRule.Move(clock, Facts(Failing() with { Action = Action(ActionVerb.Halt, ActionPhase.Confirmed, 20, 21, 22, "0198c1f0-0000-7000-8000-0000000000a2") }, 23));
        Assert.Equal((RecoveryMove.Halt, At(10), At(22)), (clock.Move, clock.DecidedAt, clock.ConfirmedAt));

        ClockRule.Move(clock, Facts(Failing(), 30, kill: new KillFact(At(25))));
        ClockRule.Move(clock, Facts(Failing() with { Action = Action(ActionVerb.Halt, ActionPhase.Confirmed, 40, 41, 42, "0198c1f0-0000-7000-8000-0000000000a3") }, 43));
        Assert.Equal(RecoveryMove.Kill, clock.Move);
    }

    [Fact]
    public void A_kill_is_applied_when_written_and_confirmed_when_its_action_was()
    {
        var clock = Open();
        ClockRule.Move(clock, Facts(Failing(), 12, kill: new KillFact(At(11))));
        Assert.Equal((RecoveryMove.Kill, At(11), At(11), null), (clock.Move, clock.DecidedAt, clock.AppliedAt, clock.ConfirmedAt));

        var action = Guid.NewGuid();
        ClockRule.Move(clock, Facts(Failing(), 13, kill: new KillFact(At(11), action, At(11.4))));
        ClockRule.Move(clock, Facts(Failing(), 14, kill: new KillFact(At(11))));
        Assert.Equal((action, At(11), At(11.4)), (clock.ActionId, clock.AppliedAt, clock.ConfirmedAt));
    }

    [Fact]
    public void A_kill_of_before_the_fault_is_none()
    {
        var clock = Open();
        ClockRule.Move(clock, Facts(Failing(), 12, kill: new KillFact(At(-100), Guid.NewGuid(), At(-99))));
        Assert.Null(clock.Move);
    }

    [Fact]
    public void Verified_once_the_signals_were_back_for_their_hold_time_and_not_before()
    {
        var clock = Open();
        var back = Healthy() with { Action = Confirmed(ActionVerb.Halt) };
        ClockRule.Move(clock, Facts(back, 79.9, back: 20));
        Assert.Null(clock.Ending);

        ClockRule.Move(clock, Facts(back, 95, back: 20));
        Assert.Equal((RecoveryEnding.Verified, At(80), At(80)), (clock.Ending, clock.VerifiedAt, clock.EndedAt));
    }

    [Fact]
    public void The_policy_says_how_long_the_hold_is()
    {
        var release = Healthy() with { Policy = Policy(Trigger(TriggerPhase.Clear, 0, TimeSpan.FromSeconds(90)), Trigger(TriggerPhase.Clear, 0, TimeSpan.FromHours(1), TriggerMeasure.BurnRate)) };
        Assert.Equal(TimeSpan.FromSeconds(90), ClockRule.HoldOf(release));
        Assert.Equal(TimeSpan.FromSeconds(60), ClockRule.HoldOf(Healthy()));
    }

    [Fact]
    public void Signals_that_come_back_without_a_move_end_it_by_itself()
    {
        var clock = Open();
        ClockRule.Move(clock, Facts(Healthy(), 90, back: 20));
        Assert.Equal((RecoveryEnding.ByItself, null, At(80)), (clock.Ending, clock.VerifiedAt, clock.EndedAt));
    }

    [Fact]
    public void A_move_that_may_still_be_confirmed_is_waited_for_and_one_that_failed_is_not()
    {
        var clock = Open();
        ClockRule.Move(clock, Facts(Healthy() with { Action = Action(ActionVerb.Halt, ActionPhase.Unconfirmed, executing: 11) }, 200, back: 20));
        Assert.Null(clock.Ending);

        ClockRule.Move(clock, Facts(Healthy() with { Action = Action(ActionVerb.Halt, ActionPhase.Failed, executing: 11, finished: 201) }, 202, back: 20));
        Assert.Equal(RecoveryEnding.ByItself, clock.Ending);
    }

    [Fact]
    public void Superseded_or_gone_from_the_board_leaves_it()
    {
        foreach (var release in new[] { null, Failing() with { Phase = ReleasePhase.Superseded } })
        {
            var clock = Open();
            ClockRule.Move(clock, Facts(release, 50));
            Assert.Equal((RecoveryEnding.Left, At(50)), (clock.Ending, clock.EndedAt));
        }
    }

    [Fact]
    public void Times_keep_their_order_when_clocks_jump_and_are_set_once()
    {
        var clock = Open();
        clock.Acknowledge("ole", At(-500));
        clock.Acknowledge("mia", At(5));
        Assert.Equal((Detected, "ole"), (clock.AcknowledgedAt, clock.AcknowledgedBy));

        ClockRule.Move(clock, Facts(Failing() with { Action = Action(ActionVerb.Rollback, ActionPhase.Confirmed, 1, -30, -20) }, 20));
        Assert.Equal((Detected, Detected, Detected), (clock.DecidedAt, clock.AppliedAt, clock.ConfirmedAt));
        ClockRule.Move(clock, Facts(RolledBack() with { Action = Action(ActionVerb.Rollback, ActionPhase.Confirmed, 40, 41, 42) }, 90, back: -90));
        Assert.Equal((Detected, Detected, RecoveryEnding.Verified), (clock.ConfirmedAt, clock.VerifiedAt, clock.Ending));

        ClockRule.Move(clock, Facts(null, 999));
        Assert.Equal(RecoveryEnding.Verified, clock.Ending);
    }

    private static RecoveryClock? Opened(ReleaseSnapshot release) => ClockRule.Open(release, Id, DateTimeOffset.MinValue, At(3));
}
