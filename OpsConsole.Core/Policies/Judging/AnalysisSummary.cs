using System.Text.Json;
using System.Text.Json.Serialization;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Policies.Judging;

/// <summary>A signal of an analysis as it is kept and drawn; without the single values.</summary>
/// <param name="Name">As the policy writes it.</param>
/// <param name="Title">Name for people.</param>
/// <param name="Unit">Unit of all values.</param>
/// <param name="Group">Group whose score it counts in.</param>
/// <param name="Label">What the judge said.</param>
/// <param name="Critical">Whether that alone makes the score 0.</param>
/// <param name="Reason">One sentence with the numbers.</param>
/// <param name="Shift">The interval and the estimate; null where nothing was judged.</param>
/// <param name="Ratio">Mean of the canary over mean of the baseline, where it can be computed.</param>
/// <param name="Shapes">Both distributions over the same bins.</param>
/// <param name="Outliers">Values left out as outliers, on both sides.</param>
/// <param name="Thin">Points left out for too few observations, on both sides.</param>
public sealed record SignalSummary(
    string Name, string Title, SignalUnit Unit, string Group, MetricLabel Label, bool Critical, string Reason,
    ShiftInterval? Shift, double? Ratio, DistributionPair Shapes, int Outliers, int Thin);

/// <summary>An analysis as it is kept (<see cref="Gates.AnalysisRun.ReportJson"/>) and drawn.</summary>
/// <param name="From">Begin of the span, included.</param>
/// <param name="To">End of the span, not included.</param>
/// <param name="Score">0 to 100.</param>
/// <param name="Verdict">What follows.</param>
/// <param name="Reason">One sentence behind the verdict.</param>
/// <param name="Groups">Scores of groups.</param>
/// <param name="Signals">In the order of the policy.</param>
public sealed record AnalysisSummary(
    DateTimeOffset From, DateTimeOffset To, double Score, CanaryVerdict Verdict, string Reason, IReadOnlyList<GroupScore> Groups, IReadOnlyList<SignalSummary> Signals)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    public static AnalysisSummary Of(AnalysisReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return new(report.From, report.To, report.Judged.Score, report.Judged.Verdict, report.Judged.Reason, report.Judged.Groups, [.. report.Signals.Select(Of)]);
    }

    /// <summary>The text that is kept.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Options);

    /// <summary>What <see cref="ToJson"/> wrote; null where the text is something else.</summary>
    public static AnalysisSummary? FromJson(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<AnalysisSummary>(json, Options) is { Signals: not null, Groups: not null } summary ? summary : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static SignalSummary Of(AnalysedSignal signal)
    {
        var result = signal.Result;
        return new(
            signal.Name, signal.Definition?.Title ?? signal.Name, result.Rules.Unit, result.Rules.Group, result.Label, result.Critical, result.Reason,
            result.Shift, result.Ratio, signal.Shapes, result.Canary.Outliers + result.Baseline.Outliers, signal.Thin);
    }
}
