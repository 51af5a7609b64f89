using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Policies.Judging;

/// <summary>One signal of an analysis: the label and the two distributions behind it.</summary>
/// <param name="Signal">Which signal.</param>
/// <param name="Definition">What it is; null where the release does not have it.</param>
/// <param name="Result">The label with its sentence and numbers; it holds the values that were judged.</param>
/// <param name="Shapes">The two distributions over the same bins.</param>
/// <param name="Thin">Points left out because fewer observations stood behind them than the signal asks for.</param>
public sealed record AnalysedSignal(SignalKey Signal, SignalDefinition? Definition, MetricResult Result, DistributionPair Shapes, int Thin);

/// <summary>A release's canary held against its baseline over a span of time.</summary>
/// <param name="ReleaseId">Which release.</param>
/// <param name="From">Begin of the span, included.</param>
/// <param name="To">End of the span, not included.</param>
/// <param name="Signals">In the order of the specification.</param>
/// <param name="Judged">Groups, score and verdict.</param>
public sealed record AnalysisReport(Guid ReleaseId, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<AnalysedSignal> Signals, JudgeReport Judged);

/// <summary>Judges a release by its charted history.</summary>
public sealed class CanaryAnalysis(ISignalHistoryStore history)
{
    /// <summary>Longest span that is judged: what the history keeps.</summary>
    public static readonly TimeSpan LongestSpan = TimeSpan.FromHours(48);

    /// <summary>More than a series has points in that time, so that none are thinned out: thinning keeps spikes and would bend the sample.</summary>
    private const int AllPoints = 20_000;

    /// <summary>Judges a span.</summary>
    /// <param name="release">The release; its frozen signals say which way is bad.</param>
    /// <param name="spec">What to look at.</param>
    /// <param name="from">Begin, included.</param>
    /// <param name="to">End, not included; after <paramref name="from"/> and at most <see cref="LongestSpan"/> later.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="ArgumentException">The span is empty or too long.</exception>
    public async Task<AnalysisReport> RunAsync(
        Release release, AnalysisSpec spec, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(release);
        ArgumentNullException.ThrowIfNull(spec);
        if (to <= from || to - from > LongestSpan)
        {
            throw new ArgumentException($"An analysis takes a span of up to {LongestSpan.TotalHours:0} hours.", nameof(to));
        }

        var points = await history.ReadAsync(release.Id, from, AllPoints, cancellationToken);
        return Judge(release, spec, from, to, points);
    }

    /// <summary>As <see cref="RunAsync"/>, over points at hand; those of other signals or times are passed over.</summary>
    public static AnalysisReport Judge(
        Release release, AnalysisSpec spec, DateTimeOffset from, DateTimeOffset to, IEnumerable<SignalPoint> points)
    {
        ArgumentNullException.ThrowIfNull(release);
        ArgumentNullException.ThrowIfNull(spec);
        var series = points.Where(p => p.At >= from && p.At < to).ToLookup(p => (p.Signal, p.Side));
        var signals = spec.Metrics.Select(metric => Judge(release, spec, metric, series)).ToList();
        return new(release.Id, from, to, signals, CanaryJudge.Report([.. signals.Select(s => s.Result)], spec.Weights, spec.Thresholds));
    }

    private static AnalysedSignal Judge(
        Release release, AnalysisSpec spec, AnalysisMetric metric, ILookup<(SignalKey Signal, SignalSide Side), SignalPoint> series)
    {
        if (release.Signals.FirstOrDefault(s => s.Key == metric.Signal) is not { } definition)
        {
            return Unknown(metric);
        }

        var rules = new MetricRules
        {
            Name = metric.Signal.Value,
            Group = metric.Group ?? definition.Family.ToString(),
            Direction = definition.Better == BetterWhen.Lower ? WorseWhen.Increase : WorseWhen.Decrease,
            Critical = metric.Critical,
            Tolerance = metric.Tolerance,
            Confidence = metric.Confidence,
            Effect = metric.Effect,
            MinimumPoints = spec.MinimumPoints,
            NoData = metric.NoData ?? (definition.Required ? NoDataMeaning.Inconclusive : NoDataMeaning.Ignore),
            Unit = definition.Unit,
        };
        var (canary, thinCanary) = Values(series[(metric.Signal, SignalSide.Canary)], definition);
        var (baseline, thinBaseline) = Values(series[(metric.Signal, SignalSide.Baseline)], definition);
        var result = MetricJudge.Judge(rules, canary, baseline);
        return new(metric.Signal, definition, result, DistributionPair.Of(result.Canary, result.Baseline), thinCanary + thinBaseline);
    }

    private static (double[] Values, int Thin) Values(IEnumerable<SignalPoint> points, SignalDefinition definition)
    {
        var all = points.ToList();
        double[] solid = [.. all.Where(p => p.Count >= definition.MinimumCount).Select(p => p.Value)];
        return (solid, all.Count - solid.Length);
    }

    private static AnalysedSignal Unknown(AnalysisMetric metric)
    {
        var none = MetricSample.Of([], NanStrategy.Remove);
        var result = new MetricResult
        {
            Rules = new() { Name = metric.Signal.Value, Group = metric.Group ?? "default", Critical = metric.Critical },
            Label = MetricLabel.Error,
            Critical = metric.Critical,
            Reason = $"Error: the release has no signal '{metric.Signal}'.",
            Canary = none,
            Baseline = none,
        };
        return new(metric.Signal, null, result, DistributionPair.Of(none, none), 0);
    }
}
