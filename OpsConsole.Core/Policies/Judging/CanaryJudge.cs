using System.Globalization;

namespace OpsConsole.Core.Policies.Judging;

/// <summary>From judged metrics to a score and a verdict that is never falsely green.</summary>
public static class CanaryJudge
{
    /// <summary>Sums up.</summary>
    /// <param name="metrics">The metrics, judged.</param>
    /// <param name="weights">Weights of groups in percent (see <see cref="CanaryScore.Of"/>).</param>
    /// <param name="thresholds">From which score it passes.</param>
    public static JudgeReport Report(
        IReadOnlyList<MetricResult> metrics, IReadOnlyDictionary<string, double> weights, ScoreThresholds thresholds)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        ArgumentNullException.ThrowIfNull(thresholds);
        var score = CanaryScore.Of([.. metrics.Select(m => new ScoredMetric(m.Rules.Group, m.Label, m.Critical, m.Rules.NoData))], weights);
        var (verdict, reason) = Decide(metrics, score, thresholds);
        return new(metrics, score.Groups, score.Score, verdict, reason);
    }

    /// <summary>Worst first: what was shown to be bad, then what went wrong, then what is missing; the score has the last word.</summary>
    private static (CanaryVerdict Verdict, string Reason) Decide(IReadOnlyList<MetricResult> metrics, CanaryScore score, ScoreThresholds thresholds)
    {
        if (metrics.FirstOrDefault(m => m.Critical && IsWorse(m)) is { } critical)
        {
            return (CanaryVerdict.Fail, $"Critical metric '{critical.Rules.Name}' is worse. {critical.Reason}");
        }

        if (!score.NothingCounts && score.Judged < thresholds.Marginal && metrics.Any(IsWorse))
        {
            var worse = metrics.Where(IsWorse).ToList();
            return (CanaryVerdict.Fail, $"{Score(score.Judged)} is below {Text(thresholds.Marginal)}: {Named(worse)} {(worse.Count == 1 ? "is" : "are")} worse.");
        }

        var errors = metrics.Where(m => m.Label == MetricLabel.Error).ToList();
        if (errors.Count > 0)
        {
            return (CanaryVerdict.Error, $"{Named(errors)} could not be judged. {errors[0].Reason}");
        }

        var missing = metrics.Where(m => m.Label == MetricLabel.Nodata).ToList();
        var judged = metrics.Count - missing.Count;
        if (metrics.Count == 0)
        {
            return (CanaryVerdict.Inconclusive, "No metric was given.");
        }

        if (score.MostlyMissing || missing.Any(m => m.Critical || m.Rules.NoData != NoDataMeaning.Ignore))
        {
            return (CanaryVerdict.Inconclusive, $"{judged} of {metrics.Count} {(metrics.Count == 1 ? "metric has" : "metrics have")} enough data: {Named(missing)} {(missing.Count == 1 ? "has" : "have")} too little.");
        }

        if (score.NothingCounts)
        {
            return (CanaryVerdict.Inconclusive, "No group that has a weight was judged.");
        }

        return score.Score >= thresholds.Pass ? (CanaryVerdict.Pass, $"{Score(score.Score)} reaches {Text(thresholds.Pass)}.")
            : score.Score >= thresholds.Marginal ? (CanaryVerdict.Marginal, $"{Score(score.Score)} is below {Text(thresholds.Pass)}, and reaches {Text(thresholds.Marginal)}: {Named([.. metrics.Where(IsWorse)])} counted against it.")
            : (CanaryVerdict.Fail, $"{Score(score.Score)} is below {Text(thresholds.Marginal)}.");
    }

    private static bool IsWorse(MetricResult metric) => metric.Label is MetricLabel.High or MetricLabel.Low;

    private static string Named(List<MetricResult> metrics)
    {
        const int most = 5;
        var names = metrics.Take(most).Select(m => $"'{m.Rules.Name}'").ToList();
        var rest = metrics.Count > most ? [$"{metrics.Count - most} more"] : Array.Empty<string>();
        return string.Join(", ", names.Concat(rest));
    }

    private static string Score(double score) => $"The score of {Text(score)}";

    private static string Text(double score) => score.ToString("0.##", CultureInfo.InvariantCulture);
}
