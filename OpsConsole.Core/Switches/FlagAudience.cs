using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace OpsConsole.Core.Switches;

/// <summary>Everyone who reads flags, and a clock for each change on how it reaches them. Safe for use from several threads; being told of an answer never waits.</summary>
public sealed class FlagAudience : IFlagAudience
{
    /// <summary>Readers that are known at a time; of more the oldest are forgotten.</summary>
    public const int MostReaders = 50_000;

    /// <summary>Clocks that are open at a time; of more the oldest that is no kill is closed early, and where all are kills the oldest.</summary>
    public const int MostOpen = 16;

    /// <summary>Alarms that are followed at a time.</summary>
    public const int MostAlarms = 100;

    /// <summary>A reader that asks now and then is remembered for this long, so that how often it asks can be learned.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Tidying = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<Place, FlagReader> _readers = [];
    private readonly GivenIds _given;
    private readonly Lock _room = new();
    private readonly TimeProvider _time;
    private readonly int _most;
    private readonly long _start;
    private ImmutableArray<PropagationClock> _open = [];
    private ImmutableArray<PropagationClock> _closing = [];
    private ImmutableArray<(PropagationClock Clock, PropagationAlarm Alarm)> _alarms = [];
    private ImmutableArray<PropagationAlarm> _shown = [];
    private TimeSpan _tidied;
    private int _count;
    private long _forgotten;

    /// <param name="switches">Whose changes are measured.</param>
    /// <param name="time">The clock.</param>
    /// <param name="most">Readers known at a time.</param>
    public FlagAudience(SwitchBoard switches, TimeProvider time, int most = MostReaders)
    {
        ArgumentNullException.ThrowIfNull(switches);
        ArgumentNullException.ThrowIfNull(time);
        (_time, _most, _start, _given) = (time, most, time.GetTimestamp(), new GivenIds(most));
        switches.Changed += Open;
    }

    /// <summary>Told by <see cref="Step"/> when the alarms are others than with the step before. Who listens must not wait.</summary>
    public event Action? AlarmsChanged;

    /// <summary>Readers that had to be forgotten because there were too many, since the console started.</summary>
    public long Forgotten => Interlocked.Read(ref _forgotten);

    /// <summary>Changes that readers who are there have still not heard of.</summary>
    public IReadOnlyList<PropagationAlarm> Alarms => [.. _alarms.Select(entry => entry.Alarm)];

    private TimeSpan Now => _time.GetElapsedTime(_start);

    /// <inheritdoc/>
    public void Answered(FlagReaderId reader, string? key, long version)
    {
        ArgumentNullException.ThrowIfNull(reader);
        Confirm(Known(reader, key), version);
    }

    /// <inheritdoc/>
    public void AnsweredFirst(FlagReaderId place, string given, long version)
    {
        ArgumentNullException.ThrowIfNull(place);
        if (_readers.TryGetValue(new Place(place.Environment, given, null), out var own))
        {
            // It was faster than this: it is known by its id already.
            Confirm(own, version);
            return;
        }

        var known = Known(place, null);
        _given.Add(place.Environment, given, known, version);
        Confirm(known, version);
    }

    /// <inheritdoc/>
    public void NotFound(FlagReaderId reader, string key, long version)
    {
        ArgumentNullException.ThrowIfNull(reader);
        if (_readers.TryGetValue(new Place(reader.Environment, reader.Id, key), out var known))
        {
            Confirm(known, version);
        }
    }

    /// <summary>A client opened a stream. Dispose what is returned when it is closed.</summary>
    public IDisposable StreamOpened(FlagReaderId reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var known = Known(reader, null);
        known.StreamOpened();
        return new Held(this, known);
    }

    /// <summary>What is known of a client that asks for all flags, or null. Before it has brought its id back that is what is known of its place.</summary>
    public FlagReader? Find(string environment, string id) => _readers.GetValueOrDefault(new Place(environment, id, null)) ?? _given.Find(environment, id);

    /// <summary>Who is there, by environment and token.</summary>
    /// <param name="key">Only those who hear of this flag; null: all.</param>
    public IReadOnlyList<FlagReaderGroup> Groups(string? key = null)
    {
        var now = Now;
        return [.. _readers.Values.Where(r => (key is null || r.Key is null || r.Key == key) && r.IsThere(now)).GroupBy(r => (r.Id.Environment, r.Id.Name)).Select(group => new FlagReaderGroup(
            group.Key.Environment, group.Key.Name, group.DistinctBy(r => r.Id.Id).Count(), group.Sum(r => r.Streams), now - group.Min(r => r.HeardAt)))
            .OrderBy(g => g.Environment, StringComparer.Ordinal).ThenBy(g => g.Name, StringComparer.Ordinal)];
    }

    /// <summary>Looks at the open clocks: who is gone, which are closed, what is news. To be called a few times a second, by one caller.</summary>
    public PropagationNews Step()
    {
        var now = Now;
        List<FlagPropagation> updated = [];
        List<PropagationAlarm> raised = [];
        foreach (var clock in _closing.Concat(_open))
        {
            // Asked first, so that none is let go of between its time and its alarm.
            var due = clock.IsAlarmDue;
            clock.Step(reader => reader.IsThere(now));
            if (clock.IsClosed)
            {
                ImmutableInterlocked.Update(ref _open, static (list, closed) => list.Remove(closed), clock);
            }

            if (!IsOverruled(clock) && clock.TakeAlarm() && clock.Alarm(reader => reader.IsThere(Now)) is { Unconfirmed: > 0 } alarm)
            {
                ImmutableInterlocked.Update(ref _alarms, static (list, added) => (list.Length < MostAlarms ? list : list.RemoveAt(0)).Add(added), (clock, alarm));
                raised.Add(alarm);
            }

            if (clock.Take() is { } value)
            {
                updated.Add(value);
            }

            if (due || IsOverruled(clock))
            {
                ImmutableInterlocked.Update(ref _closing, static (list, over) => list.Remove(over), clock);
            }
        }

        foreach (var entry in _alarms)
        {
            var alarm = entry.Clock.Alarm(reader => reader.IsThere(now));
            ImmutableInterlocked.Update(ref _alarms, list => !list.Contains(entry) ? list : alarm.Unconfirmed == 0 ? list.Remove(entry) : list.Replace(entry, (entry.Clock, alarm)));
        }

        if (now - _tidied > Tidying)
        {
            _tidied = now;
            Forget(_readers.Where(pair => !pair.Value.IsThere(now) && now - pair.Value.HeardAt > Memory));
        }

        var alarms = _alarms.Select(entry => entry.Alarm).ToImmutableArray();
        if (!alarms.SequenceEqual(_shown))
        {
            _shown = alarms;
            AlarmsChanged?.Invoke();
        }

        return new PropagationNews(updated, raised);
    }

    /// <summary>A newer change of the same flag has a clock of its own, and what is late with this one is late with that.</summary>
    private bool IsOverruled(PropagationClock clock) => _open.Concat(_closing).Any(other =>
        other.Change.Version > clock.Change.Version && other.Change.Key == clock.Change.Key && (other.Change.Environment is null || other.Change.Environment == clock.Change.Environment));

    private void Open(FlagChange change)
    {
        var now = Now;
        var clock = new PropagationClock(
            change,
            _readers.Values.Where(r => (change.Environment is null || r.Id.Environment == change.Environment) && (r.Key is null || r.Key == change.Key) && r.IsThere(now)),
            _time);
        ImmutableInterlocked.Update(ref _open, static (list, added) => list.Add(added), clock);
        CloseEarly();

        // What was late with an older change of the same flag is late with this one.
        ImmutableInterlocked.Update(ref _alarms, (list, by) => list.RemoveAll(a => a.Clock.Change.Key == by.Key && (by.Environment is null || a.Clock.Change.Environment == by.Environment)), change);
        clock.ConfirmAnswered();
    }

    /// <summary>Closed ones are followed until it shows whether they are an alarm.</summary>
    private void CloseEarly()
    {
        // The newest never: what is being done now is what people look at.
        foreach (var early in _open.SkipLast(1).OrderBy(IsKill).Take(Math.Max(0, _open.Length - MostOpen)).ToList())
        {
            early.Close();
            ImmutableInterlocked.Update(ref _closing, static (list, closed) => Fewer(list).Add(closed), early);
            ImmutableInterlocked.Update(ref _open, static (list, closed) => list.Remove(closed), early);
        }
    }

    private static ImmutableArray<PropagationClock> Fewer(ImmutableArray<PropagationClock> closing) => closing.Length < MostAlarms ? closing : closing.Remove(closing.MinBy(IsKill)!);

    private static bool IsKill(PropagationClock clock) => clock.Change.Kind == FlagChangeKind.Killed;

    private void Confirm(FlagReader reader, long version)
    {
        reader.Answered(version, Now);
        foreach (var clock in _open)
        {
            if (version >= clock.Change.Version)
            {
                clock.Confirm(reader);
            }
        }
    }

    private FlagReader Known(FlagReaderId reader, string? key)
    {
        var place = new Place(reader.Environment, reader.Id, key);
        if (_readers.TryGetValue(place, out var known))
        {
            return known;
        }

        if (key is null && _given.Take(reader.Environment, reader.Id) is { } given && Named(given.Reader, reader, given.Version) is { } named)
        {
            return named;
        }

        var made = new FlagReader(reader, key, Now);
        known = _readers.GetOrAdd(place, made);
        if (known == made && Interlocked.Increment(ref _count) > _most)
        {
            MakeRoom();
        }

        return known;
    }

    /// <summary>A client brought its id back: what was known of its place is the client from now on, also in the clocks that wait for it. Null where another client of that place came first.</summary>
    private FlagReader? Named(FlagReader reader, FlagReaderId own, long version)
    {
        var place = new Place(reader.Id.Environment, reader.Id.Id, null);
        if (!reader.Name(own, version))
        {
            return null;
        }

        // Known by both for a moment rather than by neither, so that a clock that is opened now counts it, once.
        if (_readers.TryAdd(place with { Id = own.Id }, reader))
        {
            _readers.TryRemove(new KeyValuePair<Place, FlagReader>(place, reader));
            return reader;
        }

        Forget([new KeyValuePair<Place, FlagReader>(place, reader)]);
        return null;
    }

    /// <summary>Forgets some of the oldest at a time, so that this is seldom done.</summary>
    private void MakeRoom()
    {
        lock (_room)
        {
            var over = Volatile.Read(ref _count) - _most;
            if (over > 0)
            {
                var oldest = _readers.Select(pair => (pair, Held: pair.Value.Streams > 0, pair.Value.HeardAt)).OrderBy(r => r.Held).ThenBy(r => r.HeardAt);
                Interlocked.Add(ref _forgotten, Forget(oldest.Take(over + (_most / 16)).Select(r => r.pair)));
            }
        }
    }

    private int Forget(IEnumerable<KeyValuePair<Place, FlagReader>> readers)
    {
        var forgotten = 0;
        foreach (var reader in readers.ToList().Where(_readers.TryRemove))
        {
            reader.Value.Forget();
            Interlocked.Decrement(ref _count);
            forgotten++;
        }

        return forgotten;
    }

    private readonly record struct Place(string Environment, string Id, string? Key);

    private sealed class Held(FlagAudience audience, FlagReader reader) : IDisposable
    {
        private int _closed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _closed, 1) == 0)
            {
                reader.StreamClosed(audience.Now);
            }
        }
    }
}
