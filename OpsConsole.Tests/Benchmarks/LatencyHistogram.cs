namespace OpsConsole.Tests.Benchmarks;

/// <summary>Times in buckets of half a millisecond up to ten seconds; longer ones count as ten. One writer.</summary>
internal sealed class LatencyHistogram
{
    private const int Buckets = 20_000;
    private readonly int[] _counts = new int[Buckets];

    public long Count { get; private set; }

    public void Add(TimeSpan time)
    {
        _counts[Math.Clamp((int)(time.TotalMilliseconds * 2), 0, Buckets - 1)]++;
        Count++;
    }

    public void Add(LatencyHistogram other)
    {
        for (var i = 0; i < Buckets; i++)
        {
            _counts[i] += other._counts[i];
        }

        Count += other.Count;
    }

    /// <summary>The time that a share of all is not above, in milliseconds.</summary>
    public double Quantile(double share)
    {
        long seen = 0;
        for (var i = 0; i < Buckets; i++)
        {
            seen += _counts[i];
            if (seen > 0 && seen >= share * Count)
            {
                return (i + 1) / 2.0;
            }
        }

        return 0;
    }
}
