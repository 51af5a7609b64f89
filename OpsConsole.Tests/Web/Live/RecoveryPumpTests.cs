using Microsoft.Extensions.Logging.Abstractions;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Recovery;
using OpsConsole.Core.Storage;
using OpsConsole.Core.Switches;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Live;

namespace OpsConsole.Tests.Web.Live;

/// <summary>Recoveries are looked at every second whatever the record does.</summary>
public sealed class RecoveryPumpTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_record_that_hangs_holds_up_no_look_and_ends_with_the_console()
    {
        var time = new FakeTime(Sample.Noon);
        var board = new ReleaseBoard(time);
        var switches = new SwitchBoard();
        var record = new InMemoryRecord();
        var release = Sample.Release();
        release.EnterNextStage(time.GetUtcNow());
        record.Put(release);
        var ready = new StorageReady();
        ready.Set();
        var store = new Hanging();
        var tracker = new RecoveryTracker(board, new PlaybookReading(new TargetRegistry(), switches, new Nothing(), new Nothing(), time), switches, time);
        using var loader = new BoardLoader(board, record, record, record, ready, time, NullLogger<BoardLoader>.Instance);
        using var pump = new RecoveryPump(tracker, new RecoveryKeeper(tracker, store, record, record, time), loader, time, NullLogger<RecoveryPump>.Instance);
        await loader.StartAsync(Token);
        await pump.StartAsync(Token);

        await Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            board.BuildDue();
            return store.Asked > 1 && board.Find(release.Id)?.Recovery is not null;
        });

        Assert.Null(board.Find(release.Id)!.Recovery!.Clock);
        Assert.False(tracker.IsLoaded);
        await pump.StopAsync(Token).WaitAsync(TimeSpan.FromSeconds(10), Token);
        await loader.StopAsync(Token);
    }

    /// <summary>Never answers, and does not even give up when it is told to.</summary>
    private sealed class Hanging : IRecoveryStore
    {
        private int _asked;

        public int Asked => Volatile.Read(ref _asked);

        public Task<bool> SaveAsync(RecoveryClock clock, CancellationToken cancellationToken) => Never<bool>();

        public Task<IReadOnlyList<RecoveryClock>> RunningAsync(CancellationToken cancellationToken) => Never<IReadOnlyList<RecoveryClock>>();

        public Task<IReadOnlyList<RecoveryClock>> ForReleaseAsync(Guid releaseId, CancellationToken cancellationToken) => Never<IReadOnlyList<RecoveryClock>>();

        public Task<IReadOnlyList<RecoveryClock>> LatestAsync(int take, CancellationToken cancellationToken) => Never<IReadOnlyList<RecoveryClock>>();

        private Task<T> Never<T>()
        {
            Interlocked.Increment(ref _asked);
            return new TaskCompletionSource<T>().Task;
        }
    }

    private sealed class Nothing : IMoveTimes, IPreviousVersions
    {
        public MeasuredTime? ToConfirmed(string target, RecoveryMove move) => null;

        public PreviousStanding Of(Guid releaseId) => PreviousStanding.Good;
    }
}
