using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Recovery;
using OpsConsole.Core.Releases;
using static OpsConsole.Tests.Core.Recovery.ClockGiven;

namespace OpsConsole.Tests.Core.Recovery;

/// <summary>How a clock ends when what was done is undone, or when a fix comes after it.</summary>
public sealed class ClockEndingTests
{
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

    private static ReleaseSnapshot Fix(double registered) =>
        Healthy() with { Id = Guid.Parse("0198c1f0-0000-7000-8000-0000000000ff"), RegisteredAt = At(registered), ExposurePercent = 0, Phase = ReleasePhase.Registered };
}
