using System.Reflection;
using System.Runtime.CompilerServices;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Switches;

namespace OpsConsole.Tests.Shared;

/// <summary>The record in memory, honouring the stores' contracts: copies go out and in, revisions are compared, one action is in flight for each subject, all of a change is saved or nothing.</summary>
public sealed partial class InMemoryRecord : IReleaseStore, IActionStore, ISwitchStore, IAuditStore
{
    private static readonly MethodInfo Clone = typeof(object).GetMethod("MemberwiseClone", BindingFlags.Instance | BindingFlags.NonPublic)!;

    private readonly Lock _lock = new();
    private readonly ConditionalWeakTable<object, StrongBox<int>> _readAt = [];
    private readonly Dictionary<Guid, Release> _releases = [];
    private readonly Dictionary<Guid, ReleaseAction> _actions = [];
    private readonly Dictionary<string, KillSwitch> _switches = [];
    private readonly Dictionary<(string Key, string Environment), SwitchEnvironment> _places = [];
    private readonly List<ReleaseEvent> _events = [];
    private readonly List<AuditEntry> _audit = [];
    private volatile bool _away;
    private volatile bool _auditAway;

    /// <summary>True: every call fails as it does while the database is away.</summary>
    public bool Away
    {
        get => _away;
        set => _away = value;
    }

    /// <summary>True: only appending to the audit on its own fails.</summary>
    public bool AuditAway
    {
        get => _auditAway;
        set => _auditAway = value;
    }

    /// <summary>Called before each save of an action, outside the lock: what another process does at that moment.</summary>
    public Action<ActionChange>? BeforeSave { get; set; }

    /// <summary>Where words and rejected artifacts of a saved action go, where a test has such a place.</summary>
    public InMemoryGates? Gates { get; set; }

    public IReadOnlyList<AuditEntry> Audit => Locked(() => _audit.ToList());

    public IReadOnlyList<ReleaseEvent> Events => Locked(() => _events.ToList());

    /// <summary>Puts a release there without any check.</summary>
    public void Put(Release release) => Locked(() => _releases[release.Id] = Copy(release));

    public void Put(ReleaseAction action) => Locked(() => _actions[action.Id] = Copy(action));

    public void Put(KillSwitch value) => Locked(() => _switches[value.Key] = Copy(value));

    public Task<IReadOnlyList<Release>> AddAsync(Release release, string actor, CancellationToken cancellationToken) => Asked<IReadOnlyList<Release>>(() =>
    {
        var there = _releases.Values.Where(r => r.Service == release.Service && r.Target == release.Target && r.Environment == release.Environment).ToList();
        if (there.Find(r => r.Phase.IsLive() && r.Version == release.Version) is { } same)
        {
            throw new DuplicateReleaseException(same.Id, $"{release.Service} {release.Version} is already registered there.");
        }

        if (there.Find(r => r.Phase.IsLive() && r.ExposurePercent < 100 && !FixForward.MayReplace(r, release)) is { } other)
        {
            throw new DuplicateReleaseException(other.Id, $"{other.Service} {other.Version} is still on its way there.");
        }

        var superseded = there.Where(r => r.Phase.IsLive()).Select(Copy).ToList();
        foreach (var gone in superseded)
        {
            gone.Supersede(release.RegisteredAt);
            _releases[gone.Id] = Copy(gone);
        }

        _releases[release.Id] = Copy(release);
        Add(new ReleaseEvent { ReleaseId = release.Id, Kind = ReleaseEventKind.Registered, At = release.RegisteredAt, Text = "Registered.", Actor = actor });
        return superseded;
    });

    public Task<Release?> FindAsync(Guid id, CancellationToken cancellationToken) => Asked(() => _releases.TryGetValue(id, out var r) ? Copy(r) : null);

    public Task<string?> FindDigestAsync(string service, string target, string version, CancellationToken cancellationToken) =>
        Asked(() => _releases.Values.FirstOrDefault(r => r.Service == service && r.Target == target && r.Version == version)?.Artifact.Digest);

    public Task<IReadOnlyList<Release>> ListBoardAsync(CancellationToken cancellationToken) =>
        Asked<IReadOnlyList<Release>>(() => [.. _releases.Values.Where(r => r.Phase.IsLive()).Select(Copy)]);

    public Task<Page<Release>> PageAsync(ReleaseQuery query, CancellationToken cancellationToken) => Asked(() =>
    {
        var all = _releases.Values
            .Where(r => (query.Service is null || r.Service == query.Service) && (query.Target is null || r.Target == query.Target)
                && (query.Environment is null || r.Environment == query.Environment) && (query.Phase is null || r.Phase == query.Phase))
            .OrderByDescending(r => r.RegisteredAt).ThenByDescending(r => r.Id).ToList();
        return new Page<Release>([.. all.Skip(query.Skip).Take(query.Take).Select(Copy)], all.Count);
    });

    public Task<IReadOnlyList<ReleaseEvent>> EventsAsync(Guid releaseId, int take, CancellationToken cancellationToken) =>
        Asked<IReadOnlyList<ReleaseEvent>>(() => [.. _events.Where(e => e.ReleaseId == releaseId).TakeLast(take)]);

    public Task AppendEventAsync(ReleaseEvent entry, CancellationToken cancellationToken) => Asked(() => Add(entry));

    public Task<bool> SaveAsync(Release release, ReleaseEvent entry, CancellationToken cancellationToken) => Asked(() =>
    {
        if (IsStale(release, _releases.GetValueOrDefault(release.Id)))
        {
            return false;
        }

        _releases[release.Id] = Copy(release);
        Add(entry);
        return true;
    });

    public Task<ActionSave> SaveAsync(ActionChange change, CancellationToken cancellationToken)
    {
        BeforeSave?.Invoke(change);
        return Asked(() =>
        {
            var action = change.Action;
            var conflict = (!change.IsNew && IsStale(action, _actions.GetValueOrDefault(action.Id)))
                || (change.PreEmpted is { } gone && IsStale(gone, _actions.GetValueOrDefault(gone.Id)))
                || (change.Release is { } release && IsStale(release, _releases.GetValueOrDefault(release.Id)))
                || (change.JudgedOn is { } judged && IsStale(judged, _releases.GetValueOrDefault(judged.Id)))
                || (change.Switch is { } value && IsStale(value, _switches.GetValueOrDefault(value.Key)))
                || (change.SwitchIn is { } place && _places.GetValueOrDefault((place.Key, place.Environment)) is { } there && IsStale(place, there));
            if (conflict || Gates?.CanTake(change) == false)
            {
                return ActionSave.Conflict;
            }

            if (action.InFlightKey is { } key && _actions.Values.Any(a => a.InFlightKey == key && a.Id != action.Id && a.Id != change.PreEmpted?.Id))
            {
                return ActionSave.AlreadyInFlight;
            }

            if (change.PreEmpted is { } preEmpted)
            {
                _actions[preEmpted.Id] = Copy(preEmpted);
            }

            if (change.Release is { } moved)
            {
                _releases[moved.Id] = Copy(moved);
            }

            if (change.Switch is { } turned)
            {
                _switches[turned.Key] = Copy(turned);
            }

            if (change.SwitchIn is { } placed)
            {
                _places[(placed.Key, placed.Environment)] = Copy(placed);
            }

            _actions[action.Id] = Copy(action);
            Gates?.Take(change);
            foreach (var entry in change.Audit)
            {
                _audit.Add(entry);
            }

            foreach (var entry in change.Events)
            {
                Add(entry);
            }

            return ActionSave.Saved;
        });
    }

    Task<ReleaseAction?> IActionStore.FindAsync(Guid id, CancellationToken cancellationToken) => Asked(() => _actions.TryGetValue(id, out var a) ? Copy(a) : null);

    public Task<ReleaseAction?> FindInFlightAsync(string subjectKey, CancellationToken cancellationToken) =>
        Asked(() => _actions.Values.FirstOrDefault(a => a.InFlightKey == subjectKey) is { } a ? Copy(a) : null);

    public Task<IReadOnlyList<ReleaseAction>> ListInFlightAsync(CancellationToken cancellationToken) =>
        Asked<IReadOnlyList<ReleaseAction>>(() => [.. _actions.Values.Where(a => a.InFlightKey is not null).OrderBy(a => a.RequestedAt).Select(Copy)]);

    public Task<IReadOnlyList<ReleaseAction>> ForReleaseAsync(Guid releaseId, CancellationToken cancellationToken) =>
        Asked<IReadOnlyList<ReleaseAction>>(() => [.. _actions.Values.Where(a => a.ReleaseId == releaseId).OrderByDescending(a => a.Id).Select(Copy)]);

    public Task<IReadOnlyList<ReleaseAction>> ForSwitchAsync(string switchKey, int take, CancellationToken cancellationToken) =>
        Asked<IReadOnlyList<ReleaseAction>>(() => [.. _actions.Values.Where(a => a.ReleaseId is null && a.SwitchKey == switchKey).OrderByDescending(a => a.RequestedAt).ThenByDescending(a => a.Id).Take(take).Select(Copy)]);

    public Task<IReadOnlyDictionary<Guid, ReleaseAction>> LatestAsync(IReadOnlyCollection<Guid> releases, CancellationToken cancellationToken) =>
        Asked<IReadOnlyDictionary<Guid, ReleaseAction>>(() => _actions.Values
            .Where(a => a.ReleaseId is { } id && releases.Contains(id)).GroupBy(a => a.ReleaseId!.Value).ToDictionary(g => g.Key, g => Copy(g.MaxBy(a => a.Id)!)));

    public Task<MeasuredTime?> MeasureAsync(string? target, ActionVerb verb, CancellationToken cancellationToken) => Asked(() =>
    {
        var done = _actions.Values.Where(a => a.Target == target && a.Verb == verb && a.TimeToConfirmed is not null).OrderBy(a => a.TimeToConfirmed).ToList();
        return done.Count == 0
            ? null
            : new MeasuredTime(done.Count, done[done.Count / 2].TimeToConfirmed!.Value, done[^1].TimeToConfirmed!.Value, done.Max(a => a.FinishedAt!.Value));
    });

    public Task<IReadOnlyList<KillSwitch>> ListAsync(CancellationToken cancellationToken) => Asked<IReadOnlyList<KillSwitch>>(() => [.. _switches.Values.Select(Copy)]);

    public Task<IReadOnlyList<SwitchEnvironment>> EnvironmentsAsync(string? key, CancellationToken cancellationToken) =>
        Asked<IReadOnlyList<SwitchEnvironment>>(() => [.. _places.Values.Where(p => key is null || p.Key == key).OrderBy(p => p.Key).ThenBy(p => p.Environment).Select(Copy)]);

    public Task<bool> AddAsync(KillSwitch value, CancellationToken cancellationToken) => Asked(() => _switches.TryAdd(value.Key, Copy(value)));

    public Task AppendAsync(AuditEntry entry, CancellationToken cancellationToken) => AuditAway
        ? Task.FromException(new RecordUnavailableException("The database is away."))
        : Asked(() =>
        {
            _audit.Add(entry);
            return true;
        });

    public Task<Page<AuditEntry>> PageAsync(AuditQuery query, CancellationToken cancellationToken) => Asked(() =>
    {
        var all = _audit.Where(e => (query.Actor is null || e.Actor == query.Actor) && (query.Events.Count == 0 || query.Events.Contains(e.Event))
            && (query.Outcome is null || e.Outcome == query.Outcome) && (query.Subject is null || e.Subject == query.Subject)).Reverse().ToList();
        return new Page<AuditEntry>([.. all.Skip(query.Skip).Take(query.Take)], all.Count);
    });

    private bool Add(ReleaseEvent entry)
    {
        _events.Add(entry);
        return true;
    }

    private T Copy<T>(T value)
        where T : class
    {
        var copy = (T)Clone.Invoke(value, null)!;
        _readAt.AddOrUpdate(copy, new StrongBox<int>(Revision(value)));
        return copy;
    }

    private bool IsStale(object value, object? stored) =>
        stored is null || !_readAt.TryGetValue(value, out var read) || read.Value != Revision(stored);

    private static int Revision(object value) => value switch
    {
        Release release => release.Revision,
        ReleaseAction action => action.Revision,
        KillSwitch killSwitch => killSwitch.Revision,
        SwitchEnvironment place => place.Revision,
        _ => throw new ArgumentException("Nothing that is stored here.", nameof(value)),
    };

    private Task<T> Asked<T>(Func<T> work)
    {
        if (_away)
        {
            return Task.FromException<T>(new RecordUnavailableException("The database is away."));
        }

        try
        {
            return Task.FromResult(Locked(work));
        }
        catch (DuplicateReleaseException e)
        {
            return Task.FromException<T>(e);
        }
    }

    private T Locked<T>(Func<T> work)
    {
        lock (_lock)
        {
            return work();
        }
    }
}
