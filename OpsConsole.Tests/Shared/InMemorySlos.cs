using OpsConsole.Core.Audit;
using OpsConsole.Core.Slos;

namespace OpsConsole.Tests.Shared;

/// <summary>Objectives as a database would keep them, for tests of what goes on above it.</summary>
internal sealed class InMemorySlos : ISloStore
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, Slo> _slos = new(StringComparer.Ordinal);
    private readonly Dictionary<(string, int, DateTimeOffset, string), SloWindow> _windows = [];
    private readonly Dictionary<Guid, SloAlert> _alerts = [];

    /// <summary>While set, nothing is read or written.</summary>
    public bool IsAway { get; set; }

    /// <summary>While set, every question waits for it.</summary>
    public TaskCompletionSource? Hangs { get; set; }

    public IReadOnlyCollection<SloWindow> Windows => Locked(() => _windows.Values.ToList());

    public IReadOnlyCollection<SloAlert> Alerts => Locked(() => _alerts.Values.ToList());

    public Task<IReadOnlyList<Slo>> ListAsync(CancellationToken cancellationToken) => Answer<IReadOnlyList<Slo>>(() => [.. _slos.Values], cancellationToken);

    public Task<bool> SaveAsync(Slo slo, bool keepsCounts, CancellationToken cancellationToken) => Answer(
        () =>
        {
            if (!keepsCounts)
            {
                Forget(w => w.Slo == slo.Name);
            }

            var isNew = !_slos.ContainsKey(slo.Name);
            _slos[slo.Name] = slo;
            return isNew;
        },
        cancellationToken);

    public Task<bool> DeleteAsync(string name, CancellationToken cancellationToken) => Answer(
        () =>
        {
            Forget(w => w.Slo == name);
            return _slos.Remove(name);
        },
        cancellationToken);

    public Task<IReadOnlyList<SloWindow>> WindowsAsync(string name, CancellationToken cancellationToken) =>
        Answer<IReadOnlyList<SloWindow>>(() => [.. _windows.Values.Where(w => w.Slo == name).OrderBy(w => w.WidthSeconds).ThenBy(w => w.Start)], cancellationToken);

    public Task WriteAsync(IReadOnlyList<SloWindow> windows, CancellationToken cancellationToken) => Answer(
        () =>
        {
            foreach (var window in windows)
            {
                _windows[Key(window)] = window;
            }

            return true;
        },
        cancellationToken);

    public Task<long> TrimAsync(string name, int widthSeconds, DateTimeOffset olderThan, CancellationToken cancellationToken) =>
        Answer(() => Forget(w => w.Slo == name && w.WidthSeconds == widthSeconds && w.Start < olderThan), cancellationToken);

    public Task SaveAsync(IReadOnlyList<SloAlert> alerts, CancellationToken cancellationToken) => Answer(
        () =>
        {
            foreach (var alert in alerts)
            {
                _alerts[alert.Id] = alert;
            }

            return true;
        },
        cancellationToken);

    public Task<IReadOnlyList<SloAlert>> FiringAsync(CancellationToken cancellationToken) =>
        Answer<IReadOnlyList<SloAlert>>(() => [.. _alerts.Values.Where(a => a.IsFiring)], cancellationToken);

    public Task<IReadOnlyList<SloAlert>> AlertsAsync(string name, int take, CancellationToken cancellationToken) =>
        Answer<IReadOnlyList<SloAlert>>(() => [.. _alerts.Values.Where(a => a.Slo == name).OrderByDescending(a => a.FiredAt).Take(take)], cancellationToken);

    private static (string, int, DateTimeOffset, string) Key(SloWindow window) => (window.Slo, window.WidthSeconds, window.Start, window.Version);

    private long Forget(Func<SloWindow, bool> which)
    {
        var gone = _windows.Values.Where(which).ToList();
        gone.ForEach(w => _windows.Remove(Key(w)));
        return gone.Count;
    }

    private async Task<T> Answer<T>(Func<T> answer, CancellationToken cancellationToken)
    {
        if (Hangs is { } hangs)
        {
            await hangs.Task.WaitAsync(cancellationToken);
        }

        return IsAway ? throw new RecordUnavailableException("The database cannot be reached now.") : Locked(answer);
    }

    private T Locked<T>(Func<T> answer)
    {
        lock (_lock)
        {
            return answer();
        }
    }
}

/// <summary>An audit that only grows.</summary>
internal sealed class InMemoryAudit : IAuditStore
{
    private readonly Lock _lock = new();
    private readonly List<AuditEntry> _entries = [];

    public IReadOnlyList<AuditEntry> Entries
    {
        get
        {
            lock (_lock)
            {
                return [.. _entries];
            }
        }
    }

    public Task AppendAsync(AuditEntry entry, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _entries.Add(entry);
        }

        return Task.CompletedTask;
    }

    public Task<OpsConsole.Core.Releases.Page<AuditEntry>> PageAsync(AuditQuery query, CancellationToken cancellationToken) =>
        Task.FromResult(new OpsConsole.Core.Releases.Page<AuditEntry>(Entries, Entries.Count));
}
