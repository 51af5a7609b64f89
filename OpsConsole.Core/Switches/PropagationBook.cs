using OpsConsole.Core.Audit;

namespace OpsConsole.Core.Switches;

/// <summary>Where a propagation stands.</summary>
public enum PropagationState
{
    /// <summary>Readers are being waited for.</summary>
    Measuring,

    /// <summary>All are in, or the longest time is over.</summary>
    Closed,

    /// <summary>The console stopped before it was closed: what is on record is what was counted until then.</summary>
    CutShort,
}

/// <summary>Propagations for people.</summary>
/// <param name="Items">Newest first.</param>
/// <param name="Complete">False where the record did not answer and only what is in memory is here.</param>
public sealed record PropagationPage(IReadOnlyList<FlagPropagation> Items, bool Complete);

/// <summary>The propagations that are being measured, shown at once and stored when the database is there. Safe for use from several threads.</summary>
public sealed class PropagationBook(IPropagationStore store, IAuditStore audit, TimeProvider time)
{
    /// <summary>Propagations, and audit lines, that wait for the database at most; of more the oldest are dropped and counted.</summary>
    public const int MostUnsaved = 500;

    /// <summary>The newest are kept in memory, more than can be measured at a time.</summary>
    private const int MostRecent = 200;

    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, FlagPropagation> _recent = [];
    private readonly Dictionary<Guid, FlagPropagation> _unsaved = [];
    private readonly Queue<AuditEntry> _lines = [];
    private long _dropped;

    /// <summary>Told of each new count, at most four times a second for each propagation. Who listens must not wait.</summary>
    public event Action<FlagPropagation>? Updated;

    /// <summary>Propagations and lines that were dropped because the database was away too long.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Propagations that wait to be stored.</summary>
    public int Unsaved
    {
        get
        {
            lock (_lock)
            {
                return _unsaved.Count;
            }
        }
    }

    /// <summary>Takes new counts and alarms.</summary>
    public void Take(PropagationNews news)
    {
        ArgumentNullException.ThrowIfNull(news);
        lock (_lock)
        {
            foreach (var value in news.Updated)
            {
                _recent[value.Id] = _unsaved[value.Id] = value;
            }

            foreach (var alarm in news.Raised)
            {
                _lines.Enqueue(Line(alarm));
            }

            Bound();
        }

        foreach (var value in news.Updated)
        {
            Updated?.Invoke(value);
        }
    }

    /// <summary>Stores what is new since it was last stored. To be called about once a second, by one caller.</summary>
    /// <exception cref="RecordUnavailableException">The database is away; what was not stored is stored with a later call.</exception>
    public async Task SaveAsync(CancellationToken cancellationToken)
    {
        foreach (var value in Waiting())
        {
            await store.SaveAsync(value, cancellationToken).ConfigureAwait(false);
            lock (_lock)
            {
                if (_unsaved.GetValueOrDefault(value.Id) == value)
                {
                    _unsaved.Remove(value.Id);
                }
            }
        }

        while (NextLine() is { } line)
        {
            await audit.AppendAsync(line, cancellationToken).ConfigureAwait(false);
            lock (_lock)
            {
                if (_lines.TryPeek(out var first) && first == line)
                {
                    _lines.Dequeue();
                }
            }
        }
    }

    /// <summary>The latest, newest first; of one flag, or of all. What is being measured or not stored yet is in it.</summary>
    /// <param name="key">The flag; null: all.</param>
    /// <param name="take">At most, 1 to 200.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<PropagationPage> LatestAsync(string? key, int take, CancellationToken cancellationToken)
    {
        IReadOnlyList<FlagPropagation> stored = [];
        var complete = true;
        try
        {
            stored = await store.LatestAsync(key, take, cancellationToken).ConfigureAwait(false);
        }
        catch (RecordUnavailableException)
        {
            complete = false;
        }

        List<FlagPropagation> here;
        lock (_lock)
        {
            here = [.. _recent.Values.Concat(_unsaved.Values).Where(p => key is null || p.Key == key)];
        }

        return new PropagationPage([.. here.Concat(stored).DistinctBy(p => p.Id).OrderByDescending(p => p.FlippedAt).ThenByDescending(p => p.Id).Take(take)], complete);
    }

    /// <summary>Where it stands.</summary>
    public PropagationState StateOf(FlagPropagation value)
    {
        ArgumentNullException.ThrowIfNull(value);
        lock (_lock)
        {
            return (_recent.GetValueOrDefault(value.Id) ?? value).ClosedAt is not null ? PropagationState.Closed : _recent.ContainsKey(value.Id) ? PropagationState.Measuring : PropagationState.CutShort;
        }
    }

    private List<FlagPropagation> Waiting()
    {
        lock (_lock)
        {
            return [.. _unsaved.Values.OrderBy(p => p.Id)];
        }
    }

    private AuditEntry? NextLine()
    {
        lock (_lock)
        {
            return _lines.TryPeek(out var line) ? line : null;
        }
    }

    private void Bound()
    {
        while (_recent.Count > MostRecent)
        {
            _recent.Remove(_recent.Values.MinBy(p => (p.ClosedAt is null, p.FlippedAt, p.Id))!.Id);
        }

        while (_unsaved.Count > MostUnsaved)
        {
            _unsaved.Remove(_unsaved.Values.MinBy(p => (p.FlippedAt, p.Id))!.Id);
            _dropped++;
        }

        while (_lines.Count > MostUnsaved)
        {
            _lines.Dequeue();
            _dropped++;
        }
    }

    private AuditEntry Line(PropagationAlarm alarm) => new()
    {
        At = time.GetUtcNow(),
        Actor = "console",
        Role = "console",
        Event = "switch.unconfirmed",
        Subject = "switch:" + alarm.Key,
        SubjectTitle = "switch " + alarm.Key + (alarm.Environment is null ? "" : " in " + alarm.Environment),
        Outcome = "unconfirmed",
        Detail = alarm.Sentence,
    };
}
