using System.Text.Json;
using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Core.Sources.AppStoreMetrics;

/// <summary>One value of a power or performance metric.</summary>
/// <param name="Category">As the API writes it, for example <c>HANG</c>.</param>
/// <param name="Metric">Likewise, <c>hangRate</c>.</param>
/// <param name="Unit">The name of its unit; null where none is stated.</param>
/// <param name="Device">What devices it is of, <c>all_iphones</c>.</param>
/// <param name="Percentile">What percentile of the users it is of, <c>percentile.fifty</c>; null where none is stated.</param>
/// <param name="Version">The app's version.</param>
/// <param name="Value">The value, also one that is not finite.</param>
/// <param name="Margin">By how much it may be wrong, which Apple states where it has few samples; null where it has enough.</param>
internal sealed record XcodeMetric(string Category, string Metric, string? Unit, string? Device, string? Percentile, string Version, double Value, double? Margin)
{
    /// <summary>Most values that are looked through: what is asked for is a few of one build.</summary>
    public const int Most = 2_000;

    /// <summary>Reads an answer of <c>perfPowerMetrics</c>.</summary>
    /// <exception cref="TargetUnreachableException">It holds far more than was asked for.</exception>
    public static IReadOnlyList<XcodeMetric> Read(JsonElement answer)
    {
        // Without data the list is empty; it is never left out.
        var read = new List<XcodeMetric>();
        foreach (var category in answer.GetProperty("productData").EnumerateArray().SelectMany(static product => Of(product, "metricCategories")))
        {
            foreach (var metric in Of(category, "metrics"))
            {
                var unit = metric.TryGetProperty("unit", out var of) ? Text(of, "identifier") : null;
                foreach (var (criteria, point) in Of(metric, "datasets").SelectMany(static set => Of(set, "points"), static (set, point) => (set.GetProperty("filterCriteria"), point)))
                {
                    read.Add(new XcodeMetric(
                        Text(category, "identifier") ?? "", Text(metric, "identifier") ?? "", unit, Text(criteria, "device"), Text(criteria, "percentile"),
                        Text(point, "version") ?? "", point.GetProperty("value").GetDouble(), point.TryGetProperty("errorMargin", out var margin) ? margin.GetDouble() : null));
                    if (read.Count > Most)
                    {
                        throw new TargetUnreachableException($"App Store Connect answered more than {Most} values where a few of one build were asked for.");
                    }
                }
            }
        }

        return read;
    }

    /// <summary>Whether it is of a version: Apple may write the build's number behind it, "2.15.0 (215)".</summary>
    public bool IsOf(string version) => Version == version || Version.StartsWith($"{version} (", StringComparison.Ordinal);

    private static JsonElement[] Of(JsonElement of, string name) => of.TryGetProperty(name, out var list) ? [.. list.EnumerateArray()] : [];

    private static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out var text) ? text.GetString() : null;
}
