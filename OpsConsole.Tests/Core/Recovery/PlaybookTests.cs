using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Recovery;
using OpsConsole.Core.Releases;
using OpsConsole.Tests.Core.Actions.Gate;
using static OpsConsole.Core.Recovery.FaultKind;
using static OpsConsole.Core.Releases.MigrationClass;
using static OpsConsole.Core.Releases.ReleasePhase;

namespace OpsConsole.Tests.Core.Recovery;

/// <summary>The main cases, one line each: target, what broke, phase, migration, flag, and the move.</summary>
public sealed class PlaybookTests
{
    private const MigrationClass NoChange = MigrationClass.None;

    [Theory]
    // Web, cluster, edge: back in seconds.
    [InlineData("gateway", Errors, RollingOut, NoChange, FlagStanding.None, RecoveryMove.Rollback)]
    [InlineData("gateway", Errors, RollingOut, Expand, FlagStanding.On, RecoveryMove.Rollback)]
    [InlineData("gateway", Latency, Watching, Migrate, FlagStanding.None, RecoveryMove.Rollback)]
    [InlineData("gateway", Business, Halted, NoChange, FlagStanding.None, RecoveryMove.Rollback)]
    [InlineData("gateway", Errors, Done, NoChange, FlagStanding.None, RecoveryMove.Rollback)]
    [InlineData("Kubernetes", Errors, RollingOut, NoChange, FlagStanding.None, RecoveryMove.Rollback)]
    [InlineData("ECS", Crash, Watching, NoChange, FlagStanding.None, RecoveryMove.Rollback)]
    [InlineData("Cloudflare", Errors, RollingOut, NoChange, FlagStanding.None, RecoveryMove.Rollback)]
    // A destructive migration: never back, but halt, kill, fix forward.
    [InlineData("gateway", Errors, RollingOut, Contract, FlagStanding.On, RecoveryMove.Halt)]
    [InlineData("gateway", Errors, Halted, Contract, FlagStanding.On, RecoveryMove.Kill)]
    [InlineData("gateway", Errors, Halted, Contract, FlagStanding.Off, RecoveryMove.FixForward)]
    [InlineData("gateway", Errors, Watching, Contract, FlagStanding.None, RecoveryMove.FixForward)]
    [InlineData("gateway", Errors, Watching, Contract, FlagStanding.On, RecoveryMove.Kill)]
    [InlineData("Cloudflare", Errors, Halted, Contract, FlagStanding.None, RecoveryMove.FixForward)]
    // Installed apps: halt, kill, fix forward.
    [InlineData("App Store", Crash, RollingOut, NoChange, FlagStanding.On, RecoveryMove.Halt)]
    [InlineData("App Store", Crash, Halted, NoChange, FlagStanding.On, RecoveryMove.Kill)]
    [InlineData("App Store", Crash, Halted, NoChange, FlagStanding.Off, RecoveryMove.FixForward)]
    [InlineData("App Store", Crash, Halted, NoChange, FlagStanding.JustOff, RecoveryMove.Watch)]
    [InlineData("App Store", Crash, RollingOut, NoChange, FlagStanding.JustOff, RecoveryMove.Halt)]
    [InlineData("App Store", Crash, Halted, NoChange, FlagStanding.None, RecoveryMove.FixForward)]
    [InlineData("App Store", Crash, Watching, NoChange, FlagStanding.On, RecoveryMove.Kill)]
    [InlineData("App Store", Crash, Watching, NoChange, FlagStanding.None, RecoveryMove.FixForward)]
    [InlineData("Google Play", Crash, Watching, NoChange, FlagStanding.On, RecoveryMove.Halt)]
    [InlineData("Google Play", Crash, Done, NoChange, FlagStanding.None, RecoveryMove.FixForward)]
    [InlineData("Sparkle", Crash, RollingOut, NoChange, FlagStanding.None, RecoveryMove.Halt)]
    // Flags toggle.
    [InlineData("flag", Errors, RollingOut, NoChange, FlagStanding.On, RecoveryMove.Kill)]
    [InlineData("flag", Errors, RollingOut, NoChange, FlagStanding.None, RecoveryMove.Rollback)]
    [InlineData("flag", Errors, RollingOut, NoChange, FlagStanding.Off, RecoveryMove.Rollback)]
    [InlineData("flag", Errors, RollingOut, Contract, FlagStanding.On, RecoveryMove.Kill)]
    [InlineData("flag", FaultKind.None, RollingOut, NoChange, FlagStanding.On, RecoveryMove.Complete)]
    [InlineData("flag", Unknown, RollingOut, NoChange, FlagStanding.On, RecoveryMove.Watch)]
    // Cosmetic: no roll back anywhere.
    [InlineData("gateway", Cosmetic, RollingOut, NoChange, FlagStanding.On, RecoveryMove.Watch)]
    [InlineData("gateway", Cosmetic, Watching, NoChange, FlagStanding.None, RecoveryMove.FixForward)]
    [InlineData("App Store", Cosmetic, Done, NoChange, FlagStanding.On, RecoveryMove.FixForward)]
    // Cannot be judged: nothing that goes on.
    [InlineData("gateway", Unknown, RollingOut, NoChange, FlagStanding.None, RecoveryMove.Watch)]
    [InlineData("gateway", Unknown, Halted, NoChange, FlagStanding.None, RecoveryMove.Watch)]
    [InlineData("App Store", Unknown, RollingOut, NoChange, FlagStanding.None, RecoveryMove.Halt)]
    [InlineData("gateway", Unknown, Registered, NoChange, FlagStanding.None, RecoveryMove.Watch)]
    // Healthy.
    [InlineData("gateway", FaultKind.None, RollingOut, NoChange, FlagStanding.None, RecoveryMove.Complete)]
    [InlineData("gateway", FaultKind.None, Halted, NoChange, FlagStanding.None, RecoveryMove.Resume)]
    [InlineData("App Store", FaultKind.None, Halted, NoChange, FlagStanding.On, RecoveryMove.Resume)]
    [InlineData("App Store", FaultKind.None, Halted, NoChange, FlagStanding.Off, RecoveryMove.FixForward)]
    [InlineData("gateway", FaultKind.None, Watching, NoChange, FlagStanding.None, RecoveryMove.Watch)]
    [InlineData("gateway", FaultKind.None, Done, NoChange, FlagStanding.None, RecoveryMove.Watch)]
    // Nobody has it, or nobody any more.
    [InlineData("App Store", Errors, Registered, Contract, FlagStanding.None, RecoveryMove.Rollback)]
    [InlineData("gateway", Errors, RolledBack, NoChange, FlagStanding.None, RecoveryMove.Watch)]
    [InlineData("gateway", Errors, Superseded, NoChange, FlagStanding.None, RecoveryMove.Watch)]
    // Nothing here reaches the target.
    [InlineData("not connected", Errors, RollingOut, NoChange, FlagStanding.On, RecoveryMove.Kill)]
    [InlineData("not connected", Errors, RollingOut, NoChange, FlagStanding.None, RecoveryMove.Watch)]
    public void The_move_for(string target, FaultKind fault, ReleasePhase phase, MigrationClass migration, FlagStanding flag, RecoveryMove move) =>
        Assert.Equal(move, Playbook.Advise(PlaybookGiven.Facts(PlaybookGiven.Targets[target], fault, phase, migration, flag)).Recommended);

    [Theory]
    [InlineData(ActionVerb.Promote, ActionPhase.Executing, FlagStanding.None, RecoveryMove.Rollback)]
    [InlineData(ActionVerb.Promote, ActionPhase.AwaitingApproval, FlagStanding.None, RecoveryMove.Rollback)]
    [InlineData(ActionVerb.Halt, ActionPhase.Executing, FlagStanding.None, RecoveryMove.Rollback)]
    [InlineData(ActionVerb.Rollback, ActionPhase.Executing, FlagStanding.On, RecoveryMove.Watch)]
    [InlineData(ActionVerb.Rollback, ActionPhase.Unconfirmed, FlagStanding.On, RecoveryMove.Kill)]
    [InlineData(ActionVerb.Rollback, ActionPhase.Unconfirmed, FlagStanding.Off, RecoveryMove.Watch)]
    public void While_something_is_under_way_on_the_web(ActionVerb verb, ActionPhase phase, FlagStanding flag, RecoveryMove move) =>
        Assert.Equal(move, Playbook.Advise(PlaybookGiven.Facts(PlaybookGiven.Gateway, flag: flag, inFlight: Given.InFlight(verb, phase))).Recommended);

    [Fact]
    public void While_an_app_is_being_halted_its_switch_is_next_and_without_one_the_halt_is_waited_for()
    {
        var halting = Given.InFlight(ActionVerb.Halt);

        Assert.Equal(RecoveryMove.Kill, Playbook.Advise(PlaybookGiven.Facts(PlaybookGiven.Ios, Crash, flag: FlagStanding.On, inFlight: halting)).Recommended);
        var waiting = Playbook.Advise(PlaybookGiven.Facts(PlaybookGiven.Ios, Crash, inFlight: halting));
        Assert.Equal(RecoveryMove.Watch, waiting.Recommended);
        Assert.Contains("the halt is under way", waiting.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RollingOut, RecoveryMove.Halt)]
    [InlineData(Watching, RecoveryMove.FixForward)]
    public void A_slow_regression_is_not_rolled_back_and_it_says_so(ReleasePhase phase, RecoveryMove move)
    {
        var advice = Playbook.Advise(PlaybookGiven.Facts(PlaybookGiven.Gateway, Latency, phase, crept: true));

        Assert.Equal(move, advice.Recommended);
        Assert.StartsWith("Do not roll back: the fault crept in", advice.NotRollingBack, StringComparison.Ordinal);
        Assert.True(advice.Moves.Single(m => m.Move == RecoveryMove.Rollback).Possible);
    }

    [Fact]
    public void A_roll_back_beside_the_first_promotion_claims_nothing_of_who_has_it()
    {
        var advice = Playbook.Advise(PlaybookGiven.Facts(PlaybookGiven.Gateway, FaultKind.None, Registered, inFlight: Given.InFlight(ActionVerb.Promote)));

        Assert.NotEqual(RecoveryMove.Rollback, advice.Recommended);
        Assert.Equal("Possible; it ends the release.", advice.Moves.Single(m => m.Move == RecoveryMove.Rollback).Why);
    }

    [Fact]
    public void A_cosmetic_fault_and_a_destructive_migration_say_why_not_to_roll_back()
    {
        Assert.Contains("cosmetic", Playbook.Advise(PlaybookGiven.Facts(PlaybookGiven.Gateway, Cosmetic)).NotRollingBack, StringComparison.Ordinal);
        Assert.Contains("removed database structure that 2.14.3 needs", Playbook.Advise(PlaybookGiven.Facts(PlaybookGiven.Gateway, migration: Contract)).NotRollingBack, StringComparison.Ordinal);
        Assert.Null(Playbook.Advise(PlaybookGiven.Facts(PlaybookGiven.Gateway)).NotRollingBack);
    }

    [Theory]
    [InlineData(PreviousStanding.RolledBack, "Do not roll back: 2.14.3 was itself rolled back here.")]
    [InlineData(PreviousStanding.Rejected, "Do not roll back: the artifact of 2.14.3 was rejected.")]
    public void A_previous_version_in_doubt_is_no_way_back_though_the_gate_would_let_it(PreviousStanding previous, string why)
    {
        var advice = Playbook.Advise(PlaybookGiven.Facts(PlaybookGiven.Gateway, previous: previous));

        Assert.Equal(RecoveryMove.Halt, advice.Recommended);
        Assert.Equal(why, advice.NotRollingBack);
        Assert.True(advice.Moves.Single(m => m.Move == RecoveryMove.Rollback).Possible);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(PreviousStanding.RolledBack)]
    [InlineData(PreviousStanding.Rejected)]
    public void A_flag_goes_to_0_whatever_came_before_it(PreviousStanding? previous)
    {
        var advice = Playbook.Advise(PlaybookGiven.Facts(PlaybookGiven.Flag, previous: previous, flag: FlagStanding.Off));

        Assert.Equal(RecoveryMove.Rollback, advice.Recommended);
        Assert.Equal("Errors out of limits: recommendations goes to 0 %, which takes it from everyone but whom a rule names; no other version is needed, and the code stays shipped.", advice.Why);
        Assert.Null(advice.NotRollingBack);
        Assert.Equal("never measured here; then as fast as clients ask for the flag again", advice.Moves[0].HowLong);
        Assert.Contains("the code stays shipped", advice.Moves[0].StaysExposed, StringComparison.Ordinal);
        Assert.StartsWith("Nobody gets 2.15.0 while recommendations is killed, and 25 % of users again once it is restored.", advice.Moves.Single(m => m.Move == RecoveryMove.Halt).StaysExposed, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_little_measured_yet_is_waited_for_also_where_installs_stay() =>
        Assert.Equal(RecoveryMove.Watch, Playbook.Advise(PlaybookGiven.Facts(PlaybookGiven.Ios, Unknown, verdict: Verdict.Running)).Recommended);

    [Fact]
    public void What_has_only_just_come_back_inside_its_limits_stays_halted()
    {
        var facts = PlaybookGiven.Facts(PlaybookGiven.Gateway, FaultKind.None, Halted);
        var context = facts.Context with { Snapshot = facts.Context.Snapshot! with { VerdictSince = Given.Now.AddSeconds(-30) } };

        Assert.Equal(RecoveryMove.Watch, Playbook.Advise(facts with { Context = context }).Recommended);
    }

    [Fact]
    public void A_move_says_how_long_it_took_here_with_n_and_age_and_where_it_was_never_measured()
    {
        var advice = Playbook.Advise(PlaybookGiven.Facts(PlaybookGiven.Gateway, times: new RollbackTimes()));

        Assert.Equal("48 ms here (p95 91 ms, n 6, last 3 d ago)", advice.Moves[0].HowLong);
        Assert.Equal("never measured here", advice.Moves.Single(m => m.Move == RecoveryMove.Halt).HowLong);
    }

    [Fact]
    public void Costs_and_what_stays_have_the_numbers_of_the_board()
    {
        var facts = PlaybookGiven.Facts(PlaybookGiven.Ios, Crash, flag: FlagStanding.On);
        var sessions = Given.Signal("crash_free_users", Verdict.Fail) with { Samples = 12_345 };
        var advice = Playbook.Advise(facts with { Context = facts.Context with { Snapshot = facts.Context.Snapshot! with { Signals = [sessions] } } });

        Assert.Equal(
            "25 % of users (about 12,000 sessions in 30 s) have 2.15.0. Everyone who installed it keeps it, those whose turn has come may still get it, and anyone may update by hand; nobody else is offered it.",
            advice.Moves.Single(m => m.Move == RecoveryMove.Halt).StaysExposed);
        Assert.Equal("The rollout stands still. The store lets a phased release stand still for 30 days in all.", advice.Moves[0].Cost);
        Assert.Equal("Personal recommendations is off for everyone who reads the flag, on every version.", advice.Moves.Single(m => m.Move == RecoveryMove.Kill).Cost);
        Assert.StartsWith("App Store cannot roll back.", advice.Moves.Single(m => m.Move == RecoveryMove.Rollback).Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Gates_are_named_without_values_that_change_with_every_sample()
    {
        var facts = PlaybookGiven.Facts(PlaybookGiven.Gateway, Unknown);

        Assert.Equal("A gate does not let it on yet: verdict.", Playbook.Advise(facts).Moves.Single(m => m.Move == RecoveryMove.Complete).Why);
    }

    [Fact]
    public void After_the_recommended_move_come_those_that_are_possible() => Assert.Equal(
        [true, true, true, true, false, false, false],
        Playbook.Advise(PlaybookGiven.Facts(PlaybookGiven.Gateway, flag: FlagStanding.On)).Moves.Select(m => m.Possible));

    private sealed class RollbackTimes : IMoveTimes
    {
        public MeasuredTime? ToConfirmed(string target, RecoveryMove move) => move == RecoveryMove.Rollback && target == "gateway"
            ? new(6, TimeSpan.FromMilliseconds(48), TimeSpan.FromMilliseconds(91), Given.Now.AddDays(-3))
            : null;
    }
}
