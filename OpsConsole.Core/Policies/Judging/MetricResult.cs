namespace OpsConsole.Core.Policies.Judging;

/// <summary>What the judge says of one metric.</summary>
public enum MetricLabel
{
    /// <summary>No difference in the bad direction was shown.</summary>
    Pass,

    /// <summary>The canary is higher than the baseline, and that is bad.</summary>
    High,

    /// <summary>The canary is lower than the baseline, and that is bad.</summary>
    Low,

    /// <summary>Too few points to say.</summary>
    Nodata,

    /// <summary>The values cannot be judged.</summary>
    Error,
}

/// <summary>One metric, judged.</summary>
public sealed record MetricResult
{
    public required MetricRules Rules { get; init; }

    public required MetricLabel Label { get; init; }

    /// <summary>A critical metric that passed its critical effect size in the bad direction, or that could not be judged.</summary>
    public bool Critical { get; init; }

    /// <summary>The critical effect size was passed: one that was given, or, of a critical metric, the default.</summary>
    public bool PassedCriticalSize { get; init; }

    /// <summary>One sentence with the numbers behind the label.</summary>
    public required string Reason { get; init; }

    /// <summary>By how much the canary lies above the baseline, in the unit of the values; null where nothing was judged.</summary>
    public ShiftInterval? Shift { get; init; }

    /// <summary>Mean of the canary over mean of the baseline, or the common language effect size where that is the measure; null where it cannot be computed or nothing was judged.</summary>
    public double? Ratio { get; init; }

    public required MetricSample Canary { get; init; }

    public required MetricSample Baseline { get; init; }
}
