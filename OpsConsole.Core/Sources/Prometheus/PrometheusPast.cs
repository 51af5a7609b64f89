using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Sources.Prometheus;

/// <summary>How much of the time before a read is to be asked for: as many points, an interval apart, as lie between the read before and this one.</summary>
internal static class PrometheusPast
{
    /// <summary>How far back a first read asks: what the board shows of a signal.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>Fewer are not worth a question: reads are never exactly an interval apart.</summary>
    private const int Fewest = 2;

    /// <summary>How many points lie between two reads; 0 where that is not worth asking.</summary>
    /// <param name="before">The last read that told something; null for the first.</param>
    /// <param name="now">This one.</param>
    /// <param name="interval">Time between two reads as it should be.</param>
    public static int Points(DateTimeOffset? before, DateTimeOffset now, TimeSpan interval)
    {
        var gap = before is { } at && now - at < Longest ? now - at : Longest;
        var points = (int)(gap / interval) - 1;
        return points < Fewest ? 0 : points;
    }

    /// <summary>The points of a range as values of the past; of a time at which nothing was counted, or of which either cannot be right, there is none.</summary>
    /// <param name="values">What the query came to.</param>
    /// <param name="counts">What the query that counts came to; null where there is none.</param>
    /// <param name="theirs">When the reading was made, by Prometheus's clock.</param>
    /// <param name="ours">And by the console's.</param>
    public static IReadOnlyList<PastValue> Values(PrometheusRange values, PrometheusRange? counts, DateTimeOffset theirs, DateTimeOffset ours)
    {
        var counted = counts?.Points.DistinctBy(static p => p.At).ToDictionary(static p => p.At, static p => p.Value);
        var past = new List<PastValue>(values.Points.Count);
        foreach (var (at, value) in values.Points)
        {
            var count = counted is null ? 1 : counted.TryGetValue(at, out var there) ? there : 0;
            if (at < theirs && theirs - at <= Longest && double.IsFinite(value) && count < PrometheusSource.MostObserved && Math.Round(count) >= 1)
            {
                past.Add(new(ours - (theirs - at), value, (long)Math.Round(count)));
            }
        }

        return past;
    }
}
