namespace OpsConsole.Core.Sources.PrometheusText;

/// <summary>Holds declared histograms to what makes them one: buckets that contain the smaller ones, and one without an upper bound.</summary>
internal static class HistogramCheck
{
    /// <exception cref="ExpositionException">A histogram is none.</exception>
    public static void Check(Exposition exposition)
    {
        foreach (var (metric, type) in exposition.Types)
        {
            if (type is not MetricType.Histogram)
            {
                continue;
            }

            var buckets = exposition.Named(metric + "_bucket").ToArray();
            foreach (var histogram in buckets.GroupBy(b => b.Id.Histogram!))
            {
                CheckOne(metric, [.. histogram.OrderBy(b => b.Id.UpperBound)]);
            }
        }
    }

    private static void CheckOne(string metric, Series[] buckets)
    {
        for (var i = 1; i < buckets.Length; i++)
        {
            if (buckets[i].Id.UpperBound == buckets[i - 1].Id.UpperBound)
            {
                throw new ExpositionException(buckets[i].Line, 1, $"'{metric}' has the bucket {buckets[i].Id["le"]} twice");
            }

            if (buckets[i].Value < buckets[i - 1].Value)
            {
                throw new ExpositionException(
                    buckets[i].Line, 1, $"the buckets of '{metric}' are not cumulative: {buckets[i].Id["le"]} holds less than {buckets[i - 1].Id["le"]}");
            }
        }

        if (!double.IsPositiveInfinity(buckets[^1].Id.UpperBound))
        {
            throw new ExpositionException(buckets[^1].Line, 1, $"'{metric}' has no bucket +Inf");
        }
    }
}
