namespace OpsConsole.Core.Policies.Judging;

/// <summary>Which way the canary differs, and what keeps that from being bad where it is not.</summary>
/// <param name="Label"><see cref="MetricLabel.Pass"/>, <see cref="MetricLabel.High"/> or <see cref="MetricLabel.Low"/>.</param>
/// <param name="Shown">The difference that was shown beyond the tolerance, whether bad or not: <see cref="MetricLabel.Pass"/> for none.</param>
/// <param name="Tolerated">Half-width of the tolerance around zero, in the unit of the values.</param>
/// <param name="Z">The standardised rank sum, where it decided because the shift cannot be told from zero; else null.</param>
internal readonly record struct Finding(MetricLabel Label, MetricLabel Shown, double Tolerated, double? Z)
{
    /// <summary>What an interval says.</summary>
    /// <param name="rules">What the metric is held to.</param>
    /// <param name="ranks">The two samples.</param>
    /// <param name="shift">The interval.</param>
    /// <param name="resolution">Width that the search for it stopped at.</param>
    /// <param name="effect">The effect size; null where it cannot be computed, and then it does not excuse.</param>
    public static Finding Of(MetricRules rules, RankSum ranks, ShiftInterval shift, double resolution, double? effect)
    {
        var tolerated = rules.Tolerance * Math.Abs(shift.Estimate);
        var z = IsLost(shift, resolution) ? ranks.Difference(0, 0) : (double?)null;
        var quantile = -NormalQuantile.Of((1 - rules.Confidence) / 2);
        if (z is { } above ? above > quantile : shift.Lower > tolerated)
        {
            var bad = rules.Direction != WorseWhen.Decrease && (effect is not { } e || e >= rules.Effect.AllowedIncrease);
            return new(bad ? MetricLabel.High : MetricLabel.Pass, MetricLabel.High, tolerated, z);
        }

        if (z is { } below ? below < -quantile : shift.Upper < -tolerated)
        {
            var bad = rules.Direction != WorseWhen.Increase && (effect is not { } e || e <= rules.Effect.AllowedDecrease);
            return new(bad ? MetricLabel.Low : MetricLabel.Pass, MetricLabel.Low, tolerated, z);
        }

        return new(MetricLabel.Pass, MetricLabel.Pass, tolerated, z);
    }

    /// <summary>
    /// Where most values of both sides are equal, as zeros of error counts are, the rank sum jumps at a shift of zero: estimate and interval then
    /// end somewhere within the search's resolution of zero, and comparing them would be comparing noise.
    /// </summary>
    private static bool IsLost(ShiftInterval shift, double resolution) =>
        resolution > 0 && Math.Abs(shift.Estimate) <= resolution && (Math.Abs(shift.Lower) <= resolution || Math.Abs(shift.Upper) <= resolution);
}
