using System.Reflection;
using OpsConsole.Core.Actions.Approve;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Gates.Artifacts;
using OpsConsole.Core.Gates.Waivers;
using OpsConsole.Core.Gates.Windows;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Releases;

namespace OpsConsole.Tests.Shared;

/// <summary>Evidence, approvals, waivers, windows, rejected artifacts and policies in memory, beside an <see cref="InMemoryRecord"/>. Copies go out and in.</summary>
public sealed class InMemoryGates : IEvidenceStore, IApprovalStore, IWaiverStore, IWindowStore, IRejectedArtifactStore, IPolicyReader, IAnalysisStore, IServiceObjectives
{
    private static readonly MethodInfo Clone = typeof(object).GetMethod("MemberwiseClone", BindingFlags.Instance | BindingFlags.NonPublic)!;

    private readonly Lock _lock = new();
    private readonly InMemoryRecord _record;
    private readonly InMemoryEvidence _evidence;
    private readonly List<Approval> _words = [];
    private readonly Dictionary<Guid, Waiver> _waivers = [];
    private readonly Dictionary<Guid, DeployWindow> _windows = [];
    private readonly Dictionary<Guid, RejectedDigest> _rejected = [];

    public InMemoryGates(InMemoryRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        (_record, _evidence) = (record, new InMemoryEvidence(record));
        record.Gates = this;
    }

    /// <summary>Where lines of audit and timeline go.</summary>
    public InMemoryRecord Record => _record;

    /// <summary>What every policy text reads as.</summary>
    public ReleasePolicy Policy { get; set; } = new();

    public ObjectiveStanding? Objectives { get; set; }

    public AnalysisRun? Analysis { get; set; }

    public IReadOnlyList<Approval> Words => Locked(() => _words.ToList());

    public void Put(EvidenceItem item) => _evidence.Put(item);

    public void Put(DeployWindow window) => Locked(() => _windows[window.Id] = Copy(window));

    public void Put(Waiver waiver) => Locked(() => _waivers[waiver.Id] = Copy(waiver));

    public void Put(RejectedDigest rejected) => Locked(() => _rejected[rejected.Id] = Copy(rejected));

    /// <summary>Called by the record inside its own transaction: false where a word is there already.</summary>
    internal bool CanTake(ActionChange change) => Locked(() => !change.Approvals.Any(a => _words.Any(w => w.ActionId == a.ActionId && w.By == a.By && w.Seal == a.Seal)));

    internal void Take(ActionChange change) => Locked(() =>
    {
        _words.AddRange(change.Approvals);
        if (change.Rejected is { } rejected)
        {
            _rejected[rejected.Id] = rejected;
        }
    });

    public Task<EvidenceItem> AddAsync(EvidenceItem item, AuditEntry audit, ReleaseEvent entry, CancellationToken cancellationToken) =>
        _evidence.AddAsync(item, audit, entry, cancellationToken);

    Task<IReadOnlyList<EvidenceItem>> IEvidenceStore.ForReleaseAsync(Guid releaseId, CancellationToken cancellationToken) =>
        _evidence.ForReleaseAsync(releaseId, cancellationToken);

    public Task<IReadOnlyList<Approval>> ForActionsAsync(IReadOnlyCollection<Guid> actions, CancellationToken cancellationToken) =>
        Asked<IReadOnlyList<Approval>>(() => [.. _words.Where(w => actions.Contains(w.ActionId)).OrderBy(w => w.At)]);

    public async Task<IReadOnlyList<ReleaseAction>> DecidedAsync(int take, CancellationToken cancellationToken)
    {
        List<ReleaseAction> decided = [];
        foreach (var id in Words.Select(w => w.ActionId).Distinct())
        {
            if (await ((IActionStore)_record).FindAsync(id, cancellationToken) is { } action && !action.Phase.IsWaiting())
            {
                decided.Add(action);
            }
        }

        return [.. decided.OrderByDescending(a => a.RequestedAt).Take(take)];
    }

    Task<IReadOnlyList<Waiver>> IWaiverStore.ForReleaseAsync(Guid releaseId, CancellationToken cancellationToken) =>
        Asked<IReadOnlyList<Waiver>>(() => [.. _waivers.Values.Where(w => w.ReleaseId == releaseId).OrderByDescending(w => w.At).Select(Copy)]);

    Task<Waiver?> IWaiverStore.FindAsync(Guid id, CancellationToken cancellationToken) => Asked(() => _waivers.TryGetValue(id, out var w) ? Copy(w) : null);

    public async Task AddAsync(Waiver waiver, AuditEntry audit, ReleaseEvent entry, CancellationToken cancellationToken)
    {
        await _record.AppendEventAsync(entry, cancellationToken);
        await _record.AppendAsync(audit, cancellationToken);
        Put(waiver);
    }

    public async Task<bool> SaveAsync(Waiver waiver, AuditEntry audit, ReleaseEvent entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(waiver);
        if (waiver.Revision != _waivers[waiver.Id].Revision + 1)
        {
            return false;
        }

        await AddAsync(waiver, audit, entry, cancellationToken);
        return true;
    }

    public Task<IReadOnlyList<DeployWindow>> ListAsync(CancellationToken cancellationToken) =>
        Asked<IReadOnlyList<DeployWindow>>(() => [.. _windows.Values.Where(w => w.EndedAt is null).OrderBy(w => w.Name, StringComparer.Ordinal).Select(Copy)]);

    Task<DeployWindow?> IWindowStore.FindAsync(Guid id, CancellationToken cancellationToken) => Asked(() => _windows.TryGetValue(id, out var w) ? Copy(w) : null);

    public async Task AddAsync(DeployWindow window, AuditEntry audit, CancellationToken cancellationToken)
    {
        await _record.AppendAsync(audit, cancellationToken);
        Put(window);
    }

    public async Task<bool> SaveAsync(DeployWindow window, AuditEntry audit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(window);
        if (window.Revision != _windows[window.Id].Revision + 1)
        {
            return false;
        }

        await AddAsync(window, audit, cancellationToken);
        return true;
    }

    /// <summary>Awaited before rejected artifacts are read: the facts of a promotion take as long.</summary>
    public Func<Task>? BeforeFacts { get; set; }

    public async Task<IReadOnlyList<RejectedDigest>> InForceAsync(IReadOnlyCollection<string> digests, CancellationToken cancellationToken)
    {
        if (BeforeFacts is { } wait)
        {
            await wait();
        }

        return await InForceAsync(digests);
    }

    private Task<IReadOnlyList<RejectedDigest>> InForceAsync(IReadOnlyCollection<string> digests) =>
        Asked<IReadOnlyList<RejectedDigest>>(() => [.. _rejected.Values.Where(r => r.IsInForce && digests.Contains(r.Digest)).Select(Copy)]);

    public Task<IReadOnlyList<RejectedDigest>> ListAsync(int take, CancellationToken cancellationToken) =>
        Asked<IReadOnlyList<RejectedDigest>>(() => [.. _rejected.Values.OrderByDescending(r => r.At).Take(take).Select(Copy)]);

    Task<RejectedDigest?> IRejectedArtifactStore.FindAsync(Guid id, CancellationToken cancellationToken) => Asked(() => _rejected.TryGetValue(id, out var r) ? Copy(r) : null);

    public async Task<bool> SaveAsync(RejectedDigest rejected, AuditEntry audit, IReadOnlyList<ReleaseEvent> told, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rejected);
        if (rejected.Revision != _rejected[rejected.Id].Revision + 1)
        {
            return false;
        }

        await _record.AppendAsync(audit, cancellationToken);
        foreach (var entry in told)
        {
            await _record.AppendEventAsync(entry, cancellationToken);
        }

        Put(rejected);
        return true;
    }

    public ReleasePolicy Read(PolicySnapshot snapshot) => Policy;

    public Task AddAsync(AnalysisRun run, CancellationToken cancellationToken)
    {
        Analysis = run;
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<AnalysisRun>> LatestAsync(Guid releaseId, int take, CancellationToken cancellationToken) => Asked<IReadOnlyList<AnalysisRun>>(() => Analysis is { } run ? [run] : []);

    public Task<ObjectiveStanding?> StandingAsync(string service, string environment, CancellationToken cancellationToken) => Asked(() => Objectives);

    private static T Copy<T>(T value)
        where T : class => (T)Clone.Invoke(value, null)!;

    private Task<T> Asked<T>(Func<T> read) => _record.Away ? Task.FromException<T>(new RecordUnavailableException("The database is away.")) : Task.FromResult(Locked(read));

    private void Locked(Action work) => Locked(() =>
    {
        work();
        return true;
    });

    private T Locked<T>(Func<T> work)
    {
        lock (_lock)
        {
            return work();
        }
    }
}
