namespace OpsConsole.Core.Policies.Judging;

/// <summary>Which way the canary differs, and what keeps that from being bad where it is not.</summary>
/// <param name="Label"><see cref="MetricLabel.Pass"/>, <see cref="MetricLabel.High"/> or <see cref="MetricLabel.Low"/>.</param>
/// <param name="Shown">The difference that was shown beyond the tolerance, whether bad or not: <see cref="MetricLabel.Pass"/> for none.</param>
/// <param name="Z">The standardised rank sum of the canary.</param>
/// <param name="Needed">What its magnitude has to exceed in the direction it points to; above 0.</param>
/// <param name="IsApart">Every value of one side lies beyond every value of the other.</param>
/// <remarks>
/// Ranks decide, and not how far the values lie apart: a share of an estimated shift grows with the shift, so that the worst points of a
/// canary would excuse it. Making values of the canary larger only ever brings it nearer to High, and making them smaller nearer to Low.
/// </remarks>
internal readonly record struct Finding(MetricLabel Label, MetricLabel Shown, double Z, double Needed, bool IsApart)
{
    /// <summary>From this share of pairs on in which one side is never the better one, the tolerance excuses nothing: as with errors among zeros.</summary>
    private const double HardlyEverBetter = 0.75;

    /// <summary>What the ranks say.</summary>
    /// <param name="rules">What the metric is held to.</param>
    /// <param name="ranks">The two samples, with their outliers.</param>
    /// <param name="effects">The effect size as it counts against an increase, and against a decrease; null where it cannot be computed, and then it does not excuse.</param>
    public static Finding Of(MetricRules rules, RankSum ranks, (double? Up, double? Down) effects)
    {
        var z = ranks.Difference(0, 0);
        var (notBelow, notAbove) = ranks.Shares;
        var needed = Quantile(rules, z > 0 ? notBelow : notAbove);
        var (above, below) = (ranks.LeastShift > 0, ranks.LargestShift < 0);
        if (above || z > needed)
        {
            var bad = rules.Direction != WorseWhen.Decrease && (effects.Up is not { } e || e >= rules.Effect.AllowedIncrease);
            return new(bad ? MetricLabel.High : MetricLabel.Pass, MetricLabel.High, z, needed, above);
        }

        if (below || z < -needed)
        {
            var bad = rules.Direction != WorseWhen.Increase && (effects.Down is not { } e || e <= rules.Effect.AllowedDecrease);
            return new(bad ? MetricLabel.Low : MetricLabel.Pass, MetricLabel.Low, z, needed, below);
        }

        return new(MetricLabel.Pass, MetricLabel.Pass, z, needed, false);
    }

    /// <summary>Whether an interval by itself says what was found: that it clears the tolerance on the side where a difference was shown, and on neither where none was.</summary>
    /// <param name="shift">The interval.</param>
    /// <param name="tolerated">Half-width of the tolerance around zero.</param>
    /// <param name="resolution">Width that the search for it stopped at; an interval that begins within it of zero says nothing.</param>
    public bool IsToldBy(ShiftInterval shift, double tolerated, double resolution)
    {
        var told = shift.Lower > tolerated ? MetricLabel.High : shift.Upper < -tolerated ? MetricLabel.Low : MetricLabel.Pass;
        var lost = resolution > 0 && Math.Abs(shift.Estimate) <= resolution && (Math.Abs(shift.Lower) <= resolution || Math.Abs(shift.Upper) <= resolution);
        return told == Shown && !lost;
    }

    /// <summary>
    /// The quantile that the confidence asks for, and over it what the tolerance does: of a shift with an estimate of e and a standard error of s,
    /// e - quantile * s exceeds tolerance * e just where e / s exceeds quantile / (1 - tolerance).
    /// </summary>
    private static double Quantile(MetricRules rules, double notBetter)
    {
        var quantile = -NormalQuantile.Of((1 - rules.Confidence) / 2);
        return notBetter >= HardlyEverBetter ? quantile : quantile / (1 - rules.Tolerance);
    }
}
