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
    public void A_kill_that_was_never_confirmed_is_waited_for_while_it_is_in_force_or_not_known_and_no_longer()
    {
        var clock = Open();
        ClockRule.Move(clock, Facts(Failing(), 12, kill: new KillFact(At(11))));
        ClockRule.Move(clock, Facts(Healthy(), 200, back: 20, kill: new KillFact(At(11))));
        ClockRule.Move(clock, Facts(Healthy(), 201, back: 20));
        Assert.Null(clock.Ending);

        ClockRule.Move(clock, Facts(Healthy(), 202, back: 20, noKill: true));
        Assert.Equal(RecoveryEnding.ByItself, clock.Ending);
    }

    [Fact]
    public void A_kill_that_was_restored_before_it_was_verified_is_no_move_any_more()
    {
        var clock = Open();
        ClockRule.Move(clock, Facts(Failing(), 12, kill: new KillFact(At(11), Guid.NewGuid(), At(11.4))));
        ClockRule.Move(clock, Facts(Failing(), 300));
        Assert.Equal(RecoveryMove.Kill, clock.Move);

        ClockRule.Move(clock, Facts(Failing(), 301, noKill: true));
        Assert.Equal((null, At(11), null, null), (clock.Move, clock.DecidedAt, clock.AppliedAt, clock.ConfirmedAt));

        ClockRule.Move(clock, Facts(Healthy(), 5000, back: 4000, noKill: true));
        Assert.Equal((RecoveryEnding.ByItself, null), (clock.Ending, clock.VerifiedAt));
    }

    [Fact]
    public void A_restored_kill_gives_its_place_back_to_the_halt_that_still_stands()
    {
        var clock = Open();
        var halted = Failing() with { Phase = ReleasePhase.Halted, Action = Confirmed(ActionVerb.Halt) };
        ClockRule.Move(clock, Facts(halted, 12));
        ClockRule.Move(clock, Facts(halted, 22, kill: new KillFact(At(20), Guid.NewGuid(), At(21))));
        ClockRule.Move(clock, Facts(halted, 30, noKill: true));

        Assert.Equal((RecoveryMove.Halt, At(10), At(10.5)), (clock.Move, clock.DecidedAt, clock.ConfirmedAt));
    }

    [Theory]
    [InlineData(ActionPhase.Executing, 30, RecoveryMove.Halt)]
    [InlineData(ActionPhase.Failed, 30, RecoveryMove.Halt)]
    [InlineData(ActionPhase.Confirmed, 5, RecoveryMove.Halt)]
    [InlineData(ActionPhase.Confirmed, 30, null)]
    public void A_halt_that_was_resumed_is_no_move_any_more(ActionPhase phase, double requested, RecoveryMove? left)
    {
        var clock = Open();
        ClockRule.Move(clock, Facts(Failing() with { Action = Confirmed(ActionVerb.Halt) }, 11));
        var resumed = Action(ActionVerb.Resume, phase, requested, requested, requested, "0198c1f0-0000-7000-8000-0000000000a2");
        ClockRule.Move(clock, Facts(Failing() with { Action = resumed }, 31));
        Assert.Equal(left, clock.Move);

        ClockRule.Move(clock, Facts(Healthy() with { Action = resumed }, 5000, back: 4000));
        Assert.Equal(left is null ? RecoveryEnding.ByItself : RecoveryEnding.Verified, clock.Ending);
    }

    [Fact]
    public void What_was_verified_before_it_was_undone_stays_verified()
    {
        var clock = Open();
        var kill = new KillFact(At(11), Guid.NewGuid(), At(11.4));
        ClockRule.Move(clock, Facts(Healthy(), 90, back: 20, kill: kill));
        ClockRule.Move(clock, Facts(Healthy(), 95, noKill: true));

        Assert.Equal((RecoveryEnding.Verified, RecoveryMove.Kill, At(80)), (clock.Ending, clock.Move, clock.VerifiedAt));
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
    public void A_fix_keeps_it_running_until_the_fix_is_done()
    {
        var fix = Healthy() with { Id = Guid.NewGuid(), RegisteredAt = At(100), ExposurePercent = 0, Phase = ReleasePhase.Registered };
        var clock = Open();
        ClockRule.Move(clock, Facts(Failing() with { Action = Confirmed(ActionVerb.Halt) }, 11));
        ClockRule.Move(clock, Facts(Failing(), 101, successor: fix));
        Assert.Equal((RecoveryMove.FixForward, At(10), fix.Id, null), (clock.Move, clock.DecidedAt, clock.SuccessorId, clock.AppliedAt));

        ClockRule.Move(clock, Facts(null, 300, back: 200, successor: fix with { Phase = ReleasePhase.Watching, ExposurePercent = 100, StageEnteredAt = At(290) }));
        Assert.Equal((At(290), At(290), null), (clock.AppliedAt, clock.ConfirmedAt, clock.Ending));

        ClockRule.Move(clock, Facts(null, 900, successor: fix with { Phase = ReleasePhase.Done, ExposurePercent = 100, StageEnteredAt = At(290) }));
        Assert.Equal((RecoveryEnding.Verified, At(900)), (clock.Ending, clock.VerifiedAt));
    }

    [Fact]
    public void A_roll_back_is_verified_in_its_own_time_while_its_fix_is_on_its_way()
    {
        var fix = Fix(100);
        var clock = Open();
        var gone = RolledBack() with { Action = Confirmed(ActionVerb.Rollback) };
        ClockRule.Move(clock, Facts(gone, 60, back: 12));
        ClockRule.Move(clock, Facts(gone, 101, back: 45, successor: fix));
        Assert.Null(clock.Ending);

        ClockRule.Move(clock, Facts(gone, 7300, back: 45, successor: fix with { Phase = ReleasePhase.Done, ExposurePercent = 100 }));
        Assert.Equal((RecoveryEnding.Verified, RecoveryMove.Rollback, At(105), fix.Id), (clock.Ending, clock.Move, clock.VerifiedAt, clock.SuccessorId));
    }

    [Fact]
    public void A_kill_is_verified_in_its_own_time_while_its_fix_is_on_its_way_and_only_once_confirmed()
    {
        var replaced = Healthy() with { Phase = ReleasePhase.Superseded };
        var clock = Open();
        ClockRule.Move(clock, Facts(replaced, 200, back: 20, kill: new KillFact(At(11)), successor: Fix(100)));
        Assert.Null(clock.Ending);

        ClockRule.Move(clock, Facts(replaced, 201, back: 20, kill: new KillFact(At(11), Guid.NewGuid(), At(11.4)), successor: Fix(100)));
        Assert.Equal((RecoveryEnding.Verified, RecoveryMove.Kill, At(80)), (clock.Ending, clock.Move, clock.VerifiedAt));
    }

    [Fact]
    public void A_halt_waits_for_the_fix()
    {
        var clock = Open();
        ClockRule.Move(clock, Facts(Healthy() with { Action = Confirmed(ActionVerb.Halt) }, 5000, back: 20, successor: Fix(100)));
        Assert.Equal((null, RecoveryMove.FixForward), (clock.Ending, clock.Move));
    }

    [Fact]
    public void A_stop_that_had_not_helped_when_the_fix_was_done_is_booked_as_the_fix()
    {
        var kill = new KillFact(At(11), Guid.NewGuid(), At(11.4));
        var clock = Open();
        ClockRule.Move(clock, Facts(Failing(), 101, kill: kill, successor: Fix(100)));
        Assert.Equal(RecoveryMove.Kill, clock.Move);

        ClockRule.Move(clock, Facts(Failing() with { Phase = ReleasePhase.Superseded }, 7200, kill: kill, successor: Fix(100) with { Phase = ReleasePhase.Done, StageEnteredAt = At(7000) }));
        Assert.Equal((RecoveryEnding.Verified, RecoveryMove.FixForward, At(11), At(7000), At(7200)), (clock.Ending, clock.Move, clock.DecidedAt, clock.ConfirmedAt, clock.VerifiedAt));
    }

    [Fact]
    public void A_fix_of_before_the_fault_is_shown_and_decides_nothing()
    {
        var clock = Open();
        ClockRule.Move(clock, Facts(Failing(), 12, successor: Fix(-1)));
        Assert.Equal((null, null, Fix(-1).Id), (clock.Move, clock.DecidedAt, clock.SuccessorId));

        ClockRule.Move(clock, Facts(Failing(), 900, successor: Fix(-1) with { Phase = ReleasePhase.Done }));
        Assert.Equal((RecoveryEnding.ByItself, null, null), (clock.Ending, clock.Move, clock.VerifiedAt));
    }

    [Fact]
    public void A_fix_of_before_the_fault_makes_no_stop_verified_that_did_not_help()
    {
        var clock = Open();
        ClockRule.Move(clock, Facts(Failing(), 900, kill: new KillFact(At(11), Guid.NewGuid(), At(11.4)), successor: Fix(-1) with { Phase = ReleasePhase.Done }));
        Assert.Equal((RecoveryEnding.Left, RecoveryMove.Kill, null), (clock.Ending, clock.Move, clock.VerifiedAt));
    }

    [Fact]
    public void A_fix_that_was_rolled_back_keeps_nothing_running()
    {
        var clock = Open();
        ClockRule.Move(clock, Facts(null, 300, successor: Healthy() with { Id = Guid.NewGuid(), Phase = ReleasePhase.RolledBack }));
        Assert.Equal(RecoveryEnding.Left, clock.Ending);
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

    private static ReleaseSnapshot Fix(double registered) =>
        Healthy() with { Id = Guid.Parse("0198c1f0-0000-7000-8000-0000000000ff"), RegisteredAt = At(registered), ExposurePercent = 0, Phase = ReleasePhase.Registered };

    private static RecoveryClock? Opened(ReleaseSnapshot release) => ClockRule.Open(release, Id, DateTimeOffset.MinValue, At(3));
}
