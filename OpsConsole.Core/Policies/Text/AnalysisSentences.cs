using System.Globalization;
using OpsConsole.Core.Policies.Judging;

namespace OpsConsole.Core.Policies.Text;

/// <summary>What the judge is asked for, for people who do not read YAML.</summary>
internal static class AnalysisSentences
{
    public static IEnumerable<string> Of(AnalysisPolicy analysis)
    {
        yield return $"The judge compares {string.Join(", ", analysis.Metrics.Select(m => m.Critical ? $"{m.Signal} (critical)" : m.Signal))} with the previous version; a score of {analysis.Pass:0.##} passes, below {analysis.Marginal:0.##} fails.";
        foreach (var metric in analysis.Metrics)
        {
            var parts = Parts(metric).ToList();
            if (parts.Count > 0)
            {
                yield return $"Of {metric.Signal}: {string.Join("; ", parts)}.";
            }
        }
    }

    private static IEnumerable<string> Parts(AnalysisMetric metric)
    {
        if (metric.Direction is { } direction)
        {
            yield return direction switch
            {
                WorseWhen.Increase => "only an increase is bad",
                WorseWhen.Decrease => "only a decrease is bad",
                _ => "any difference is bad",
            };
        }

        foreach (var (change, way, allowed, critical) in new[]
        {
            ("an increase", "from", metric.AllowedIncrease, metric.CriticalIncrease),
            ("a decrease", "down to", metric.AllowedDecrease, metric.CriticalDecrease),
        })
        {
            if (allowed is { } counts)
            {
                yield return $"{change} counts {way} {Size(counts, metric.Measure)}";
            }

            if (critical is { } far)
            {
                yield return $"{change} is critical {way} {Size(far, metric.Measure)}";
            }
        }

        if (metric is { Measure: EffectMeasure.Cles, AllowedIncrease: null, AllowedDecrease: null, CriticalIncrease: null, CriticalDecrease: null })
        {
            yield return "its size is the probability that a value lies above one of the previous version";
        }

        if (metric.Tolerance is { } tolerance)
        {
            yield return $"{Number(tolerance * 100)}% of the estimated shift is tolerated";
        }

        if (metric.Confidence is { } confidence)
        {
            yield return $"it has to be certain to {Number(confidence * 100)}%";
        }

        if (metric.NanStrategy == NanStrategy.Replace)
        {
            yield return "moments without a value count as 0";
        }

        if (metric.NoData is { } noData)
        {
            yield return noData switch
            {
                NoDataMeaning.Fail => "without enough data it counts as failed",
                NoDataMeaning.Ignore => "without enough data it is left out",
                _ => "without enough data the analysis is inconclusive",
            };
        }

        if (metric.MinimumPoints is { } points)
        {
            yield return $"at least {points.ToString("N0", CultureInfo.InvariantCulture)} points on each side";
        }
    }

    private static string Size(double size, EffectMeasure measure) => measure == EffectMeasure.Cles
        ? $"a probability of {Number(size)} that a value lies above one of the previous version"
        : $"{Number(size)} times the mean of the previous version";

    private static string Number(double value) => Math.Round(value, 9).ToString("0.#########", CultureInfo.InvariantCulture);
}
