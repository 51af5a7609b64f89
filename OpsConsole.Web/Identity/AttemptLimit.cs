using System.Net;
using OpsConsole.Web.Operations.Edge;

namespace OpsConsole.Web.Identity;

/// <summary>Lets so many attempts through in a time, from each address and from all together.</summary>
internal sealed class AttemptLimit(int mostFromOne, int mostFromAll, TimeSpan within, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Queue<DateTimeOffset>> _byAddress = new(StringComparer.Ordinal);
    private readonly Queue<DateTimeOffset> _all = new();

    /// <summary>Counts an attempt; false when there were too many.</summary>
    public bool TryTake(IPAddress? address)
    {
        var (key, now) = (CallerAddress.Key(address), time.GetUtcNow());
        lock (_lock)
        {
            Forget(_all, now);
            foreach (var (other, attempts) in _byAddress.ToList())
            {
                Forget(attempts, now);
                if (attempts.Count == 0)
                {
                    _byAddress.Remove(other);
                }
            }

            var mine = _byAddress.GetValueOrDefault(key) ?? new Queue<DateTimeOffset>();
            if (mine.Count >= mostFromOne || _all.Count >= mostFromAll)
            {
                return false;
            }

            _byAddress[key] = mine;
            mine.Enqueue(now);
            _all.Enqueue(now);
            return true;
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
