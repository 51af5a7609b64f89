using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Switches;

namespace OpsConsole.Tests.Web.Components;

/// <summary>The record as far as the pages read it, held in memory.</summary>
internal sealed class PretendRecord : IReleaseStore, IActionStore, ISignalHistoryStore, ISwitchStore, IAuditStore, IEvidenceStore
{
    public List<Release> Releases { get; } = [];

    public List<ReleaseEvent> Events { get; } = [];

    public List<ReleaseAction> Actions { get; } = [];

    public List<SignalPoint> Points { get; } = [];

    public List<KillSwitch> Switches { get; } = [];

    public List<SwitchEnvironment> Places { get; } = [];

    public List<AuditEntry> Entries { get; } = [];

    public List<EvidenceItem> Evidence { get; } = [];

    /// <summary>Set to make every read fail.</summary>
    public string? Away { get; set; }

    public ReleaseQuery? Asked { get; private set; }

    public Task<Release?> FindAsync(Guid id, CancellationToken cancellationToken) => Read(() => Releases.FirstOrDefault(r => r.Id == id));

    Task<ReleaseAction?> IActionStore.FindAsync(Guid id, CancellationToken cancellationToken) => Read(() => Actions.FirstOrDefault(a => a.Id == id));

    public Task<Page<Release>> PageAsync(ReleaseQuery query, CancellationToken cancellationToken)
    {
        Asked = query;
        return Read(() => new Page<Release>([.. Releases.Skip(query.Skip).Take(query.Take)], Releases.Count));
    }

    public Task<Page<AuditEntry>> PageAsync(AuditQuery query, CancellationToken cancellationToken) =>
        Read(() => new Page<AuditEntry>(
            [.. Entries.Where(e => (query.Actor is null || e.Actor == query.Actor) && (query.Events.Count == 0 || query.Events.Contains(e.Event))).Skip(query.Skip).Take(query.Take)], null));

    public Task<IReadOnlyList<ReleaseEvent>> EventsAsync(Guid releaseId, int take, CancellationToken cancellationToken) =>
        Read<IReadOnlyList<ReleaseEvent>>(() => [.. Events.Where(e => e.ReleaseId == releaseId)]);

    public Task<IReadOnlyList<ReleaseAction>> ForReleaseAsync(Guid releaseId, CancellationToken cancellationToken) =>
        Read<IReadOnlyList<ReleaseAction>>(() => [.. Actions.Where(a => a.ReleaseId == releaseId)]);

    public Task<IReadOnlyList<ReleaseAction>> ForSwitchAsync(string switchKey, int take, CancellationToken cancellationToken) =>
        Read<IReadOnlyList<ReleaseAction>>(() => [.. Actions.Where(a => a.SwitchKey == switchKey).OrderByDescending(a => a.RequestedAt).Take(take)]);

    public Task<IReadOnlyList<SignalPoint>> ReadAsync(Guid releaseId, DateTimeOffset from, int perSeries, CancellationToken cancellationToken) =>
        Read<IReadOnlyList<SignalPoint>>(() => [.. Points.Where(p => p.ReleaseId == releaseId)]);

    public Task<IReadOnlyList<KillSwitch>> ListAsync(CancellationToken cancellationToken) => Read<IReadOnlyList<KillSwitch>>(() => [.. Switches]);

    public Task<IReadOnlyList<SwitchEnvironment>> EnvironmentsAsync(string? key, CancellationToken cancellationToken) =>
        Read<IReadOnlyList<SwitchEnvironment>>(() => [.. Places.Where(p => key is null || p.Key == key)]);

    public Task<KillSwitch?> FindAsync(string key, CancellationToken cancellationToken) => Read(() => Switches.FirstOrDefault(s => s.Key == key));

    public Task<string?> FindDigestAsync(string service, string target, string version, CancellationToken cancellationToken) => Read(() => (string?)null);

    Task<IReadOnlyList<Release>> IReleaseStore.AddAsync(Release release, string actor, CancellationToken cancellationToken) => NotForPages<IReadOnlyList<Release>>();

    Task<IReadOnlyList<Release>> IReleaseStore.ListBoardAsync(CancellationToken cancellationToken) => Read<IReadOnlyList<Release>>(() => [.. Releases]);

    Task IReleaseStore.AppendEventAsync(ReleaseEvent entry, CancellationToken cancellationToken) => NotForPages<bool>();

    Task<bool> IReleaseStore.SaveAsync(Release release, ReleaseEvent entry, CancellationToken cancellationToken) => NotForPages<bool>();

    Task<ActionSave> IActionStore.SaveAsync(ActionChange change, CancellationToken cancellationToken) => NotForPages<ActionSave>();

    Task<ReleaseAction?> IActionStore.FindInFlightAsync(string subjectKey, CancellationToken cancellationToken) => NotForPages<ReleaseAction?>();

    Task<IReadOnlyList<ReleaseAction>> IActionStore.ListInFlightAsync(CancellationToken cancellationToken) => NotForPages<IReadOnlyList<ReleaseAction>>();

    Task<IReadOnlyDictionary<Guid, ReleaseAction>> IActionStore.LatestAsync(IReadOnlyCollection<Guid> releases, CancellationToken cancellationToken) => NotForPages<IReadOnlyDictionary<Guid, ReleaseAction>>();

    Task<MeasuredTime?> IActionStore.MeasureAsync(string? target, ActionVerb verb, CancellationToken cancellationToken) => Read<MeasuredTime?>(() => null);

    Task ISignalHistoryStore.AppendAsync(IReadOnlyList<SignalPoint> points, CancellationToken cancellationToken) => NotForPages<bool>();

    Task<long> ISignalHistoryStore.TrimAsync(DateTimeOffset olderThan, CancellationToken cancellationToken) => NotForPages<long>();

    Task<bool> ISwitchStore.AddAsync(KillSwitch value, CancellationToken cancellationToken) => NotForPages<bool>();

    public Task<bool> AddAsync(KillSwitch value, AuditEntry audit, CancellationToken cancellationToken) => Lined(audit, () => Switches.Add(value));

    public Task<bool> SaveArchivedAsync(KillSwitch value, AuditEntry audit, CancellationToken cancellationToken) => Lined(audit, () => { });

    public Task<bool> SaveTargetingAsync(SwitchEnvironment place, AuditEntry audit, CancellationToken cancellationToken) => Lined(audit, () =>
    {
        Places.Remove(place);
        Places.Add(place);
    });

    private Task<bool> Lined(AuditEntry audit, Action change)
    {
        change();
        Entries.Add(audit);
        return Task.FromResult(true);
    }

    Task<IReadOnlyList<EvidenceItem>> IEvidenceStore.ForReleaseAsync(Guid releaseId, CancellationToken cancellationToken) =>
        Read<IReadOnlyList<EvidenceItem>>(() => [.. Evidence.Where(e => e.ReleaseId == releaseId)]);

    Task<EvidenceItem> IEvidenceStore.AddAsync(EvidenceItem item, AuditEntry audit, ReleaseEvent entry, CancellationToken cancellationToken) => NotForPages<EvidenceItem>();

    Task IAuditStore.AppendAsync(AuditEntry entry, CancellationToken cancellationToken) => NotForPages<bool>();

    private Task<T> Read<T>(Func<T> read) => Away is { } away ? Task.FromException<T>(new RecordUnavailableException(away, new TimeoutException())) : Task.FromResult(read());

    private static Task<T> NotForPages<T>() => Task.FromException<T>(new InvalidOperationException("Pages do not do this."));
}
