using Microsoft.Extensions.Logging.Abstractions;
using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Kill;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Switches;
using OpsConsole.Core.Storage;
using OpsConsole.Tests.Core.Actions.Gate;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Jobs;
using static OpsConsole.Tests.Core.Actions.Gate.GateWorld;

namespace OpsConsole.Tests.Core.Actions.Kill;

/// <summary>Kills while the record is away: taken, in force, and on record once each.</summary>
public sealed class KillJournalTests
{
    private const string Key = "recommendations";

    private readonly GateWorld _world = new();
    private readonly List<FlagChange> _told = [];

    public KillJournalTests()
    {
        _world.Flags.Load([_world.Record.FindAsync(Key, default).GetAwaiter().GetResult()!], []);
        _world.Flags.Changed += _told.Add;
    }

    [Fact]
    public async Task A_kill_while_the_record_is_away_is_in_force_at_once_and_on_record_later_with_its_own_time()
    {
        var release = _world.Release();
        _world.Record.Away = true;

        var kill = Accepted(await KillAsync());

        Assert.Equal(ActionPhase.Confirmed, kill.Phase);
        Assert.Contains("on the record when the database is back", kill.Outcome, StringComparison.Ordinal);
        Assert.True(_world.Flags.Find(Key, "production")!.Killed);
        Assert.Equal(FlagChangeKind.Killed, Assert.Single(_told).Kind);
        _world.Build();
        Assert.True(_world.Board.Find(release.Id)!.Switch!.Killed);

        _world.Time.Advance(TimeSpan.FromMinutes(5));
        _world.Record.Away = false;
        await _world.Replay.SettleAsync(default);

        var stored = await _world.ActionAsync(kill.Id);
        Assert.Equal((ActionPhase.Confirmed, kill.RequestedAt, kill.RequestedAt), (stored.Phase, stored.RequestedAt, stored.FinishedAt));
        var value = (await _world.Record.FindAsync(Key, default))!;
        Assert.Equal((true, kill.RequestedAt, Given.OnCall.Name), (value.Killed, value.ChangedAt, value.ChangedBy));
        Assert.Equal(["intent", "confirmed"], _world.Record.Audit.Select(a => a.Outcome));
        Assert.All(_world.Record.Audit, line => Assert.Equal((kill.RequestedAt, kill.Id), (line.At, line.ActionId)));
        Assert.Equal(ReleaseEventKind.SwitchKilled, Assert.Single(_world.Record.Events).Kind);
        Assert.Empty(_world.Journal.Waiting);
        Assert.True(_world.Flags.Find(Key, "production")!.Killed);
        Assert.Single(_told);
    }

    [Fact]
    public async Task It_can_be_restored_once_the_record_is_back_and_not_before()
    {
        _world.Record.Away = true;
        Accepted(await KillAsync());

        var away = Assert.IsType<GateAnswer.Unavailable>(await RestoreAsync());
        Assert.Contains("a restore is not", away.Sentence, StringComparison.Ordinal);
        Assert.True(_world.Flags.Find(Key)!.Killed);

        _world.Record.Away = false;
        await _world.RunAsync(Accepted(await RestoreAsync()).Id);
        Assert.False(_world.Flags.Find(Key)!.Killed);
    }

    [Fact]
    public async Task While_the_record_hangs_a_kill_is_taken_and_a_restore_refused_within_their_limits()
    {
        _world.Record.Hangs = true;

        var kill = KillAsync();
        Assert.False(kill.IsCompleted);
        _world.Time.Advance(ActionGate.KillLimit);
        Accepted(await kill.WaitAsync(TimeSpan.FromSeconds(10)));

        // The kill that waits is being written, and hangs there: the restore waits no longer for its turn than for its own reading.
        var settling = _world.Replay.SettleAsync(TestContext.Current.CancellationToken);
        var restore = RestoreAsync();
        Assert.False(restore.IsCompleted);
        _world.Time.Advance(ActionGate.RestoreLimit);
        Assert.IsType<GateAnswer.Unavailable>(await restore.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.False(settling.IsCompleted);
        Assert.True(_world.Flags.Find(Key)!.Killed);
    }

    [Fact]
    public async Task A_slow_read_of_the_record_does_not_undo_it()
    {
        var before = (await _world.Record.FindAsync(Key, default))!;
        _world.Record.Away = true;
        Accepted(await KillAsync());

        _world.Flags.Set(before);
        _world.Flags.Load([before], []);
        var later = new KillSwitch { Key = Key, Owner = "commerce", TurnsOff = "recommendations", ChangedAt = before.ChangedAt };
        later.Restore("someone", "elsewhere", _world.Time.GetUtcNow());
        _world.Flags.Set(later);

        Assert.True(_world.Flags.Find(Key)!.Killed);
        Assert.True(_world.Flags.Find(Key, "production")!.Killed);
        Assert.True(Assert.Single(_world.Flags.In("production").Flags).Killed);
    }

    [Fact]
    public async Task In_one_environment_it_holds_there_alone()
    {
        _world.Record.Away = true;

        var kill = Accepted(await KillAsync("production"));

        Assert.True(_world.Flags.Find(Key, "production")!.Killed);
        Assert.False(_world.Flags.Find(Key, "staging")!.Killed);
        Assert.False(_world.Flags.Find(Key)!.Killed);
        _world.Record.Away = false;
        await _world.Replay.SettleAsync(default);
        Assert.True(Assert.Single(await _world.Record.EnvironmentsAsync(Key, default)).Killed);
        Assert.False((await _world.Record.FindAsync(Key, default))!.Killed);
        Assert.Equal("production", (await _world.ActionAsync(kill.Id)).Environment);
        Assert.True(_world.Flags.Find(Key, "production")!.Killed);
    }

    [Fact]
    public async Task Asked_twice_it_is_one_kill_and_replayed_twice_it_is_on_record_once()
    {
        _world.Record.Away = true;
        var first = Accepted(await KillAsync());
        Assert.Equal(first.Id, Accepted(await KillAsync()).Id);
        Assert.Equal(first.Id, Accepted(await KillAsync("production")).Id);
        var kept = Assert.Single(_world.Journal.Waiting);
        _world.Record.Away = false;
        await _world.Replay.SettleAsync(default);

        // As after a crash between the record and the journal.
        await _world.Journal.KeepAsync(kept, default);
        await _world.Replay.SettleAsync(default);

        Assert.Equal(2, _world.Record.Audit.Count);
        Assert.Equal(1, (await _world.Record.FindAsync(Key, default))!.Revision);
        Assert.Empty(_world.Journal.Waiting);
        Assert.True(_world.Flags.Find(Key)!.Killed);
    }

    [Fact]
    public async Task What_an_earlier_run_left_is_in_force_before_anything_is_read_and_while_the_record_is_still_away()
    {
        var kill = new JournalledKill(Guid.CreateVersion7(), Key, null, "mira", nameof(Role.OnCall), "errors grow", _world.Time.GetUtcNow());
        var started = new GateWorld();
        await started.Journal.KeepAsync(kill, default);
        started.Record.Away = true;

        await started.Replay.OpenAsync(default);
        await Assert.ThrowsAsync<RecordUnavailableException>(() => started.Replay.SettleAsync(default));
        started.Flags.Load([new KillSwitch { Key = Key, Owner = "commerce", TurnsOff = "recommendations", ChangedAt = _world.Time.GetUtcNow() }], []);

        Assert.True(started.Flags.Find(Key, "production")!.Killed);
        started.Record.Away = false;
        await started.Replay.SettleAsync(default);
        Assert.Equal("mira", (await started.ActionAsync(kill.Id)).RequestedBy);
    }

    [Fact]
    public async Task A_journal_that_could_not_be_read_at_the_start_is_read_again_and_put_in_force_while_the_record_is_away()
    {
        var kill = new JournalledKill(Guid.CreateVersion7(), Key, null, "mira", nameof(Role.OnCall), "errors grow", _world.Time.GetUtcNow());
        (_world.Journal.IsRead, _world.Journal.Failures) = (false, 3);
        _world.Journal.Left.Add(kill);
        _world.Record.Away = true;
        using var worker = new KillJournalWorker(_world.Journal, _world.Replay, new StorageReady(), _world.Time, NullLogger<KillJournalWorker>.Instance);

        await worker.StartAsync(default);

        Assert.False(_world.Flags.Find(Key)!.Killed);
        await Eventually.TrueAsync(() =>
        {
            _world.Time.Advance(TimeSpan.FromSeconds(1));
            return _world.Flags.Find(Key)!.Killed;
        });
        await worker.StopAsync(default);
        _world.Record.Away = false;
        await _world.Replay.SettleAsync(default);
        Assert.Equal("mira", (await _world.ActionAsync(kill.Id)).RequestedBy);
    }

    [Fact]
    public async Task A_kill_before_the_switches_were_read_is_kept_and_holds_from_the_first_answer()
    {
        var started = new GateWorld();
        started.Record.Away = true;

        var kill = Accepted(await started.Gate.RequestAsync(new KillCommand(Key, "errors grow"), Given.OnCall, default));

        Assert.Contains("with its first answer the kill is in force", kill.Outcome, StringComparison.Ordinal);
        started.Flags.Load([(await _world.Record.FindAsync(Key, default))!], []);
        Assert.True(started.Flags.Find(Key)!.Killed);
    }

    [Fact]
    public async Task A_kill_of_what_turns_out_not_to_be_there_is_on_record_as_failed_and_dropped()
    {
        var started = new GateWorld();
        started.Record.Away = true;
        Accepted(await started.Gate.RequestAsync(new KillCommand("no-such-switch", "errors grow"), Given.OnCall, default));
        started.Record.Away = false;

        await started.Replay.SettleAsync(default);

        Assert.Equal(("failed", "switch:no-such-switch"), (Assert.Single(started.Record.Audit).Outcome, started.Record.Audit[0].Subject));
        Assert.Empty(started.Journal.Waiting);
    }

    [Fact]
    public async Task Where_the_journal_cannot_be_written_it_is_refused_at_once_with_what_to_do()
    {
        _world.Record.Away = true;
        _world.Journal.Full = "No space left on device.";

        var answer = Assert.IsType<GateAnswer.Unavailable>(await KillAsync());

        Assert.Contains("No space left on device", answer.Sentence, StringComparison.Ordinal);
        Assert.Contains("act on the target itself", answer.Sentence, StringComparison.Ordinal);
        Assert.False(_world.Flags.Find(Key)!.Killed);
    }

    [Fact]
    public async Task Role_reason_and_key_are_judged_as_ever()
    {
        _world.Record.Away = true;

        Assert.Equal(["not-permitted"], Refused(await _world.Gate.RequestAsync(new KillCommand(Key, "errors grow"), Given.Viewer, default)));
        Assert.Equal(["reason-too-short"], Refused(await _world.Gate.RequestAsync(new KillCommand(Key, ""), Given.OnCall, default)));
        Assert.IsType<GateAnswer.NotFound>(await _world.Gate.RequestAsync(new KillCommand("no-such-switch", "errors grow"), Given.OnCall, default));
        Assert.Equal(["unknown-environment"], Refused(await KillAsync("moon")));
        Assert.Empty(_world.Journal.Waiting);
    }

    [Fact]
    public async Task A_promotion_under_way_of_a_release_bound_to_it_is_halted_when_the_record_is_back()
    {
        var release = _world.Release();
        var promotion = Accepted(await _world.PromoteAsync(release));
        _world.Record.Away = true;
        Accepted(await KillAsync());
        _world.Record.Away = false;

        await _world.Replay.SettleAsync(default);

        Assert.Equal(ActionPhase.PreEmpted, (await _world.ActionAsync(promotion.Id)).Phase);
    }

    [Fact]
    public async Task It_holds_over_a_restore_that_another_console_made_meanwhile()
    {
        _world.Record.Away = true;
        Accepted(await KillAsync());
        _world.Record.Away = false;
        var elsewhere = (await _world.Record.FindAsync(Key, default))!;
        elsewhere.Restore("someone", "elsewhere", _world.Time.GetUtcNow().AddMinutes(1));
        _world.Record.Put(elsewhere);

        await _world.Replay.SettleAsync(default);

        Assert.True((await _world.Record.FindAsync(Key, default))!.Killed);
        Assert.True(_world.Flags.Find(Key)!.Killed);
    }

    [Fact]
    public async Task The_dialog_opens_while_the_record_is_away()
    {
        _world.Record.Away = true;

        var briefing = await _world.Gate.BriefSwitchAsync(ActionVerb.Kill, Key, null, Given.OnCall, default);

        Assert.Equal(("Kill recommendations", 0), (briefing!.Title, briefing.Refusals.Count));
    }

    private Task<GateAnswer> KillAsync(string? environment = null) => _world.Gate.RequestAsync(new KillCommand(Key, "errors grow") { Environment = environment }, Given.OnCall, default);

    private Task<GateAnswer> RestoreAsync() => _world.Gate.RequestAsync(new RestoreCommand(Key, "fixed"), Given.OnCall, default);
}
