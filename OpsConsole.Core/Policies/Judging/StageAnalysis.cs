using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Policies.Judging;

/// <summary>Has the judge compare the recorded points of a release with those of the version before it.</summary>
public static class StageAnalysis
{
    /// <summary>Time between two recorded points.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(10);

    /// <summary>Most time that is compared.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(4);

    /// <summary>What is compared where the policy asks for nothing: every signal of the release, alike.</summary>
    public static AnalysisPolicy EverySignal(Release release)
    {
        ArgumentNullException.ThrowIfNull(release);
        return new() { Metrics = [.. release.Signals.Select(s => new AnalysisMetric(s.Key.Value))] };
    }

    /// <summary>From when points are compared: the begin of the present stage, and the first exposure while the stage is too young to have the points that are needed, or where nobody has the previous version any more.</summary>
    public static DateTimeOffset WindowFrom(AnalysisPolicy policy, DateTimeOffset stageEnteredAt, double exposurePercent, DateTimeOffset firstExposedAt, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var young = now - stageEnteredAt < policy.MinimumPoints * Step;
        var from = young || exposurePercent >= 100 ? firstExposedAt : stageEnteredAt;
        return from > now - Longest ? from : now - Longest;
    }

    /// <summary>Judges.</summary>
    /// <param name="release">Whose signals.</param>
    /// <param name="policy">What is compared, and from which score it passes.</param>
    /// <param name="points">Recorded points; those outside the window are not looked at.</param>
    /// <param name="from">Begin of the window.</param>
    /// <param name="now">Its end.</param>
    /// <param name="isAskedFor">Whether the release's policy asks for it.</param>
    public static AnalysisReport Judge(Release release, AnalysisPolicy policy, IEnumerable<SignalPoint> points, DateTimeOffset from, DateTimeOffset now, bool isAskedFor)
    {
        ArgumentNullException.ThrowIfNull(release);
        ArgumentNullException.ThrowIfNull(policy);
        var sides = points.Where(p => p.At >= from && p.At <= now).ToLookup(p => (p.Signal, p.Side));
        var judged = new List<(AnalysedMetric Metric, MetricResult Result)>();
        foreach (var metric in policy.Metrics)
        {
            var definition = SignalNames.Resolve(metric.Signal, release.Signals);
            var rules = Rules(metric, definition, policy.MinimumPoints);
            var result = definition is null
                ? MetricJudge.Judge(rules, [], [])
                : MetricJudge.Judge(rules, Values(definition, sides[(definition.Key, SignalSide.Canary)]), Values(definition, sides[(definition.Key, SignalSide.Baseline)]));
            judged.Add((Show(metric, definition, result), result));
        }

        var weights = policy.Metrics.Where(m => m.Weight is not null).GroupBy(m => m.Group, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.First().Weight!.Value, StringComparer.Ordinal);
        var report = CanaryJudge.Report([.. judged.Select(j => j.Result)], weights, new(policy.Pass, policy.Marginal));
        return new()
        {
            At = now, StageIndex = release.StageIndex, From = from, Until = now, Verdict = report.Verdict, Score = report.Score, Reason = report.Reason, Pass = policy.Pass, Marginal = policy.Marginal,
            MinimumPoints = policy.MinimumPoints, IsAskedFor = isAskedFor, Groups = report.Groups, Metrics = [.. judged.Select(j => j.Metric)],
        };
    }

    private static MetricRules Rules(AnalysisMetric metric, SignalDefinition? definition, int minimumPoints)
    {
        // A critical metric without limits of its own is critical with whatever counts; limits of its own make any metric critical from there on.
        var limited = metric.CriticalIncrease is not null || metric.CriticalDecrease is not null;
        return new()
        {
            Name = metric.Signal,
            Group = metric.Group,
            Direction = definition?.Better switch
            {
                BetterWhen.Lower => WorseWhen.Increase,
                BetterWhen.Higher => WorseWhen.Decrease,
                _ => WorseWhen.Either,
            },
            Critical = metric.Critical || limited,
            Effect = new(
                EffectMeasure.MeanRatio, metric.AllowedIncrease ?? 1, metric.AllowedDecrease ?? 1,
                metric.CriticalIncrease ?? (limited ? double.PositiveInfinity : 1), metric.CriticalDecrease ?? (limited ? double.NegativeInfinity : 1)),
            MinimumPoints = minimumPoints,
            Unit = definition?.Unit ?? SignalUnit.None,
        };
    }

    /// <summary>A point with too few observations behind it is a gap.</summary>
    private static double[] Values(SignalDefinition definition, IEnumerable<SignalPoint> points) =>
        [.. points.Select(p => p.Count >= definition.MinimumCount ? p.Value : double.NaN)];

    private static AnalysedMetric Show(AnalysisMetric metric, SignalDefinition? definition, MetricResult result) => new()
    {
        Signal = definition?.Key.Value ?? metric.Signal,
        Title = definition?.Title ?? metric.Signal,
        Unit = result.Rules.Unit,
        Group = metric.Group,
        Label = result.Label,
        IsCritical = result.Rules.Critical,
        FailedCritically = result.Critical,
        Reason = definition is null ? $"No data: the release has no signal {metric.Signal}." : result.Reason,
        Lower = Finite(result.Shift?.Lower),
        Upper = Finite(result.Shift?.Upper),
        Estimate = Finite(result.Shift?.Estimate),
        Tolerated = Finite(result.Shift is { } shift ? result.Rules.Tolerance * Math.Abs(shift.Estimate) : null),
        Ratio = Finite(result.Ratio),
        CanaryPoints = result.Canary.Measured,
        BaselinePoints = result.Baseline.Measured,
        Outliers = result.Canary.Outliers + result.Baseline.Outliers,
        Spread = MetricSpread.Of(result.Canary, result.Baseline),
    };

    private static double? Finite(double? value) => value is { } v && double.IsFinite(v) ? v : null;
}
