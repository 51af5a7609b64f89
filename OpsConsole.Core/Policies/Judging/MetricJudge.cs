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

    /// <summary>Whether replaced gaps leave too little that was really measured: an outage of the recorder looks just like nothing happening.</summary>
    private static bool IsMostlyGaps(MetricSample side, MetricRules rules) =>
        rules.Nan == NanStrategy.Replace && side.Measured < Math.Min(rules.MinimumPoints, rules.LeastMeasured);

    private static MetricResult Compare(MetricRules rules, MetricSample canary, MetricSample baseline)
    {
        var all = new RankSum(canary.Ranked, baseline.Ranked);
        var isShare = rules.Effect.Measure == EffectMeasure.Cles;
        var (canaryMean, baselineMean) = (Quantile.Mean(canary.Values), Quantile.Mean(baseline.Values));
        double? ratio = isShare ? all.CommonLanguageEffect : canaryMean == 0 || baselineMean == 0 ? null : canaryMean / baselineMean;
        var effects = isShare ? (Up: ratio, Down: ratio) : Effects(canary, baseline);
        var finding = Finding.Of(rules, all, effects);
        if (finding.Label == MetricLabel.Pass && (baseline.Measured == 0 || IsMostlyGaps(canary, rules) || IsMostlyGaps(baseline, rules)))
        {
            return Unjudged(rules, MetricLabel.Nodata, JudgeSentences.TooFew(rules, canary, baseline), canary, baseline);
        }

        var (shift, isTold) = Interval(rules, new RankSum(canary.Values, baseline.Values), finding);
        var effect = finding.Shown == MetricLabel.Low ? effects.Down : effects.Up;
        var large = IsCritical(rules.Effect, finding.Label, effect);
        var critical = rules.Critical && large;
        return new()
        {
            Rules = rules,
            Label = finding.Label,
            Critical = critical,
            PassedCriticalSize = large && (critical || rules.Effect.HasCriticalSize(finding.Label)),
            Reason = JudgeSentences.Compared(new(rules, finding, isTold, critical, shift, effect, canary, baseline)),
            Shift = shift,
            Ratio = ratio,
            Canary = canary,
            Baseline = baseline,
        };
    }

    /// <summary>
    /// The ratio of means as it counts against an increase and against a decrease: the worse of that without outliers and that with outliers at their bounds,
    /// so that a point which gets so bad that it is an outlier excuses nothing. Of means that are not all above zero a ratio says nothing about which is higher.
    /// </summary>
    private static (double? Up, double? Down) Effects(MetricSample canary, MetricSample baseline)
    {
        var (canaryMean, baselineMean) = (Quantile.Mean(canary.Values), Quantile.Mean(baseline.Values));
        if (!(canaryMean > 0 && baselineMean > 0 && canary.BoundedMean > 0 && baseline.BoundedMean > 0))
        {
            return (null, null);
        }

        var (plain, bounded) = (canaryMean / baselineMean, canary.BoundedMean / baseline.BoundedMean);
        return (Math.Max(plain, bounded), Math.Min(plain, bounded));
    }

    /// <summary>R's interval, and whether it tells what the ranks say; where its search is too coarse for the values to do so and a finer one does, the finer.</summary>
    private static (ShiftInterval Shift, bool IsTold) Interval(MetricRules rules, RankSum ranks, Finding finding)
    {
        var span = ranks.LargestShift - ranks.LeastShift;
        bool IsTold(ShiftInterval by, double resolution) => finding.IsToldBy(by, rules.Tolerated(by), resolution);
        var shift = ranks.Interval(rules.Confidence);
        var told = IsTold(shift, span > 0 ? RankSum.RootTolerance : 0);
        if (!told && span is > 0 and < CoarseSpan)
        {
            var finer = ranks.Interval(rules.Confidence, span * FineShare);
            return IsTold(finer, span * FineShare) ? (finer, true) : (shift, false);
        }

        return (shift, told);
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
