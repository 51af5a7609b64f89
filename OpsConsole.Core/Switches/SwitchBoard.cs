using System.Collections.Immutable;
using OpsConsole.Core.Board;

namespace OpsConsole.Core.Switches;

/// <summary>The switches as they stand, in memory: flags are answered from here, also while the database is away.</summary>
/// <remarks>Filled when the console starts and changed by the action gate after a kill or a restore was stored. Safe for use from several threads; readers never wait.</remarks>
public sealed class SwitchBoard
{
    private State _state = new(ImmutableSortedDictionary<string, Entry>.Empty.WithComparers(StringComparer.Ordinal), 0, false);

    /// <summary>All switches, by key.</summary>
    public IReadOnlyCollection<SwitchSummary> All => [.. Current.Switches.Values.Select(entry => entry.Summary)];

    /// <summary>Grows with every change; starts at 0 with the console.</summary>
    public long Version => Current.Version;

    /// <summary>False until the stored switches were read once. Until then an absent key means "not known", not "no such switch".</summary>
    public bool IsLoaded => Current.Loaded;

    private State Current => Volatile.Read(ref _state);

    /// <summary>The switch of that key, or null.</summary>
    public SwitchSummary? Find(string key) => Current.Switches.TryGetValue(key, out var entry) ? entry.Summary : null;

    /// <summary>Takes a switch as stored. What is older than what is known already is ignored, so that a slow read cannot undo a kill.</summary>
    public void Set(KillSwitch value)
    {
        ArgumentNullException.ThrowIfNull(value);
        Change(state => With(state, value));
    }

    /// <summary>Takes all stored switches and counts as loaded from then on.</summary>
    public void Load(IEnumerable<KillSwitch> stored)
    {
        ArgumentNullException.ThrowIfNull(stored);
        KillSwitch[] values = [.. stored];
        Change(state => values.Aggregate(state, With) with { Loaded = true });
    }

    private static State With(State state, KillSwitch value) =>
        state.Switches.TryGetValue(value.Key, out var known) && known.Revision >= value.Revision
            ? state
            : state with
            {
                Switches = state.Switches.SetItem(
                    value.Key,
                    new Entry(new SwitchSummary(value.Key, value.Killed, value.ChangedAt, value.TurnsOff), value.Revision)),
                Version = state.Version + 1,
            };

    private void Change(Func<State, State> change)
    {
        State before;
        do
        {
            before = Current;
        }
        while (Interlocked.CompareExchange(ref _state, change(before), before) != before);
    }

    private sealed record Entry(SwitchSummary Summary, int Revision);

    private sealed record State(ImmutableSortedDictionary<string, Entry> Switches, long Version, bool Loaded);
}
