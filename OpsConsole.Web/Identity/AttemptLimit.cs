using System.Net;
using OpsConsole.Web.Operations.Edge;

namespace OpsConsole.Web.Identity;

/// <summary>Lets so many attempts through in a time, from each address (or whatever else one is told apart by) and from all together.</summary>
internal sealed class AttemptLimit(int mostFromOne, int mostFromAll, TimeSpan within, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Queue<DateTimeOffset>> _byOne = new(StringComparer.Ordinal);
    private readonly Queue<DateTimeOffset> _all = new();
    private DateTimeOffset _tidied;

    /// <summary>Counts an attempt; false when there were too many.</summary>
    public bool TryTake(IPAddress? address) => TryTakeFor(CallerAddress.Key(address));

    /// <summary>Counts an attempt; false when there were too many.</summary>
    public bool TryTakeFor(string one)
    {
        var now = time.GetUtcNow();
        lock (_lock)
        {
            if (!HasLeft(one, now))
            {
                return false;
            }

            if (!_byOne.TryGetValue(one, out var mine))
            {
                _byOne[one] = mine = new Queue<DateTimeOffset>();
            }

            mine.Enqueue(now);
            _all.Enqueue(now);
            return true;
        }
    }

    /// <summary>True while an attempt would be let through. Counts none.</summary>
    public bool HasLeft(IPAddress? address)
    {
        lock (_lock)
        {
            return HasLeft(CallerAddress.Key(address), time.GetUtcNow());
        }
    }

    private bool HasLeft(string one, DateTimeOffset now)
    {
        Tidy(now);
        Forget(_all, now);
        if (_byOne.TryGetValue(one, out var mine))
        {
            Forget(mine, now);
        }

        return (mine?.Count ?? 0) < mostFromOne && _all.Count < mostFromAll;
    }

    /// <summary>Lets go of those that have not tried for long, once in the time: not at every attempt of a flood.</summary>
    private void Tidy(DateTimeOffset now)
    {
        if (now - _tidied < within)
        {
            return;
        }

        _tidied = now;
        foreach (var (one, attempts) in _byOne)
        {
            Forget(attempts, now);
            if (attempts.Count == 0)
            {
                _byOne.Remove(one);
            }
        }
    }

    private void Forget(Queue<DateTimeOffset> attempts, DateTimeOffset now)
    {
        while (attempts.TryPeek(out var at) && now - at >= within)
        {
            attempts.Dequeue();
        }
    }
}
