namespace OpsConsole.Core.Signals;

/// <summary>What a signal tells about: the four families of the board first, then the supporting ones.</summary>
public enum SignalFamily
{
    Errors,
    Latency,
    CrashFree,
    Business,
    Saturation,
    Dependency,
    Synthetic,
    Slo,
}

/// <summary>Unit of a signal's values.</summary>
public enum SignalUnit
{
    /// <summary>A plain number.</summary>
    None,

    /// <summary>Percent, 0 to 100. A delta is in percentage points.</summary>
    Percent,

    /// <summary>Milliseconds. A delta is in relative percent.</summary>
    Milliseconds,

    /// <summary>Events per second. A delta is in relative percent.</summary>
    PerSecond,

    /// <summary>A count of things. A delta is in relative percent.</summary>
    Count,

    /// <summary>A burn rate or other factor, written 4x. A delta is in relative percent.</summary>
    Factor,
}

/// <summary>Which way a signal gets better.</summary>
public enum BetterWhen
{
    Lower,
    Higher,
}

/// <summary>How the samples of a window become one value.</summary>
public enum SignalAggregation
{
    /// <summary>Mean of the samples weighted by their counts: right for rates and ratios.</summary>
    WeightedMean,

    /// <summary>The newest sample: right for quantiles that the source computed over a window of its own, and for gauges.</summary>
    Latest,
}

/// <summary>One signal of one release: what it is and what it is held to.</summary>
public sealed record SignalDefinition
{
    public required SignalKey Key { get; init; }

    /// <summary>Name for people, for example "errors".</summary>
    public required string Title { get; init; }

    public required SignalFamily Family { get; init; }

    public required SignalUnit Unit { get; init; }

    public required BetterWhen Better { get; init; }

    public SignalAggregation Aggregation { get; init; } = SignalAggregation.WeightedMean;

    /// <summary>The value of the new version that must not be passed (above it where lower is better, below it where higher is). Null: no limit.</summary>
    public double? Limit { get; init; }

    /// <summary>How much worse than the baseline the new version may be: percentage points for <see cref="SignalUnit.Percent"/>, else relative percent. Positive. Null: no limit.</summary>
    public double? DeltaLimit { get; init; }

    /// <summary>Fewest observations of the new version in the window that a verdict is based on.</summary>
    public long MinimumCount { get; init; } = 50;

    /// <summary>A required signal that is stale, missing or short of samples keeps the release from being promoted.</summary>
    public bool Required { get; init; } = true;

    /// <summary>Time the value is taken over.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time that one sample is itself taken over where it is measured (the window of a quantile, for example); zero for a single look and for increments since the sample before. Null: not stated.</summary>
    public TimeSpan? SampledOver { get; init; }

    /// <summary>Age from which the newest sample counts as stale.</summary>
    public TimeSpan StaleAfter { get; init; } = TimeSpan.FromSeconds(15);
}
