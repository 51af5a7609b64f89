using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Policies.Judging;

/// <summary>What an analysis looks at for one signal. Which way is bad comes from the signal.</summary>
public sealed record AnalysisMetric
{
    public required SignalKey Signal { get; init; }

    /// <summary>See <see cref="MetricRules.Critical"/>.</summary>
    public bool Critical { get; init; }

    /// <summary>Group whose score it counts in; null for the signal's family.</summary>
    public string? Group { get; init; }

    /// <summary>See <see cref="MetricRules.Tolerance"/>.</summary>
    public double Tolerance { get; init; } = 0.25;

    /// <summary>See <see cref="MetricRules.Confidence"/>.</summary>
    public double Confidence { get; init; } = 0.98;

    public EffectLimits Effect { get; init; } = EffectLimits.MeanRatio;

    /// <summary>What too few points mean; null for inconclusive where the signal is required, else ignore.</summary>
    public NoDataMeaning? NoData { get; init; }
}

/// <summary>What an analysis of a release looks at.</summary>
public sealed record AnalysisSpec
{
    /// <summary>One or more, each signal once.</summary>
    public required IReadOnlyList<AnalysisMetric> Metrics { get; init; }

    /// <summary>Weights of groups in percent (see <see cref="CanaryScore.Of"/>).</summary>
    public IReadOnlyDictionary<string, double> Weights { get; init; } = new Dictionary<string, double>();

    public ScoreThresholds Thresholds { get; init; } = ScoreThresholds.Default;

    /// <summary>Fewest points a side, of ten seconds each.</summary>
    public int MinimumPoints { get; init; } = 50;

    /// <summary>Every signal whose values do not grow with traffic: rates of requests and counts of a canary at 5 % say nothing beside those of the rest.</summary>
    public static AnalysisSpec Of(IEnumerable<SignalDefinition> signals) => new()
    {
        Metrics = [.. signals
            .Where(s => s.Unit is SignalUnit.Percent or SignalUnit.Milliseconds or SignalUnit.Factor)
            .Select(s => new AnalysisMetric { Signal = s.Key })],
    };
}
