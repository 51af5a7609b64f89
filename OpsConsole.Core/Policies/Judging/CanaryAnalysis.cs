using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Policies.Judging;

/// <summary>One signal of an analysis: the label and the two distributions behind it.</summary>
/// <param name="Name">The signal as the policy writes it.</param>
/// <param name="Definition">What it is; null where the release does not have it.</param>
/// <param name="Result">The label with its sentence and numbers; it holds the values that were judged.</param>
/// <param name="Shapes">The two distributions over the same bins.</param>
/// <param name="Thin">Points left out because fewer observations stood behind them than the signal asks for.</param>
/// <param name="Spacing">How far apart the points are that were judged; null where the release does not have the signal.</param>
public sealed record AnalysedSignal(string Name, SignalDefinition? Definition, MetricResult Result, DistributionPair Shapes, int Thin, PointSpacing? Spacing);

/// <summary>A release's canary held against its baseline over a span of time.</summary>
/// <param name="ReleaseId">Which release.</param>
/// <param name="From">Begin of the span, included.</param>
/// <param name="To">End of the span, not included.</param>
/// <param name="Signals">In the order of the policy.</param>
/// <param name="Judged">Groups, score and verdict.</param>
public sealed record AnalysisReport(Guid ReleaseId, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<AnalysedSignal> Signals, JudgeReport Judged);

/// <summary>Judges a release by its charted history: by those of its points that share no observation (<see cref="PointSpacing"/>).</summary>
public sealed class CanaryAnalysis(ISignalHistoryStore history)
{
    /// <summary>Longest span that is judged: what the history keeps.</summary>
    public static readonly TimeSpan LongestSpan = TimeSpan.FromHours(48);

    /// <summary>More than a series has points in that time, so that none are thinned out: thinning keeps spikes and would bend the sample.</summary>
    private const int AllPoints = 20_000;

    /// <summary>Judges a span.</summary>
    /// <param name="release">The release; its frozen signals say which way is bad.</param>
    /// <param name="policy">What to look at; no metrics: every signal of the release that does not grow with traffic.</param>
    /// <param name="from">Begin, included.</param>
    /// <param name="to">End, not included; after <paramref name="from"/> and at most <see cref="LongestSpan"/> later.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="ArgumentException">The span is empty or too long.</exception>
    public async Task<AnalysisReport> RunAsync(
        Release release, AnalysisPolicy policy, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(release);
        ArgumentNullException.ThrowIfNull(policy);
        if (to <= from || to - from > LongestSpan)
        {
            throw new ArgumentException($"An analysis takes a span of up to {LongestSpan.TotalHours:0} hours.", nameof(to));
        }

        var points = await history.ReadAsync(release.Id, from, AllPoints, cancellationToken);
        return Judge(release, policy, from, to, points);
    }

    /// <summary>As <see cref="RunAsync"/>, over points at hand; those of other signals or times are passed over.</summary>
    public static AnalysisReport Judge(
        Release release, AnalysisPolicy policy, DateTimeOffset from, DateTimeOffset to, IEnumerable<SignalPoint> points)
    {
        ArgumentNullException.ThrowIfNull(release);
        ArgumentNullException.ThrowIfNull(policy);
        var metrics = policy.Metrics.Count > 0 ? policy.Metrics : [.. Comparable(release.Signals).Select(s => new AnalysisMetric(s.Key.Value, Group: s.Family.ToString()))];
        var series = points.Where(p => p.At >= from && p.At < to).ToLookup(p => (p.Signal, p.Side));
        var signals = metrics.Select(metric => Judge(release, policy.MinimumPoints, metric, series)).ToList();
        var weights = metrics.Where(m => m.Weight is not null).DistinctBy(m => m.Group).ToDictionary(m => m.Group, m => m.Weight!.Value);
        var judged = CanaryJudge.Report([.. signals.Select(s => s.Result)], weights, new(policy.Pass, policy.Marginal));
        return new(release.Id, from, to, signals, judged);
    }

    /// <summary>Rates of requests and counts of a canary at 5 % say nothing beside those of the rest.</summary>
    internal static IEnumerable<SignalDefinition> Comparable(IEnumerable<SignalDefinition> signals) =>
        signals.Where(s => s.Unit is SignalUnit.Percent or SignalUnit.Milliseconds or SignalUnit.Factor);

    private static AnalysedSignal Judge(
        Release release, int minimumPoints, AnalysisMetric metric, ILookup<(SignalKey Signal, SignalSide Side), SignalPoint> series)
    {
        var rules = Rules(metric, minimumPoints);
        if (SignalNames.Resolve(metric.Signal, release.Signals) is not { } definition)
        {
            return Unknown(rules);
        }

        // Where a gap counts as 0, a moment at which anything of the release was recorded and this signal was not is such a gap.
        var replaces = metric.NanStrategy == NanStrategy.Replace;
        var spacing = PointSpacing.Of(definition);
        var independent = spacing.Cut(
            series[(definition.Key, SignalSide.Canary)], series[(definition.Key, SignalSide.Baseline)], replaces ? series.SelectMany(static s => s).Select(static p => p.At) : []);
        var (canary, thinCanary) = Values(independent.Canary, definition, replaces);
        var (baseline, thinBaseline) = Values(independent.Baseline, definition, replaces);
        var result = MetricJudge.Judge(
            rules with
            {
                Direction = metric.Direction ?? (definition.Better == BetterWhen.Lower ? WorseWhen.Increase : WorseWhen.Decrease),
                NoData = metric.NoData ?? (definition.Required ? NoDataMeaning.Inconclusive : NoDataMeaning.Ignore),
                Unit = definition.Unit,
            },
            canary,
            baseline);
        return new(metric.Signal, definition, result, DistributionPair.Of(result.Canary, result.Baseline), thinCanary + thinBaseline, spacing);
    }

    private static MetricRules Rules(AnalysisMetric metric, int minimumPoints)
    {
        var rules = new MetricRules { Name = metric.Signal };
        var effect = EffectLimits.None(metric.Measure);
        return rules with
        {
            Group = metric.Group,
            Critical = metric.Critical,
            Tolerance = metric.Tolerance ?? rules.Tolerance,
            Confidence = metric.Confidence ?? rules.Confidence,
            Nan = metric.NanStrategy,
            MinimumPoints = metric.MinimumPoints ?? minimumPoints,
            Effect = new(
                effect.Measure,
                metric.AllowedIncrease ?? effect.AllowedIncrease,
                metric.AllowedDecrease ?? effect.AllowedDecrease,
                metric.CriticalIncrease ?? effect.CriticalIncrease,
                metric.CriticalDecrease ?? effect.CriticalDecrease),
        };
    }

    /// <summary>The values, not-a-number for a gap. A point behind which too few observations stand is one too, unless gaps are replaced: something was measured there, and it was not 0.</summary>
    private static (double[] Values, int Thin) Values(IReadOnlyList<SignalPoint?> points, SignalDefinition definition, bool replaces)
    {
        bool IsThin(SignalPoint? point) => point is { } there && there.Count < definition.MinimumCount;
        return ([.. points.Where(p => !(replaces && IsThin(p))).Select(p => p is { } point && !IsThin(p) ? point.Value : double.NaN)], points.Count(IsThin));
    }

    private static AnalysedSignal Unknown(MetricRules rules)
    {
        var none = MetricSample.Of([], NanStrategy.Remove);
        var result = new MetricResult
        {
            Rules = rules,
            Label = MetricLabel.Error,
            Critical = rules.Critical,
            Reason = $"Error: the release has no signal '{rules.Name}'.",
            Canary = none,
            Baseline = none,
        };
        return new(rules.Name, null, result, DistributionPair.Of(none, none), 0, null);
    }
}
