using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Policies.Judging;

/// <summary>Which way of moving away from the baseline is bad.</summary>
public enum WorseWhen
{
    /// <summary>Any difference.</summary>
    Either,

    /// <summary>Higher than the baseline, as latency and errors are.</summary>
    Increase,

    /// <summary>Lower than the baseline, as success rates are.</summary>
    Decrease,
}

/// <summary>What is done with points that have no value.</summary>
public enum NanStrategy
{
    /// <summary>They are left out.</summary>
    Remove,

    /// <summary>They count as 0: for metrics that have no value while nothing happens.</summary>
    Replace,
}

/// <summary>What it means that a metric has too few points.</summary>
public enum NoDataMeaning
{
    /// <summary>The analysis cannot pass: its verdict is inconclusive at best.</summary>
    Inconclusive,

    /// <summary>As inconclusive, and the metric counts in its group's score as one that did not pass.</summary>
    Fail,

    /// <summary>The metric is left out; what the others say decides.</summary>
    Ignore,
}

/// <summary>What one metric is held to.</summary>
public sealed record MetricRules
{
    /// <summary>Unique in an analysis.</summary>
    public required string Name { get; init; }

    /// <summary>The group whose score the metric counts in.</summary>
    public string Group { get; init; } = "default";

    public WorseWhen Direction { get; init; } = WorseWhen.Either;

    /// <summary>One critical metric that passes its critical effect size in the bad direction, or cannot be judged, makes the whole score 0.</summary>
    public bool Critical { get; init; }

    /// <summary>How much clearer than the confidence asks for a difference has to be: as a share of the estimated shift that the interval has to clear beyond zero; 0 to below 1.</summary>
    public double Tolerance { get; init; } = 0.25;

    /// <summary>Confidence of the interval, above 0.5 and below 1.</summary>
    public double Confidence { get; init; } = 0.98;

    public EffectLimits Effect { get; init; } = EffectLimits.MeanRatio;

    public NanStrategy Nan { get; init; } = NanStrategy.Remove;

    /// <summary>Fewest points a side that are judged, 0 or more. A side without any measured value is never judged.</summary>
    public int MinimumPoints { get; init; } = 50;

    /// <summary>Of the points where gaps are replaced, the fewest a side that were really measured for the metric to pass: a tenth of <see cref="MinimumPoints"/>, and two at least.</summary>
    public int LeastMeasured => Math.Max(2, (MinimumPoints + 9) / 10);

    public NoDataMeaning NoData { get; init; } = NoDataMeaning.Inconclusive;

    /// <summary>Half-width of the tolerance around zero, in the unit of the values.</summary>
    public double Tolerated(ShiftInterval shift) => Tolerance * Math.Abs(shift.Estimate);

    /// <summary>Unit of the values, for the sentence.</summary>
    public SignalUnit Unit { get; init; } = SignalUnit.None;
}
