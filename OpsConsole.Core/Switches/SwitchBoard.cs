using System.Collections.Immutable;
using OpsConsole.Core.Board;

namespace OpsConsole.Core.Switches;

/// <summary>The switches as they stand, in memory: flags are answered from here, also while the database is away.</summary>
/// <remarks>Filled when the console starts and changed by the action gate after a kill or a restore was stored. Safe for use from several threads; readers never wait.</remarks>
public sealed class SwitchBoard
{
    private State _state = new(ImmutableSortedDictionary<string, Entry>.Empty.WithComparers(StringComparer.Ordinal), 0, false);

    /// <summary>Told after each change is in force, by whoever made it: who listens must not wait. Not told of what was there when the console started.</summary>
    public event Action<FlagChange>? Changed;

    /// <summary>All switches that are served, by key.</summary>
    public IReadOnlyCollection<SwitchSummary> All => [.. Current.Served.Select(entry => entry.Summary)];

    /// <summary>Grows with every change; starts at 0 with the console.</summary>
    public long Version => Current.Version;

    /// <summary>False until the stored switches were read once. Until then an absent key means "not known", not "no such switch".</summary>
    public bool IsLoaded => Current.Loaded;

    private State Current => Volatile.Read(ref _state);

    /// <summary>The switch of that key, or null.</summary>
    public SwitchSummary? Find(string key) => Current.Find(key)?.Summary;

    /// <summary>The switch as it is evaluated in an environment, or null.</summary>
    public FlagState? Find(string key, string environment) => Current.Find(key)?.In(environment);

    /// <summary>All switches as they are evaluated in an environment, by key, and the <see cref="Version"/> they are of.</summary>
    public (IReadOnlyList<FlagState> Flags, long Version) In(string environment)
    {
        var state = Current;
        return ([.. state.Served.Select(entry => entry.In(environment))], state.Version);
    }

    /// <summary>Takes a switch as stored. What is older than what is known already is ignored, so that a slow read cannot undo a kill.</summary>
    public void Set(KillSwitch value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var (before, after) = Change(state => With(state, value));
        if (before != after && Kind(before.Find(value.Key)?.Summary, after.Find(value.Key)?.Summary) is { } kind)
        {
            Changed?.Invoke(new FlagChange(value.Key, null, kind, value.ArchivedAt ?? value.ChangedAt, after.Version));
        }
    }

    /// <summary>Takes what differs about a switch in one environment, likewise. Ignored where the switch itself is not known.</summary>
    public void Set(SwitchEnvironment value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var (before, after) = Change(state => With(state, value));
        if (before != after && after.Find(value.Key) is not null)
        {
            var was = before.Find(value.Key)?.Places.GetValueOrDefault(value.Environment)?.Killed ?? false;
            var kind = was == value.Killed ? FlagChangeKind.Targeted : value.Killed ? FlagChangeKind.Killed : FlagChangeKind.Restored;
            Changed?.Invoke(new FlagChange(value.Key, value.Environment, kind, kind == FlagChangeKind.Targeted ? value.TargetedAt ?? value.ChangedAt : value.ChangedAt, after.Version));
        }
    }

    /// <summary>Takes all stored switches and counts as loaded from then on.</summary>
    public void Load(IEnumerable<KillSwitch> stored, IEnumerable<SwitchEnvironment> environments)
    {
        ArgumentNullException.ThrowIfNull(stored);
        ArgumentNullException.ThrowIfNull(environments);
        KillSwitch[] values = [.. stored];
        SwitchEnvironment[] places = [.. environments];
        Change(state => places.Aggregate(values.Aggregate(state, With), With) with { Loaded = true });
    }

    private static State With(State state, KillSwitch value)
    {
        var known = state.Switches.GetValueOrDefault(value.Key);
        if (known is not null && known.Revision >= value.Revision)
        {
            return state;
        }

        // An archived one stays here unserved, so that a slow read of before cannot bring it back.
        var summary = new SwitchSummary(value.Key, value.Killed, value.ChangedAt, value.TurnsOff);
        var entry = new Entry(summary, value.Revision, value.ArchivedAt is not null, known?.Places ?? ImmutableDictionary<string, Place>.Empty);
        return state with { Switches = state.Switches.SetItem(value.Key, entry), Version = state.Version + 1 };
    }

    private static State With(State state, SwitchEnvironment value)
    {
        if (!state.Switches.TryGetValue(value.Key, out var entry) || (entry.Places.TryGetValue(value.Environment, out var known) && known.Revision >= value.Revision))
        {
            return state;
        }

        var changedAt = value.TargetedAt > value.ChangedAt ? value.TargetedAt.Value : value.ChangedAt;
        var place = new Place(value.Killed, changedAt, TargetingText.ReadStored(value.TargetingJson), value.Revision);
        return state with { Switches = state.Switches.SetItem(value.Key, entry with { Places = entry.Places.SetItem(value.Environment, place) }), Version = state.Version + 1 };
    }

    private static FlagChangeKind? Kind(SwitchSummary? before, SwitchSummary? after) => (before, after) switch
    {
        (null, null) => null,
        (null, _) => FlagChangeKind.Added,
        (_, null) => FlagChangeKind.Removed,
        _ when before.Killed == after.Killed => null,
        _ => after.Killed ? FlagChangeKind.Killed : FlagChangeKind.Restored,
    };

    private (State Before, State After) Change(Func<State, State> change)
    {
        State before, after;
        do
        {
            before = Current;
            after = change(before);
        }
        while (Interlocked.CompareExchange(ref _state, after, before) != before);
        return (before, after);
    }

    private sealed record Place(bool Killed, DateTimeOffset ChangedAt, Targeting Targeting, int Revision);

    private sealed record Entry(SwitchSummary Summary, int Revision, bool Archived, ImmutableDictionary<string, Place> Places)
    {
        public FlagState In(string environment) => Places.TryGetValue(environment, out var place)
            ? new(Summary.Key, environment, Summary.TurnsOff, Summary.Killed || place.Killed, place.ChangedAt > Summary.ChangedAt ? place.ChangedAt : Summary.ChangedAt, place.Targeting)
            : new(Summary.Key, environment, Summary.TurnsOff, Summary.Killed, Summary.ChangedAt, Targeting.Everyone);
    }

    private sealed record State(ImmutableSortedDictionary<string, Entry> Switches, long Version, bool Loaded)
    {
        public IEnumerable<Entry> Served => Switches.Values.Where(entry => !entry.Archived);

        public Entry? Find(string key) => Switches.TryGetValue(key, out var entry) && !entry.Archived ? entry : null;
    }
}
