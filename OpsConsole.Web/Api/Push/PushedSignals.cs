using System.Collections.Concurrent;
using OpsConsole.Core.Signals;

namespace OpsConsole.Web.Api.Push;

/// <summary>Which signals were pushed lately, whether a release wanted them or not. Bounded.</summary>
internal sealed class PushedSignals(TimeProvider time)
{
    /// <summary>How long a push is remembered: a night and a day without traffic.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(2);

    /// <summary>Most places and signals together; what comes beyond them is not remembered.</summary>
    private const int Most = 20_000;

    private static readonly TimeSpan Forgetting = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<Place, long> _seen = [];
    private int _count;
    private long _forgot;

    public void Note(in SignalAddress address)
    {
        var place = new Place(address.Service, address.Target, address.Environment, address.Signal.Value);
        var now = time.GetUtcNow().UtcTicks;
        if (_seen.ContainsKey(place))
        {
            _seen[place] = now;
        }
        else if (Interlocked.Increment(ref _count) > Most)
        {
            Interlocked.Decrement(ref _count);
            Forget(now);
        }
        else if (!_seen.TryAdd(place, now))
        {
            Interlocked.Decrement(ref _count);
        }
    }

    /// <summary>Names of the signals pushed for a service; null means any target or environment.</summary>
    public IEnumerable<string> Names(string service, string? target, string? environment)
    {
        var oldest = time.GetUtcNow().UtcTicks - Kept.Ticks;
        return _seen
            .Where(s => s.Value >= oldest && s.Key.Service == service && (target ?? s.Key.Target) == s.Key.Target && (environment ?? s.Key.Environment) == s.Key.Environment)
            .Select(static s => s.Key.Signal);
    }

    /// <summary>Makes room. It goes through all of them, so seldom.</summary>
    private void Forget(long now)
    {
        var before = Interlocked.Read(ref _forgot);
        if (now - before < Forgetting.Ticks || Interlocked.CompareExchange(ref _forgot, now, before) != before)
        {
            return;
        }

        foreach (var (place, at) in _seen)
        {
            if (at < now - Kept.Ticks && _seen.TryRemove(place, out _))
            {
                Interlocked.Decrement(ref _count);
            }
        }
    }

    private readonly record struct Place(string Service, string Target, string Environment, string Signal);
}
