namespace OpsConsole.Core.Switches;

/// <summary>Measures how one change of a flag reaches the readers that were there when it was made. Safe for use from several threads.</summary>
/// <remarks>Times count from the decision. The wall clock is read once, when the clock is opened; from then on time only moves forward, whatever is done to the wall clock.</remarks>
public sealed class PropagationClock
{
    /// <summary>After this nothing more is waited for.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <summary>Whoever is not on the new value after this is worth an alarm.</summary>
    public static readonly TimeSpan AlarmAfter = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly HashSet<FlagReader> _waiting;
    private readonly HashSet<FlagReader> _gone = [];
    private readonly List<double> _confirmedMs = [];
    private readonly TimeProvider _time;
    private readonly Guid _id;
    private readonly int _clients;
    private readonly long _openedAt;
    private readonly TimeSpan _before;
    private TimeSpan _sinceOpened;
    private DateTimeOffset? _closedAt;
    private bool _changed = true;
    private bool _alarmed;

    /// <param name="change">What was changed.</param>
    /// <param name="there">The readers it has to reach.</param>
    /// <param name="time">The clock.</param>
    public PropagationClock(FlagChange change, IEnumerable<FlagReader> there, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        Change = change ?? throw new ArgumentNullException(nameof(change));
        _time = time;
        _waiting = [.. there];
        _clients = _waiting.Count;
        _openedAt = time.GetTimestamp();
        var now = time.GetUtcNow();
        _before = now > change.At ? now - change.At : TimeSpan.Zero;
        _id = Guid.CreateVersion7(now);
    }

    /// <summary>What was changed.</summary>
    public FlagChange Change { get; }

    /// <summary>True once every reader is on the new value or gone, or after <see cref="Longest"/>.</summary>
    public bool IsClosed
    {
        get
        {
            lock (_lock)
            {
                return _closedAt is not null;
            }
        }
    }

    /// <summary>True once <see cref="AlarmAfter"/> has passed: who is late by then is told with <see cref="TakeAlarm"/>, also when the clock was closed before.</summary>
    public bool IsAlarmDue
    {
        get
        {
            lock (_lock)
            {
                return SinceOpened() >= AlarmAfter;
            }
        }
    }

    /// <summary>An answer of a version at or past the change was written to the reader. It counts once, and also when it was taken for gone; not after the clock was closed.</summary>
    public void Confirm(FlagReader reader)
    {
        lock (_lock)
        {
            if (_closedAt is null && (_waiting.Remove(reader) || _gone.Remove(reader)))
            {
                // Taken inside the lock, so the list is rising.
                _confirmedMs.Add((_before + SinceOpened()).TotalMilliseconds);
                _changed = true;
            }
        }
    }

    /// <summary>Confirms whoever was answered the new value before the clock was known to those who answer.</summary>
    public void ConfirmAnswered()
    {
        foreach (var reader in Waiting().Where(r => r.Version >= Change.Version))
        {
            Confirm(reader);
        }
    }

    /// <summary>Counts who is gone, and closes the clock when it is time.</summary>
    /// <param name="isThere">Whether a reader is still there.</param>
    public void Step(Func<FlagReader, bool> isThere)
    {
        ArgumentNullException.ThrowIfNull(isThere);
        lock (_lock)
        {
            if (_closedAt is not null)
            {
                return;
            }

            foreach (var reader in _waiting.Where(r => !isThere(r)).ToList())
            {
                _waiting.Remove(reader);
                _gone.Add(reader);
                _changed = true;
            }

            if (_waiting.Count == 0 || SinceOpened() >= Longest)
            {
                CloseNow();
            }
        }
    }

    /// <summary>Waits for nothing more.</summary>
    public void Close()
    {
        lock (_lock)
        {
            if (_closedAt is null)
            {
                CloseNow();
            }
        }
    }

    /// <summary>What was counted so far, if that is news since this was last asked.</summary>
    public FlagPropagation? Take()
    {
        lock (_lock)
        {
            if (!_changed)
            {
                return null;
            }

            _changed = false;
            var value = new FlagPropagation { Id = _id, Key = Change.Key, Environment = Change.Environment, Kind = Change.Kind, FlippedAt = Change.At };
            value.Count(_clients, _gone.Count, _confirmedMs, _closedAt);
            return value;
        }
    }

    /// <summary>True once: when <see cref="AlarmAfter"/> has passed and readers that are there are not on the new value.</summary>
    public bool TakeAlarm()
    {
        lock (_lock)
        {
            return !_alarmed && _waiting.Count > 0 && SinceOpened() >= AlarmAfter && (_alarmed = true);
        }
    }

    /// <summary>How many are there and still not on the new value; also after the clock was closed.</summary>
    public PropagationAlarm Alarm(Func<FlagReader, bool> isThere)
    {
        var late = Waiting().Where(reader => reader.Version < Change.Version && isThere(reader)).ToList();
        var groups = late.GroupBy(reader => (reader.Id.Name, reader.Id.Environment)).OrderByDescending(group => group.Count()).ThenBy(group => group.Key.Name, StringComparer.Ordinal);
        return new PropagationAlarm(_id, Change.Key, Change.Environment, Change.Kind, Change.At, late.Count, _clients)
        {
            Who = string.Join(", ", groups.Select(group => $"{group.Key.Name} in {group.Key.Environment}: {group.Count()}")),
        };
    }

    private void CloseNow() => (_closedAt, _changed) = (Change.At + _before + SinceOpened(), true);

    private List<FlagReader> Waiting()
    {
        lock (_lock)
        {
            return [.. _waiting];
        }
    }

    private TimeSpan SinceOpened()
    {
        var since = _time.GetElapsedTime(_openedAt);
        return _sinceOpened = since > _sinceOpened ? since : _sinceOpened;
    }
}
