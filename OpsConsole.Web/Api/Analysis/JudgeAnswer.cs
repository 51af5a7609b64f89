using System.ComponentModel;
using System.Text.Json;
using OpsConsole.Core.Policies.Judging;

namespace OpsConsole.Web.Api.Analysis;

/// <summary>What the judge says.</summary>
/// <param name="Metrics">In the order of the request.</param>
/// <param name="Groups">In the order in which they first appear.</param>
/// <param name="Score">0 to 100.</param>
/// <param name="Verdict">pass, marginal, fail, inconclusive or error.</param>
/// <param name="Reason">One sentence behind the verdict.</param>
internal sealed record JudgeAnswer(
    IReadOnlyList<MetricAnswer> Metrics,
    IReadOnlyList<GroupScore> Groups,
    [property: Description("0 to 100, two decimals.")] double Score,
    [property: Description("pass, marginal, fail, inconclusive or error.")] string Verdict,
    string Reason)
{
    public static JudgeAnswer From(JudgeReport report) => new(
        [.. report.Metrics.Select(MetricAnswer.From)],
        report.Groups,
        report.Score,
        JsonNamingPolicy.CamelCase.ConvertName(report.Verdict.ToString()),
        report.Reason);
}

/// <summary>One metric, judged. Numbers that there is nothing to compute from are null.</summary>
internal sealed record MetricAnswer(
    string Name,
    string Group,
    [property: Description("Pass, High, Low, Nodata or Error.")] string Classification,
    [property: Description("The critical effect size was passed; or a critical metric could not be judged.")] bool Critical,
    string Reason,
    double? Lower,
    double? Upper,
    double? Estimate,
    [property: Description("Mean of the canary over mean of the baseline, or the common language effect size where that is the measure.")] double? Ratio,
    [property: Description("Points of the canary that were compared: gaps handled, outliers left out.")] int CanaryPoints,
    int BaselinePoints,
    int CanaryOutliers,
    int BaselineOutliers)
{
    public static MetricAnswer From(MetricResult result) => new(
        result.Rules.Name,
        result.Rules.Group,
        result.Label.ToString(),
        result.Critical || result.PassedCriticalSize,
        result.Reason,
        result.Shift?.Lower,
        result.Shift?.Upper,
        result.Shift?.Estimate,
        result.Ratio,
        result.Canary.Values.Length,
        result.Baseline.Values.Length,
        result.Canary.Outliers,
        result.Baseline.Outliers);
}
