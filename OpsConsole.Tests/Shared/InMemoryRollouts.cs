using System.Runtime.CompilerServices;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Rollouts;

namespace OpsConsole.Tests.Shared;

/// <summary>The engine's memory beside <see cref="InMemoryRecord"/>, honouring the store's contract; away when that is.</summary>
public sealed class InMemoryRollouts(InMemoryRecord record) : IRolloutStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, RolloutState> _states = [];
    private readonly ConditionalWeakTable<object, StrongBox<int>> _readAt = [];

    /// <summary>Every line that was saved, in order.</summary>
    public List<ReleaseEvent> Lines { get; } = [];

    public int Saves { get; private set; }

    /// <summary>Called before each save, outside the lock: what another process does at that moment.</summary>
    public Action<RolloutState>? BeforeSave { get; set; }

    /// <summary>Awaited before each save: it hangs for as long.</summary>
    public Func<RolloutState, Task>? SaveWaits { get; set; }

    /// <summary>Awaited before each reading, likewise.</summary>
    public Func<Task>? FindWaits { get; set; }

    public async Task<RolloutState?> FindAsync(Guid releaseId, CancellationToken cancellationToken)
    {
        if (FindWaits is { } wait)
        {
            await wait();
        }

        return await FindAsync(releaseId);
    }

    private Task<RolloutState?> FindAsync(Guid releaseId) =>
        Asked(() => _states.TryGetValue(releaseId, out var state) ? Copy(state) : null);

    public Task<IReadOnlyList<RolloutState>> ListAsync(IReadOnlyCollection<Guid> releases, CancellationToken cancellationToken) =>
        Asked<IReadOnlyList<RolloutState>>(() => [.. releases.Where(_states.ContainsKey).Select(id => Copy(_states[id]))]);

    public async Task<bool> SaveAsync(RolloutState state, IReadOnlyList<ReleaseEvent> events, CancellationToken cancellationToken)
    {
        BeforeSave?.Invoke(state);
        if (SaveWaits?.Invoke(state) is { } wait)
        {
            await wait;
        }

        return await Asked(() =>
        {
            var stored = _states.GetValueOrDefault(state.ReleaseId);
            if (_readAt.TryGetValue(state, out var read) ? stored?.Revision != read.Value : stored is not null)
            {
                return false;
            }

            _states[state.ReleaseId] = Copy(state);
            _readAt.AddOrUpdate(state, new StrongBox<int>(state.Revision));
            Lines.AddRange(events);
            Saves++;
            return true;
        });
    }

    private RolloutState Copy(RolloutState state)
    {
        var copy = (RolloutState)typeof(object).GetMethod("MemberwiseClone", System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)!.Invoke(state, null)!;
        _readAt.AddOrUpdate(copy, new StrongBox<int>(state.Revision));
        return copy;
    }

    private Task<T> Asked<T>(Func<T> work)
    {
        if (record.Away)
        {
            return Task.FromException<T>(new RecordUnavailableException("The database is away."));
        }

        lock (_lock)
        {
            return Task.FromResult(work());
        }
    }
}
