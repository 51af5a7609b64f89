namespace OpsConsole.Core.Policies.Judging;

/// <summary>Says of one metric whether its canary differs from its baseline, and whether that is bad.</summary>
public static class MetricJudge
{
    /// <summary>Below this span of all values, R's root tolerance is too coarse to tell the two samples apart.</summary>
    private const double CoarseSpan = 100 * RankSum.RootTolerance;

    /// <summary>Share of the span that the finer search goes down to.</summary>
    private const double FineShare = 1e-6;

    /// <summary>Judges one metric.</summary>
    /// <param name="rules">What it is held to.</param>
    /// <param name="canary">Points of the new version in any order; not-a-number is a gap.</param>
    /// <param name="baseline">Points of the version it is compared with.</param>
    public static MetricResult Judge(MetricRules rules, ReadOnlySpan<double> canary, ReadOnlySpan<double> baseline)
    {
        ArgumentNullException.ThrowIfNull(rules);
        var (canarySide, baselineSide) = (MetricSample.Of(canary, rules.Nan), MetricSample.Of(baseline, rules.Nan));
        if ((canarySide.Unsound ?? baselineSide.Unsound) is not null)
        {
            return Unjudged(rules, MetricLabel.Error, JudgeSentences.Unsound(canarySide, baselineSide), canarySide, baselineSide);
        }

        if (IsShort(canarySide, rules.MinimumPoints) || (IsShort(baselineSide, rules.MinimumPoints) && !StandsForNothing(baselineSide, rules)))
        {
            return Unjudged(rules, MetricLabel.Nodata, JudgeSentences.TooFew(rules, canarySide, baselineSide), canarySide, baselineSide);
        }

        return Compare(rules, canarySide, baselineSide);
    }

    private static bool IsShort(MetricSample side, int minimum) => side.Measured == 0 || side.Points < minimum;

    /// <summary>A baseline whose every gap was replaced is enough to show that the canary is worse, though never that it is not.</summary>
    private static bool StandsForNothing(MetricSample baseline, MetricRules rules) =>
        baseline is { Measured: 0, Points: > 0 } && baseline.Points >= rules.MinimumPoints;

    private static MetricResult Compare(MetricRules rules, MetricSample canary, MetricSample baseline)
    {
        var ranks = new RankSum(canary.Values, baseline.Values);
        var (canaryMean, baselineMean) = (Quantile.Mean(canary.Values), Quantile.Mean(baseline.Values));
        double? ratio = rules.Effect.Measure == EffectMeasure.Cles ? ranks.CommonLanguageEffect
            : canaryMean == 0 || baselineMean == 0 ? null
            : canaryMean / baselineMean;

        // Of means that are not both above zero the ratio says nothing about which is higher, so it is shown and not used.
        var effect = rules.Effect.Measure == EffectMeasure.Cles || (canaryMean > 0 && baselineMean > 0) ? ratio : null;
        var (shift, finding) = Find(rules, ranks, effect);
        if (finding.Label == MetricLabel.Pass && baseline.Measured == 0)
        {
            return Unjudged(rules, MetricLabel.Nodata, JudgeSentences.TooFew(rules, canary, baseline), canary, baseline);
        }

        var large = IsCritical(rules.Effect, finding.Label, effect);
        var critical = rules.Critical && large;
        return new()
        {
            Rules = rules,
            Label = finding.Label,
            Critical = critical,
            PassedCriticalSize = large && (critical || rules.Effect.HasCriticalSize(finding.Label)),
            Reason = JudgeSentences.Compared(new(rules, finding, critical, shift, effect, canary, baseline)),
            Shift = shift,
            Ratio = ratio,
            Canary = canary,
            Baseline = baseline,
        };
    }

    /// <summary>The finding by R's interval; where that is too coarse for the values and a finer one says otherwise, by the finer.</summary>
    private static (ShiftInterval Shift, Finding Finding) Find(MetricRules rules, RankSum ranks, double? effect)
    {
        var span = ranks.LargestShift - ranks.LeastShift;
        var shift = ranks.Interval(rules.Confidence);
        var finding = Finding.Of(rules, ranks, shift, span > 0 ? RankSum.RootTolerance : 0, effect);
        if (span is > 0 and < CoarseSpan)
        {
            var finer = ranks.Interval(rules.Confidence, span * FineShare);
            var better = Finding.Of(rules, ranks, finer, span * FineShare, effect);
            if (better.Label != finding.Label)
            {
                return (finer, better);
            }
        }

        return (shift, finding);
    }

    /// <summary>An effect that cannot be computed is taken for one that is past every limit.</summary>
    private static bool IsCritical(EffectLimits limits, MetricLabel label, double? effect) => label switch
    {
        MetricLabel.High => effect is not { } e || e >= limits.CriticalIncrease,
        MetricLabel.Low => effect is not { } e || e <= limits.CriticalDecrease,
        _ => false,
    };

    private static MetricResult Unjudged(MetricRules rules, MetricLabel label, string reason, MetricSample canary, MetricSample baseline) => new()
    {
        Rules = rules,
        Label = label,
        Critical = rules.Critical,
        Reason = reason,
        Canary = canary,
        Baseline = baseline,
    };
}
