using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using OpsConsole.Core.Switches;

namespace OpsConsole.Web.Api;

/// <summary>How often the flags may be asked for with one token.</summary>
/// <remarks>A token is shared by every device that has the app, so a kill makes many of them ask at the same moment, and one that runs wild must not keep the others from hearing of it: whoever has not been answered since the last change is let through, however much was asked before.</remarks>
internal sealed class FlagLimits(IOptions<FlagOptions> options, SwitchBoard switches) : IDisposable
{
    /// <summary>Readers of a token that are let through beyond its limit after each change; more take their turn within the limit.</summary>
    public const int MostReaders = 20_000;

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<string, TokenLimit> _byToken = new(StringComparer.Ordinal);

    /// <summary>Null where the question is let through, else after how many seconds to ask again.</summary>
    /// <param name="token">Which token the reader came with.</param>
    /// <param name="reader">Tells the readers of a token apart.</param>
    public int? Refuse(string token, ulong reader) => _byToken.GetOrAdd(token, static (_, limits) => limits.New(), this).Refuse(reader, switches.Version);

    public void Dispose()
    {
        foreach (var limit in _byToken.Values)
        {
            limit.Dispose();
        }
    }

    private TokenLimit New() => new(new TokenBucketRateLimiter(new TokenBucketRateLimiterOptions
    {
        TokenLimit = options.Value.Burst,
        TokensPerPeriod = Math.Max(1, (int)(options.Value.RequestsPerSecond * Period.TotalSeconds)),
        ReplenishmentPeriod = options.Value.RequestsPerSecond < 10 ? TimeSpan.FromSeconds(1.0 / options.Value.RequestsPerSecond) : Period,
        QueueLimit = 0,
        AutoReplenishment = true,
    }));

    private sealed class TokenLimit(TokenBucketRateLimiter bucket) : IDisposable
    {
        private Answered _answered = new(-1);

        public int? Refuse(ulong reader, long version)
        {
            var answered = Volatile.Read(ref _answered);
            if (answered.Version < version)
            {
                var anew = new Answered(version);
                var was = Interlocked.CompareExchange(ref _answered, anew, answered);
                answered = was == answered ? anew : was;
            }

            var first = answered.IsFirst(reader);
            using var lease = bucket.AttemptAcquire();
            return lease.IsAcquired || first
                ? null
                : lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)) : 1;
        }

        public void Dispose() => bucket.Dispose();
    }

    /// <summary>The readers that asked since a change.</summary>
    private sealed class Answered(long version)
    {
        private readonly ConcurrentDictionary<ulong, byte> _readers = [];
        private int _count;

        public long Version => version;

        public bool IsFirst(ulong reader)
        {
            if (Volatile.Read(ref _count) >= MostReaders || !_readers.TryAdd(reader, 0))
            {
                return false;
            }

            Interlocked.Increment(ref _count);
            return true;
        }
    }
}
