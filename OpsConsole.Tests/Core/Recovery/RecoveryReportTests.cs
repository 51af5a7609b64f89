using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Recovery;
using OpsConsole.Tests.Core.Actions.Gate;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Recovery;

/// <summary>What the record says of each target.</summary>
public sealed class RecoveryReportTests
{
    private readonly InMemoryRecoveries _store = new();
    private readonly InMemoryRecord _record = new();
    private readonly TargetRegistry _targets = new();
    private readonly FakeTime _time = new(Sample.Noon);

    [Fact]
    public async Task Median_and_p95_are_of_this_target_and_move_alone()
    {
        for (var seconds = 1; seconds <= 20; seconds++)
        {
            _store.Put(Clock("gateway", RecoveryMove.Rollback, seconds, 60 + seconds));
        }

        _store.Put(Clock("ios", RecoveryMove.Halt, 300, 4000));
        _store.Put(Clock("gateway", RecoveryMove.Rollback, null, null));
        var read = await ReadAsync();

        var rollback = Assert.Single(read.Moves, m => m is { Target: "gateway", Move: RecoveryMove.Rollback });
        Assert.Equal(new RecoverySpan(20, TimeSpan.FromSeconds(10.5), TimeSpan.FromSeconds(19)), rollback.ToConfirmed);
        Assert.Equal(TimeSpan.FromSeconds(79), rollback.ToVerified!.P95);
        Assert.Equal(("ios", TimeSpan.FromSeconds(4000)), (read.WeakestLink, read.Weakest!.P95));
        Assert.Equal(22, read.Of);
    }

    [Fact]
    public async Task What_a_target_can_do_and_never_did_is_told_and_a_move_without_a_fault_counts_as_exercised()
    {
        _targets.Add(new FakeTarget("gateway", Given.Gateway, _time));
        var release = Sample.Release();
        var board = new ReleaseBoard(_time);
        board.Track(release);
        board.Show(Sample.Switch().Summary());
        board.BuildDue();
        _record.Put(release);
        var halt = Sample.Action(release, ActionVerb.Halt, at: Sample.Noon);
        halt.Move(ActionPhase.Executing, Sample.Noon);
        halt.Move(ActionPhase.Confirmed, Sample.Noon.AddSeconds(1));
        _record.Put(halt);

        var read = await ReadAsync(board);

        Assert.Equal([RecoveryMove.Rollback, RecoveryMove.Halt, RecoveryMove.Kill], read.Moves.Select(m => m.Move));
        Assert.Equal([RecoveryMove.Rollback, RecoveryMove.Kill], read.Moves.Where(m => m.NeverExercised).Select(m => m.Move));
        Assert.Null(read.WeakestLink);
    }

    [Fact]
    public async Task A_connected_target_without_any_release_is_there()
    {
        _targets.Add(new FakeTarget("gateway", Given.Gateway, _time));

        Assert.Equal([RecoveryMove.Rollback, RecoveryMove.Halt], (await ReadAsync()).Moves.Where(m => m.NeverExercised).Select(m => m.Move));
    }

    private Task<RecoveryStatistics> ReadAsync(ReleaseBoard? board = null) =>
        new RecoveryReport(_store, _record, board ?? new ReleaseBoard(_time), _targets).ReadAsync(TestContext.Current.CancellationToken);

    private static RecoveryClock Clock(string target, RecoveryMove move, double? confirmed, double? verified)
    {
        var clock = new RecoveryClock
        {
            Id = Guid.NewGuid(), ReleaseId = Guid.NewGuid(), Service = "shop", Target = target, Environment = "production", Version = "2.15.0",
            Fault = FaultKind.Errors, Signal = "errors", OnsetAt = Sample.Noon, DetectedAt = Sample.Noon,
        };
        clock.Decide(move, null, Sample.Noon);
        if (confirmed is { } c)
        {
            clock.Confirm(Sample.Noon.AddSeconds(c));
        }

        if (verified is { } v)
        {
            clock.End(RecoveryEnding.Verified, Sample.Noon.AddSeconds(v));
        }

        return clock;
    }
}
