using System.Collections.Immutable;
using OpsConsole.Core.Board;

namespace OpsConsole.Core.Switches;

/// <summary>The switches as they stand, in memory: flags are answered from here, also while the database is away.</summary>
/// <remarks>Filled when the console starts and changed by the action gate after a kill or a restore was stored, or before it can be (<see cref="Hold"/>). Safe for use from several threads; readers never wait.</remarks>
public sealed class SwitchBoard
{
    private State _state = new(ImmutableSortedDictionary<string, Entry>.Empty.WithComparers(StringComparer.Ordinal), ImmutableDictionary<(string, string?), DateTimeOffset>.Empty, 0, false);

    /// <summary>Told after each change is in force, by whoever made it: who listens must not wait. Not told of what was there when the console started.</summary>
    public event Action<FlagChange>? Changed;

    /// <summary>All switches that are served, by key.</summary>
    public IReadOnlyCollection<SwitchSummary> All
    {
        get
        {
            var state = Current;
            return [.. state.Served.Select(state.Everywhere)];
        }
    }

    /// <summary>Grows with every change; starts at 0 with the console.</summary>
    public long Version => Current.Version;

    /// <summary>False until the stored switches were read once. Until then an absent key means "not known", not "no such switch".</summary>
    public bool IsLoaded => Current.Loaded;

    /// <summary>The environments in which something differs about a switch.</summary>
    public IEnumerable<string> Environments
    {
        get
        {
            var state = Current;
            return state.Switches.Values.SelectMany(entry => entry.Places.Keys).Concat(state.Held.Keys.Select(held => held.Environment).OfType<string>()).Distinct(StringComparer.Ordinal);
        }
    }

    private State Current => Volatile.Read(ref _state);

    /// <summary>The switch of that key as it stands everywhere, or null.</summary>
    public SwitchSummary? Find(string key)
    {
        var state = Current;
        return state.Find(key) is { } entry ? state.Everywhere(entry) : null;
    }

    /// <summary>The switch as it is evaluated in an environment, or null.</summary>
    public FlagState? Find(string key, string environment)
    {
        var state = Current;
        return state.Find(key) is { } entry ? state.In(entry, environment) : null;
    }

    /// <summary>How the switch stands in one environment alone, whether it is killed everywhere or not; null where there is no such switch.</summary>
    public SwitchSummary? Only(string key, string environment)
    {
        var state = Current;
        return state.Find(key) is { } entry ? state.There(entry, environment) : null;
    }

    /// <summary>All switches as they are evaluated in an environment, by key, and the <see cref="Version"/> they are of.</summary>
    public (IReadOnlyList<FlagState> Flags, long Version) In(string environment)
    {
        var state = Current;
        return ([.. state.Served.Select(entry => state.In(entry, environment))], state.Version);
    }

    /// <summary>Takes a switch as stored. What is older than what is known already is ignored, so that a slow read cannot undo a kill.</summary>
    /// <param name="value">The switch.</param>
    /// <param name="at">When the change was decided, where the switch does not say: it was taken out of the archive.</param>
    public void Set(KillSwitch value, DateTimeOffset? at = null)
    {
        ArgumentNullException.ThrowIfNull(value);
        var (before, after) = Change(state => With(state, value));
        if (before != after && Kind(before.Standing(value.Key), after.Standing(value.Key)) is { } kind)
        {
            Changed?.Invoke(new FlagChange(value.Key, null, kind, at ?? value.ArchivedAt ?? value.ChangedAt, after.Version));
        }
    }

    /// <summary>Takes what differs about a switch in one environment, likewise. Ignored where the switch itself is not known.</summary>
    public void Set(SwitchEnvironment value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var (before, after) = Change(state => With(state, value));
        if (before != after && after.Find(value.Key) is { } entry)
        {
            var held = after.Held.ContainsKey((value.Key, value.Environment));
            var was = before.Find(value.Key) is { } known && before.There(known, value.Environment).Killed;
            var now = after.There(entry, value.Environment).Killed;
            var kind = was == now ? FlagChangeKind.Targeted : now ? FlagChangeKind.Killed : FlagChangeKind.Restored;
            if (kind != FlagChangeKind.Targeted || (!held && !AnswersLike(before, after, value)))
            {
                Changed?.Invoke(new FlagChange(value.Key, value.Environment, kind, kind == FlagChangeKind.Targeted ? value.TargetedAt ?? value.ChangedAt : value.ChangedAt, after.Version));
            }
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

    /// <summary>Puts a kill in force that is not on record yet: whatever is read of the record meanwhile, it holds until it is let go. Also of a switch that was not read yet.</summary>
    public void Hold(string key, string? environment, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(key);
        var (before, after) = Change(state => state.Held.ContainsKey((key, environment)) ? state : state with { Held = state.Held.Add((key, environment), at), Version = state.Version + 1 });
        if (before != after && before.IsOn(key, environment))
        {
            Changed?.Invoke(new FlagChange(key, environment, FlagChangeKind.Killed, at, after.Version));
        }
    }

    /// <summary>Ends a hold once the kill is on record and was taken from there.</summary>
    public void LetGo(string key, string? environment, DateTimeOffset at)
    {
        var (before, after) = Change(state => state.Held.ContainsKey((key, environment)) ? state with { Held = state.Held.Remove((key, environment)), Version = state.Version + 1 } : state);
        if (before != after && after.IsOn(key, environment))
        {
            Changed?.Invoke(new FlagChange(key, environment, FlagChangeKind.Restored, at, after.Version));
        }
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
        var place = new Place(value.Killed ? value.ChangedAt : null, changedAt, TargetingText.ReadStored(value.TargetingJson), value.Revision);
        return state with { Switches = state.Switches.SetItem(value.Key, entry with { Places = entry.Places.SetItem(value.Environment, place) }), Version = state.Version + 1 };
    }

    /// <summary>A release that is halted or resumed is noted with the targeting and changes nobody's answer: nobody is told to ask again for it.</summary>
    private static bool AnswersLike(State before, State after, SwitchEnvironment place) =>
        before.PlaceOf(place) is { } was && after.PlaceOf(place) is { } now && was.ChangedAt == now.ChangedAt && was.Targeting.AnswersLike(now.Targeting);

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

    private sealed record Place(DateTimeOffset? KilledAt, DateTimeOffset ChangedAt, Targeting Targeting, int Revision)
    {
        public bool Killed => KilledAt is not null;
    }

    private sealed record Entry(SwitchSummary Summary, int Revision, bool Archived, ImmutableDictionary<string, Place> Places);

    private sealed record State(ImmutableSortedDictionary<string, Entry> Switches, ImmutableDictionary<(string Key, string? Environment), DateTimeOffset> Held, long Version, bool Loaded)
    {
        public Place? PlaceOf(SwitchEnvironment place) => Switches.GetValueOrDefault(place.Key)?.Places.GetValueOrDefault(place.Environment);

        public IEnumerable<Entry> Served => Switches.Values.Where(entry => !entry.Archived);

        public Entry? Find(string key) => Switches.TryGetValue(key, out var entry) && !entry.Archived ? entry : null;

        public SwitchSummary? Standing(string key) => Find(key) is { } entry ? Everywhere(entry) : null;

        public SwitchSummary Everywhere(Entry entry) => HeldAt(entry, null) is { } at ? entry.Summary with { Killed = true, ChangedAt = Later(at, entry.Summary.ChangedAt) } : entry.Summary;

        public SwitchSummary There(Entry entry, string environment)
        {
            var place = entry.Places.GetValueOrDefault(environment);
            var held = HeldAt(entry, environment);
            return new SwitchSummary(entry.Summary.Key, held is not null || place?.Killed == true, Later(held ?? default, place?.ChangedAt ?? entry.Summary.ChangedAt), entry.Summary.TurnsOff) { Environment = environment };
        }

        public FlagState In(Entry entry, string environment)
        {
            var (everywhere, place) = (Everywhere(entry), entry.Places.GetValueOrDefault(environment));
            var held = HeldAt(entry, environment);
            return new FlagState(
                entry.Summary.Key, environment, entry.Summary.TurnsOff, everywhere.Killed || held is not null || place?.Killed == true,
                Later(held ?? default, Later(place?.ChangedAt ?? default, everywhere.ChangedAt)), place?.Targeting ?? Targeting.Everyone)
            {
                KilledAt = Earliest(HeldAt(entry, null), entry.Summary.Killed ? entry.Summary.ChangedAt : null, held, place?.KilledAt),
            };
        }

        /// <summary>True for a switch that is served and not killed there.</summary>
        public bool IsOn(string key, string? environment) => Find(key) is { } entry && !(environment is null ? Everywhere(entry) : There(entry, environment)).Killed;

        private DateTimeOffset? HeldAt(Entry entry, string? environment) => !Held.IsEmpty && Held.TryGetValue((entry.Summary.Key, environment), out var at) ? at : null;

        private static DateTimeOffset? Earliest(params ReadOnlySpan<DateTimeOffset?> times)
        {
            DateTimeOffset? first = null;
            foreach (var time in times)
            {
                first = first is null || time < first ? time ?? first : first;
            }

            return first;
        }

        private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
    }
}
