namespace OpsConsole.Core.Policies.Judging;

/// <summary>The shape of one side's values, for drawing; all in the unit of the values.</summary>
/// <param name="Count">Values that were judged.</param>
/// <param name="Least">The least of them.</param>
/// <param name="FirstQuartile">A quarter lies below.</param>
/// <param name="Median">Half lies below.</param>
/// <param name="ThirdQuartile">Three quarters lie below.</param>
/// <param name="Percentile95">95 % lie below.</param>
/// <param name="Largest">The largest of them.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="Bins">Values in each bin of the histogram.</param>
public sealed record Distribution(
    int Count, double Least, double FirstQuartile, double Median, double ThirdQuartile, double Percentile95, double Largest, double Mean, IReadOnlyList<int> Bins);

/// <summary>Both sides of a metric over the same bins.</summary>
/// <param name="From">Lower end of the first bin.</param>
/// <param name="BinWidth">Width of each bin; 0 where all values are equal, and then all are in the first.</param>
/// <param name="Canary">The new version; null where there was nothing to judge.</param>
/// <param name="Baseline">The version it is compared with; null where there was nothing to judge.</param>
public sealed record DistributionPair(double From, double BinWidth, Distribution? Canary, Distribution? Baseline)
{
    /// <summary>Bins of a histogram.</summary>
    public const int BinCount = 40;

    /// <summary>The shapes of two cleaned samples.</summary>
    public static DistributionPair Of(MetricSample canary, MetricSample baseline)
    {
        ArgumentNullException.ThrowIfNull(canary);
        ArgumentNullException.ThrowIfNull(baseline);
        double[] ends = [.. Ends(canary.Values), .. Ends(baseline.Values)];
        var from = ends.Length == 0 ? 0 : ends.Min();
        var width = ends.Length == 0 ? 0 : (ends.Max() / BinCount) - (from / BinCount);
        return new(from, width, Shape(canary.Values, from, width), Shape(baseline.Values, from, width));
    }

    private static double[] Ends(double[] ascending) => ascending.Length == 0 ? [] : [ascending[0], ascending[^1]];

    private static Distribution? Shape(double[] ascending, double from, double width)
    {
        if (ascending.Length == 0)
        {
            return null;
        }

        var bins = new int[BinCount];
        foreach (var value in ascending)
        {
            bins[width > 0 ? Math.Clamp((int)((value - from) / width), 0, BinCount - 1) : 0]++;
        }

        return new(
            ascending.Length,
            ascending[0],
            Quantile.Of(ascending, 0.25),
            Quantile.Of(ascending, 0.5),
            Quantile.Of(ascending, 0.75),
            Quantile.Of(ascending, 0.95),
            ascending[^1],
            Quantile.Mean(ascending),
            bins);
    }
}
