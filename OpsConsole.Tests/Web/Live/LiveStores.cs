using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Switches;

namespace OpsConsole.Tests.Web.Live;

/// <summary>Stores in memory that can be away or hang, for what runs beside the board.</summary>
internal sealed class LiveStores : IReleaseStore, IActionStore, ISwitchStore, ISignalHistoryStore
{
    private int _calls;

    public bool Away { get; set; }

    public bool Hangs { get; set; }

    /// <summary>How often anything was asked.</summary>
    public int Calls => Volatile.Read(ref _calls);

    public List<Release> Releases { get; } = [];

    public Dictionary<Guid, ReleaseAction> Actions { get; } = [];

    public List<KillSwitch> Switches { get; } = [];

    public List<ReleaseEvent> Events { get; } = [];

    public List<SignalPoint> Points { get; } = [];

    public DateTimeOffset? TrimmedBefore { get; private set; }

    public Task<IReadOnlyList<Release>> ListBoardAsync(CancellationToken cancellationToken) => AnswerAsync<IReadOnlyList<Release>>(() => Releases);

    public Task<IReadOnlyDictionary<Guid, ReleaseAction>> LatestAsync(IReadOnlyCollection<Guid> releases, CancellationToken cancellationToken) =>
        AnswerAsync<IReadOnlyDictionary<Guid, ReleaseAction>>(() => Actions.Where(a => releases.Contains(a.Key)).ToDictionary());

    public Task<IReadOnlyList<KillSwitch>> ListAsync(CancellationToken cancellationToken) => AnswerAsync<IReadOnlyList<KillSwitch>>(() => Switches);

    public Task AppendEventAsync(ReleaseEvent entry, CancellationToken cancellationToken) => AnswerAsync(() => Add(Events, entry));

    public Task AppendAsync(IReadOnlyList<SignalPoint> points, CancellationToken cancellationToken) => AnswerAsync(() =>
    {
        lock (Points)
        {
            Points.AddRange(points);
        }

        return true;
    });

    public Task<long> TrimAsync(DateTimeOffset olderThan, CancellationToken cancellationToken) => AnswerAsync(() =>
    {
        TrimmedBefore = olderThan;
        return 0L;
    });

    public Task<IReadOnlyList<Release>> AddAsync(Release release, string actor, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task<Release?> IReleaseStore.FindAsync(Guid id, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Page<Release>> PageAsync(ReleaseQuery query, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<ReleaseEvent>> EventsAsync(Guid releaseId, int take, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> SaveAsync(Release release, ReleaseEvent entry, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ActionSave> SaveAsync(ActionChange change, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task<ReleaseAction?> IActionStore.FindAsync(Guid id, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ReleaseAction?> FindInFlightAsync(string subjectKey, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<ReleaseAction>> ListInFlightAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<ReleaseAction>> ForReleaseAsync(Guid releaseId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<ReleaseAction>> ForSwitchAsync(string switchKey, int take, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<MeasuredTime?> MeasureAsync(string? target, ActionVerb verb, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<SwitchEnvironment>> EnvironmentsAsync(string? key, CancellationToken cancellationToken) => AnswerAsync<IReadOnlyList<SwitchEnvironment>>(() => []);

    Task<KillSwitch?> ISwitchStore.FindAsync(string key, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> AddAsync(KillSwitch value, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> AddAsync(KillSwitch value, AuditEntry audit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> SaveArchivedAsync(KillSwitch value, AuditEntry audit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> SaveTargetingAsync(SwitchEnvironment place, AuditEntry audit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<SignalPoint>> ReadAsync(Guid releaseId, DateTimeOffset from, int perSeries, CancellationToken cancellationToken) => throw new NotSupportedException();

    private static bool Add<T>(List<T> list, T item)
    {
        lock (list)
        {
            list.Add(item);
        }

        return true;
    }

    /// <summary>Answers, or is away, or hangs for ever without regard to being cancelled.</summary>
    private async Task<T> AnswerAsync<T>(Func<T> answer)
    {
        Interlocked.Increment(ref _calls);
        if (Hangs)
        {
            await new TaskCompletionSource().Task;
        }

        return Away ? throw new RecordUnavailableException("The database cannot be reached now.") : answer();
    }

    public Task<string?> FindDigestAsync(string service, string target, string version, CancellationToken cancellationToken) => throw new NotSupportedException();
}
