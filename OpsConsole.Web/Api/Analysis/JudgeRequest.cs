using System.ComponentModel;

namespace OpsConsole.Web.Api.Analysis;

/// <summary>Metrics to judge, canary against baseline.</summary>
internal sealed record JudgeRequest(
    [property: Description("1 to 200 metrics.")] IReadOnlyList<JudgeMetric?>? Metrics,
    ThresholdsPart? Thresholds);

/// <summary>One metric: its two samples and what they are held to.</summary>
internal sealed record JudgeMetric
{
    [Description("1 to 256 characters, unique in the request.")]
    public string? Name { get; init; }

    [Description("Points of the new version, at most 100,000, in any order; null or \"NaN\" for a point without a value.")]
    public PointArray? Canary { get; init; }

    [Description("Points of the version it is compared with, as canary.")]
    public PointArray? Baseline { get; init; }

    [Description("Which way is bad: increase, decrease or either. Default: either.")]
    public string? Direction { get; init; }

    [Description("Whether the metric alone can make the score 0. Default: false.")]
    public bool? Critical { get; init; }

    [Description("Weight of the metric's group, 0 to 100; the same in every metric of the group that gives one. Groups without a weight share what the others leave of 100.")]
    public double? Weight { get; init; }

    [Description("Group whose score the metric counts in. Default: one group for all metrics that give neither group nor weight; a metric with a weight alone is a group of its own.")]
    public string? Group { get; init; }

    [Description("Share of the estimated shift that the interval has to clear, 0 to below 1; taken in ranks, as 1 / (1 - tolerance) times the quantile of the confidence. Default: 0.25.")]
    public double? Tolerance { get; init; }

    [Description("Confidence of the interval, above 0.5 and below 1. Default: 0.98.")]
    public double? Confidence { get; init; }

    public EffectSizePart? EffectSize { get; init; }

    [Description("What becomes of points without a value: remove, or replace by 0. Default: remove.")]
    public string? NanStrategy { get; init; }

    [Description("Fewest points a side that are judged, 2 to 100,000. Default: 50. Where gaps are replaced, a tenth of these and two at least must have been measured for the metric to pass.")]
    public int? MinimumPoints { get; init; }

    [Description("What too few points mean: inconclusive, fail (also counts against the group) or ignore. Default: inconclusive.")]
    public string? NoData { get; init; }
}

/// <summary>How large a difference has to be to count. Defaults are the value of no difference: 1 for meanRatio, 0.5 for cles.</summary>
internal sealed record EffectSizePart(
    [property: Description("meanRatio or cles (common language effect size). Default: meanRatio.")] string? Measure,
    [property: Description("An increase below this passes.")] double? AllowedIncrease,
    [property: Description("A decrease above this passes.")] double? AllowedDecrease,
    [property: Description("An increase from here on is critical.")] double? CriticalIncrease,
    [property: Description("A decrease down to here is critical.")] double? CriticalDecrease);

/// <summary>From which score the analysis passes or is marginal; 0 to 100, marginal not above pass.</summary>
internal sealed record ThresholdsPart(
    [property: Description("Default: 95.")] double? Pass,
    [property: Description("Default: 75, or pass where that is less.")] double? Marginal);
