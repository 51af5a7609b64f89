namespace OpsConsole.Core.Sources.PrometheusText;

/// <summary>Quantiles out of buckets, as PromQL's histogram_quantile computes them.</summary>
public static class HistogramQuantile
{
    /// <summary>The value below which the share <paramref name="quantile"/> of the observations lies, taken as evenly spread inside their bucket.</summary>
    /// <param name="quantile">Above 0 and below 1.</param>
    /// <param name="bounds">Upper bounds, rising, the last +Inf.</param>
    /// <param name="cumulative">Observations at or below each bound. A count below the one before is taken as equal to it.</param>
    /// <returns>NaN without observations or without a finite bound. In the bucket +Inf: the highest finite bound, for more is not known.</returns>
    public static double Of(double quantile, ReadOnlySpan<double> bounds, ReadOnlySpan<double> cumulative)
    {
        if (bounds.Length < 2 || bounds.Length != cumulative.Length)
        {
            return double.NaN;
        }

        double total = 0;
        foreach (var count in cumulative)
        {
            total = Math.Max(total, count);
        }

        if (total <= 0)
        {
            return double.NaN;
        }

        var rank = quantile * total;
        double before = 0;
        for (var i = 0; i < bounds.Length - 1; i++)
        {
            var upTo = Math.Max(before, cumulative[i]);
            if (upTo >= rank && upTo > before)
            {
                return i == 0 && bounds[0] <= 0 ? bounds[0] : Interpolate(i == 0 ? 0 : bounds[i - 1], bounds[i], (rank - before) / (upTo - before));
            }

            before = upTo;
        }

        return bounds[^2];
    }

    private static double Interpolate(double from, double to, double share) => from + ((to - from) * share);
}
