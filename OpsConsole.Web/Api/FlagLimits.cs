using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using OpsConsole.Core.Switches;

namespace OpsConsole.Web.Api;

/// <summary>How often the flags may be asked for with one token.</summary>
/// <remarks>A token is shared by every device that has the app, so a kill makes many of them ask at the same moment, and one that runs wild must not keep the others from hearing of it: whoever has not been answered since the last change is let through, however much was asked before. Only an answer uses that up, so it is noted with <see cref="Answered"/> when one was written.</remarks>
internal sealed class FlagLimits(IOptions<FlagOptions> options, SwitchBoard switches) : IDisposable
{
    /// <summary>Readers of a token that are let through beyond its limit after each change; more take their turn within the limit.</summary>
    public const int MostReaders = 20_000;

    /// <summary>Questions beyond the limit that a reader has after each change until one is answered; what is asked wrongly must not be asked without end.</summary>
    public const int MostTries = 8;

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<string, TokenLimit> _byToken = new(StringComparer.Ordinal);

    /// <summary>Null where the question is let through, else after how many seconds to ask again.</summary>
    /// <param name="token">Which token the reader came with.</param>
    /// <param name="reader">Tells the readers of a token apart; one that asks for flags one by one is a reader for each.</param>
    public int? Refuse(string token, ulong reader) => _byToken.GetOrAdd(token, static (_, limits) => limits.New(), this).Refuse(reader, switches.Version);

    /// <summary>Notes that an answer was written.</summary>
    /// <param name="token">Which token the reader came with.</param>
    /// <param name="reader">As <see cref="Refuse"/> was told.</param>
    /// <param name="version">Of the switches, that the answer is of.</param>
    public void Answered(string token, ulong reader, long version) => _byToken.GetOrAdd(token, static (_, limits) => limits.New(), this).Since(version)?.Take(reader, MostTries);

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
        AutoReplenishment = false,
    }));

    private sealed class TokenLimit(TokenBucketRateLimiter bucket) : IDisposable
    {
        private Readers _readers = new(-1);

        /// <summary>The readers since the change of that version; null where there was a later one.</summary>
        public Readers? Since(long version)
        {
            var readers = Volatile.Read(ref _readers);
            while (readers.Version < version)
            {
                var anew = new Readers(version);
                var was = Interlocked.CompareExchange(ref _readers, anew, readers);
                readers = was == readers ? anew : was;
            }

            return readers.Version == version ? readers : null;
        }

        public int? Refuse(ulong reader, long version)
        {
            // Filled when it is asked, by the time since: a timer for each token would run for ever.
            bucket.TryReplenish();
            using var lease = bucket.AttemptAcquire();
            return lease.IsAcquired || Since(version)?.Take(reader, 1) != false
                ? null
                : lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)) : 1;
        }

        public void Dispose() => bucket.Dispose();
    }

    /// <summary>The readers that were answered, or let through beyond the limit, since a change.</summary>
    private sealed class Readers(long version)
    {
        private readonly ConcurrentDictionary<ulong, int> _tries = [];
        private int _count;

        public long Version => version;

        /// <summary>True where the reader had tries left, of which this takes some.</summary>
        public bool Take(ulong reader, int tries)
        {
            while (true)
            {
                if (_tries.TryGetValue(reader, out var taken))
                {
                    if (taken >= MostTries)
                    {
                        return false;
                    }

                    if (_tries.TryUpdate(reader, taken + tries, taken))
                    {
                        return true;
                    }
                }
                else if (Volatile.Read(ref _count) >= MostReaders)
                {
                    return false;
                }
                else if (_tries.TryAdd(reader, tries))
                {
                    Interlocked.Increment(ref _count);
                    return true;
                }
            }
        }
    }
}
