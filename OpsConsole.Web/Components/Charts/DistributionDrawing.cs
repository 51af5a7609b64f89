using System.Globalization;
using OpsConsole.Core.Policies.Judging;
using OpsConsole.Core.Signals;

namespace OpsConsole.Web.Components.Charts;

/// <summary>One bar of a histogram, in percent of its width and height.</summary>
public sealed record DistributionBar(string X, string Y, string Width, string Height);

/// <summary>How a metric's two distributions, its interval and its tolerance are drawn: everything in percent, worked out once.</summary>
public sealed record DistributionDrawing
{
    private const double Middle = 50;

    /// <summary>Kept free beside the interval, so that its ends can be seen.</summary>
    private const double Edge = 6;

    /// <summary>The new version, growing up from the middle.</summary>
    public required IReadOnlyList<DistributionBar> Canary { get; init; }

    /// <summary>The previous version, growing down from the middle.</summary>
    public required IReadOnlyList<DistributionBar> Baseline { get; init; }

    /// <summary>Ends of the shared axis with their unit.</summary>
    public required string Low { get; init; }

    public required string High { get; init; }

    /// <summary>The interval against the tolerance; null where nothing was judged.</summary>
    public IntervalDrawing? Interval { get; init; }

    /// <summary>A drawing; null where there is nothing to draw.</summary>
    public static DistributionDrawing? Of(AnalysedMetric metric)
    {
        ArgumentNullException.ThrowIfNull(metric);
        if (metric.Spread is not { } spread)
        {
            return null;
        }

        // Each side by its own share of values, so that sides of different sizes can be compared; the tallest bar fills its half.
        var (canary, baseline) = (Shares(spread.Canary), Shares(spread.Baseline));
        var tallest = canary.Concat(baseline).Max();
        return new()
        {
            Canary = Bars(canary, tallest, up: true),
            Baseline = Bars(baseline, tallest, up: false),
            Low = SignalText.Value(spread.Low, metric.Unit),
            High = SignalText.Value(spread.High, metric.Unit),
            Interval = IntervalDrawing.Of(metric, Edge),
        };
    }

    internal static string Percent(double value) => value.ToString("0.##", CultureInfo.InvariantCulture) + "%";

    private static double[] Shares(IReadOnlyList<int> counts)
    {
        var all = Math.Max(1, counts.Sum());
        return [.. counts.Select(c => (double)c / all)];
    }

    private static List<DistributionBar> Bars(double[] shares, double tallest, bool up)
    {
        var bars = new List<DistributionBar>();
        var width = 100.0 / shares.Length;
        for (var i = 0; i < shares.Length; i++)
        {
            if (shares[i] > 0)
            {
                var height = Math.Max(shares[i] / tallest * (Middle - 2), 1);
                bars.Add(new(Percent(i * width), Percent(up ? Middle - height : Middle), Percent(width * 0.9), Percent(height)));
            }
        }

        return bars;
    }
}

/// <summary>An interval on an axis with zero and the tolerance, in percent of its width.</summary>
/// <param name="Zero">Where there is no difference.</param>
/// <param name="ToleranceX">Begin of the tolerance.</param>
/// <param name="ToleranceWidth">Its width.</param>
/// <param name="From">Lower end of the interval.</param>
/// <param name="To">Upper end.</param>
/// <param name="Width">From one to the other.</param>
/// <param name="Estimate">The estimate.</param>
/// <param name="Sentence">The same in words.</param>
public sealed record IntervalDrawing(string Zero, string ToleranceX, string ToleranceWidth, string From, string To, string Width, string Estimate, string Sentence)
{
    internal static IntervalDrawing? Of(AnalysedMetric metric, double edge)
    {
        if (metric is not { Lower: { } lower, Upper: { } upper, Estimate: { } estimate, Tolerated: { } tolerated })
        {
            return null;
        }

        var (low, high) = (Math.Min(Math.Min(lower, -tolerated), 0), Math.Max(Math.Max(upper, tolerated), 0));
        var span = high > low ? high - low : 1;
        double X(double value) => edge + ((value - low) / span * (100 - (2 * edge)));
        string At(double value) => DistributionDrawing.Percent(X(value));
        var text = ShiftText.Of(metric.Unit, lower, upper);
        return new(
            At(0), At(-tolerated), DistributionDrawing.Percent(X(tolerated) - X(-tolerated)), At(lower), At(upper), DistributionDrawing.Percent(X(upper) - X(lower)), At(estimate),
            text.IsNothing
                ? "No shift: most values of both sides are equal."
                : $"Shift {text.Signed(estimate)}, interval {text.Signed(lower)} to {text.Signed(upper)}, tolerance ±{text.Amount(tolerated)}.");
    }
}
