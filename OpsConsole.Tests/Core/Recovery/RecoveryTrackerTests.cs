using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Recovery;
using OpsConsole.Core.Switches;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Recovery;

/// <summary>Clocks on a real board: what is shown and when, what is kept, what a restart and a second console do with it.</summary>
public sealed class RecoveryTrackerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_failing_release_gets_a_clock_that_is_shown_and_kept()
    {
        var console = new OneConsole();
        await console.SecondsAsync(3, errors: 0.1);
        Assert.Null(console.Shown.Recovery!.Clock);
        Assert.Equal(RecoveryMove.Watch, console.Shown.Recovery.Advice.Recommended);

        await console.SecondsAsync(40, errors: 5);

        var clock = console.Shown.Recovery!.Clock!;
        Assert.Equal(("errors", FaultKind.Errors, null), (clock.Signal, clock.Fault, clock.Ending));
        Assert.True(clock.OnsetAt <= clock.DetectedAt);
        Assert.Equal("requests by version", console.Shown.Recovery.Exposure!.Source);
        Assert.True(console.Shown.Recovery.Exposure.Hurt!.Count > 0);
        Assert.Equal(clock.Id, Assert.Single(console.Store.All).Id);
    }

    [Fact]
    public async Task A_running_clock_makes_no_snapshot_and_no_save_every_second()
    {
        var console = new OneConsole();
        await console.SecondsAsync(40, errors: 5);
        var (standing, saves) = (console.Shown.Recovery, console.Store.Saves);

        console.Tracker.Look();
        await console.Keeper.KeepAsync(Token);
        console.Time.Advance(TimeSpan.FromSeconds(1));
        console.Board.BuildDue();

        Assert.Same(standing, console.Shown.Recovery);
        Assert.Equal(saves, console.Store.Saves);
    }

    [Fact]
    public async Task While_the_record_is_away_the_board_goes_on_and_nothing_is_lost()
    {
        var console = new OneConsole();
        await console.SecondsAsync(3, errors: 0.1);
        console.Store.Away = true;
        await console.SecondsAsync(20, errors: 5);
        Assert.NotNull(console.Shown.Recovery!.Clock);
        await Assert.ThrowsAsync<RecordUnavailableException>(() => console.Keeper.KeepAsync(Token));

        console.Store.Away = false;
        await console.Keeper.KeepAsync(Token);
        Assert.Equal(console.Shown.Recovery.Clock!.DetectedAt, Assert.Single(console.Store.All).DetectedAt);
    }

    [Fact]
    public async Task Until_the_stored_clocks_were_read_none_is_opened_and_a_restart_goes_on_with_the_same()
    {
        var console = new OneConsole();
        await console.SecondsAsync(20, errors: 5);
        console.Tracker.Acknowledge(console.Release.Id, "ole");
        await console.SecondsAsync(20, errors: 5);
        var before = console.Shown.Recovery!.Clock!;

        console.Restart();
        console.Store.Away = true;
        await console.SecondsAsync(5, errors: 5);
        Assert.Null(console.Shown.Recovery!.Clock);

        console.Store.Away = false;
        await console.SecondsAsync(2, errors: 5);
        Assert.Equal(before, console.Shown.Recovery!.Clock);
        Assert.True(console.Shown.Recovery.Exposure!.Curve.Length > 3);
        Assert.Single(console.Store.All);
    }

    [Fact]
    public async Task A_roll_back_is_verified_when_the_version_that_took_over_was_inside_for_a_minute()
    {
        var console = new OneConsole();
        await console.SecondsAsync(10, errors: 5);
        console.RollBack();
        await console.SecondsAsync(50, errors: null);
        Assert.Null(console.Shown.Recovery!.Clock!.Ending);

        // The minute begins when the bad version has fallen silent: until then its last samples say that someone has it.
        var silent = console.Shown.Signals.First(s => s.Definition.Title == "errors").Definition.StaleAfter.TotalSeconds;
        await console.SecondsAsync(15 + (int)silent, errors: null);
        var clock = console.Shown.Recovery!.Clock!;
        Assert.Equal((RecoveryEnding.Verified, RecoveryMove.Rollback), (clock.Ending, clock.Move));
        Assert.InRange((clock.VerifiedAt - clock.ConfirmedAt)!.Value.TotalSeconds, 60, 62 + silent);
        Assert.Equal(0, console.Shown.Recovery.Exposure!.Curve[^1].Percent);
        Assert.Equal(RecoveryEnding.Verified, Assert.Single(console.Store.All).Ending);
    }

    [Fact]
    public async Task A_kill_counts_once_the_audit_has_it_confirmed()
    {
        var console = new OneConsole();
        await console.SecondsAsync(10, errors: 5);
        var value = Sample.Switch();
        console.Switches.Load([value], []);
        console.Board.Show(value.Summary());
        value.Kill("ole", "bad", console.Time.GetUtcNow());
        console.Switches.Set(value);
        await console.SecondsAsync(2, errors: 5);
        Assert.Equal((RecoveryMove.Kill, null), (console.Shown.Recovery!.Clock!.Move, console.Shown.Recovery.Clock.ConfirmedAt));

        var confirmed = console.Time.GetUtcNow();
        await console.ConfirmKillAsync();
        await console.SecondsAsync(3, errors: 5);
        Assert.Equal(confirmed, console.Shown.Recovery!.Clock!.ConfirmedAt);
    }

    [Fact]
    public async Task A_kill_elsewhere_confirms_nothing_and_a_restore_or_another_targeting_is_no_kill()
    {
        var console = new OneConsole();
        await console.SecondsAsync(10, errors: 5);
        var value = Sample.Switch();
        var place = new SwitchEnvironment { Key = value.Key, Environment = "production", ChangedAt = Sample.Noon };
        console.Switches.Load([value], [place]);
        console.Board.Show(value.Summary());
        place.Target("{}", "ole", console.Time.GetUtcNow());
        console.Switches.Set(place);
        await console.SecondsAsync(2, errors: 5);
        Assert.Null(console.Shown.Recovery!.Clock!.Move);

        var killed = console.Time.GetUtcNow();
        place.Kill("ole", "bad", killed);
        console.Switches.Set(place);
        await console.SecondsAsync(2, errors: 5);
        place.Target("{}", "ole", console.Time.GetUtcNow());
        console.Switches.Set(place);
        await console.ConfirmKillAsync("staging");
        await console.SecondsAsync(3, errors: 5);
        Assert.Equal((RecoveryMove.Kill, killed, null), (console.Shown.Recovery!.Clock!.Move, console.Shown.Recovery.Clock.AppliedAt, console.Shown.Recovery.Clock.ConfirmedAt));

        var confirmed = console.Time.GetUtcNow();
        await console.ConfirmKillAsync("production");
        await console.SecondsAsync(3, errors: 5);
        Assert.Equal(confirmed, console.Shown.Recovery!.Clock!.ConfirmedAt);
    }

    [Fact]
    public async Task Of_two_consoles_one_opens_the_clock_and_both_show_what_either_learns()
    {
        var store = new InMemoryRecoveries();
        var one = new OneConsole(store);
        var other = new OneConsole(store, one.Release);
        for (var second = 0; second < 20; second++)
        {
            await one.SecondsAsync(1, errors: 5);
            await other.SecondsAsync(1, errors: 5);
        }

        Assert.Single(store.All);
        Assert.Equal(one.Shown.Recovery!.Clock!.Id, other.Shown.Recovery!.Clock!.Id);

        one.Tracker.Acknowledge(one.Release.Id, "ole");
        for (var second = 0; second < 20; second++)
        {
            await one.SecondsAsync(1, errors: 5);
            await other.SecondsAsync(1, errors: 5);
        }

        Assert.Equal("ole", Assert.Single(store.All).AcknowledgedBy);
        Assert.Equal("ole", other.Shown.Recovery!.Clock!.AcknowledgedBy);
    }

    [Fact]
    public async Task A_fixed_release_is_measured_without_a_row_until_nobody_has_it_and_its_clock_runs_until_the_fix_is_done()
    {
        var console = new OneConsole();
        await console.SecondsAsync(20, errors: 5);
        var fix = console.FixForward();
        await console.SecondsAsync(6, errors: 5, fix.Version);
        var row = Assert.Single(console.Board.Current.Releases);
        var replaced = Assert.Single(console.Board.Current.Replaced);
        Assert.Equal((fix.Id, console.Release.Id), (row.Id, replaced.Id));
        Assert.Equal((console.Release.Id, console.Shown.Recovery!.Clock!.DetectedAt), (row.Recovery!.Fixes!.ReleaseId, row.Recovery.Fixes.RunsSince));
        Assert.Equal(replaced.Recovery!.Exposure!.Curve[^1], row.Recovery.Fixes.Left);

        // Few have the bad version, and then it falls silent while the fix is heard: nobody has it.
        await console.SecondsAsync(90, errors: 5, fix.Version, bad: 10);
        await console.SecondsAsync(60, errors: null, fix.Version);
        Assert.Equal((fix.Id, null), (console.Shown.Recovery!.Clock!.SuccessorId, console.Shown.Recovery.Clock.Ending));
        Assert.Equal(0, console.Shown.Recovery.Exposure!.Curve[^1].Percent);
        Assert.True(console.Shown.Recovery.Exposure.Curve[^1].Of > 0);

        fix.EnterNextStage(console.Time.GetUtcNow());
        fix.Complete(console.Time.GetUtcNow());
        console.Board.Track(fix);
        await console.SecondsAsync(3, errors: null, fix.Version);
        Assert.Equal((RecoveryEnding.Verified, RecoveryMove.FixForward), (console.Shown.Recovery!.Clock!.Ending, console.Shown.Recovery.Clock.Move));
        Assert.Null(Assert.Single(console.Board.Current.Releases).Recovery!.Fixes!.RunsSince);
    }

    [Fact]
    public async Task A_clock_that_has_ended_keeps_its_times_and_learns_what_came_after_while_exposure_goes_on_being_measured()
    {
        var console = new OneConsole();
        await console.SecondsAsync(20, errors: 5);
        console.Halt();
        await console.SecondsAsync(100, errors: 0.1);
        var ended = console.Shown.Recovery!.Clock!;
        Assert.Equal((RecoveryEnding.Verified, RecoveryMove.Halt), (ended.Ending, ended.Move));

        var fix = console.FixForward();
        await console.SecondsAsync(90, errors: 0.1, fix.Version, bad: 10);
        await console.SecondsAsync(60, errors: null, fix.Version);
        Assert.Equal(ended with { SuccessorId = fix.Id }, console.Shown.Recovery!.Clock);
        Assert.Equal(fix.Id, Assert.Single(console.Store.All).SuccessorId);
        Assert.Equal(0, console.Shown.Recovery.Exposure!.Curve[^1].Percent);

        // One turns up who had not been seen.
        await console.SecondsAsync(10, errors: 0.1, fix.Version);
        Assert.True(console.Shown.Recovery!.Exposure!.Curve[^1].Percent > 0);
    }

    [Fact]
    public async Task That_nobody_has_it_any_more_is_kept_in_the_same_second()
    {
        var console = new OneConsole();
        await console.SecondsAsync(20, errors: 5);
        var fix = console.FixForward();
        await console.SecondsAsync(90, errors: 5, fix.Version, bad: 10);
        for (var second = 0; Last().Percent > 0; second++)
        {
            Assert.True(second < 60);
            await console.SecondsAsync(1, errors: null, fix.Version);
        }

        var kept = ExposureReading.Read(Assert.Single(console.Store.All).ExposureJson);
        Assert.Equal(Last(), kept!.Curve[^1]);

        ExposurePoint Last() => console.Shown.Recovery!.Exposure!.Curve[^1];
    }

    [Fact]
    public async Task A_release_that_leaves_the_board_leaves_its_clock()
    {
        var console = new OneConsole();
        await console.SecondsAsync(20, errors: 5);
        console.Board.Untrack(console.Release.Id);
        await console.SecondsAsync(2, errors: 5);

        Assert.Equal(RecoveryEnding.Left, Assert.Single(console.Store.All).Ending);
    }

    [Fact]
    public void The_next_clock_of_a_release_has_the_same_id_wherever_it_is_opened()
    {
        var release = Guid.CreateVersion7(Sample.Noon);
        var first = RecoveryTracker.NextId(release, null);

        Assert.Equal(first, RecoveryTracker.NextId(release, null));
        Assert.NotEqual(first, RecoveryTracker.NextId(release, first));
        Assert.NotEqual(first, RecoveryTracker.NextId(Guid.CreateVersion7(Sample.Noon), null));
        Assert.Equal(7, first.Version);
    }

    [Fact]
    public async Task Taking_note_needs_a_clock_that_runs()
    {
        var console = new OneConsole();
        await console.SecondsAsync(3, errors: 0.1);
        Assert.Null(console.Tracker.Acknowledge(console.Release.Id, "ole"));
        await console.SecondsAsync(20, errors: 5);

        Assert.Equal("ole", console.Tracker.Acknowledge(console.Release.Id, "ole")!.AcknowledgedBy);
        Assert.Equal("ole", console.Tracker.Acknowledge(console.Release.Id, "mia")!.AcknowledgedBy);
    }
}
