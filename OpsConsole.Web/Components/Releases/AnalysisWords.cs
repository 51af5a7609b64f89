using System.Globalization;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Policies.Judging;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;

namespace OpsConsole.Web.Components.Releases;

/// <summary>Words and classes of an analysis, for its panel and the line that leads to it.</summary>
internal static class AnalysisWords
{
    public static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    public static string Tone(CanaryVerdict verdict) => verdict switch { CanaryVerdict.Pass => "pass", CanaryVerdict.Fail => "fail", CanaryVerdict.Error => "error", _ => "inconclusive" };

    public static string Tone(MetricLabel label) => label switch { MetricLabel.Pass => "pass", MetricLabel.Nodata => "inconclusive", MetricLabel.Error => "error", _ => "fail" };

    public static string Word(MetricLabel label) => label == MetricLabel.Nodata ? "No data" : label.ToString();

    /// <summary>False before anything could be compared: the score of nothing is not a score of 0.</summary>
    public static bool HasScore(StageReport report) => report.Metrics.Any(m => m.Label is not (MetricLabel.Nodata or MetricLabel.Error));

    /// <summary>How many metrics a group has: <c>1 metric</c>.</summary>
    public static string Metrics(int count) => count == 1 ? "1 metric" : $"{count} metrics";

    /// <summary>What stands behind a metric, and from when on there may be enough of it.</summary>
    public static string Points(AnalysedMetric metric, StageReport report) => metric.PointIntervalSeconds is not { } every
        ? $"{metric.CanaryPoints} points of the new version, {metric.BaselinePoints} of the previous; at least {report.MinimumPoints} each"
        : $"{metric.CanaryPoints} independent points of the new version, {metric.BaselinePoints} of the previous, one every {SignalText.Duration(TimeSpan.FromSeconds(every))}"
            + (metric.IsIntervalPresumed ? " (to be safe: the signal does not say what time a sample is taken over)" : "")
            + $"; at least {report.MinimumPoints} each"
            + (metric.SecondsToEnough is { } left ? string.Create(CultureInfo.InvariantCulture, $", which are there at {report.Until.AddSeconds(left).UtcDateTime:HH:mm:ss} UTC at the earliest") : "");

    /// <summary>False where no gate of the release's policy reads the analysis.</summary>
    public static bool Holds(Release release, IPolicyReader policies)
    {
        try
        {
            return release.Policy is { } snapshot && policies.Read(snapshot).AnalysisHolds;
        }
        catch (FormatException)
        {
            // A policy that cannot be read lets nothing go on, and its gate says so.
            return true;
        }
    }
}
