namespace OpsConsole.Core.Policies.Judging;

/// <summary>Which way the canary differs, and what keeps that from being bad where it is not.</summary>
/// <param name="Label"><see cref="MetricLabel.Pass"/>, <see cref="MetricLabel.High"/> or <see cref="MetricLabel.Low"/>.</param>
/// <param name="Shown">The difference that was shown beyond the tolerance, whether bad or not: <see cref="MetricLabel.Pass"/> for none.</param>
/// <param name="Tolerated">Half-width of the tolerance around zero, in the unit of the values.</param>
internal readonly record struct Finding(MetricLabel Label, MetricLabel Shown, double Tolerated)
{
    public static Finding Of(MetricRules rules, ShiftInterval shift, double? effect)
    {
        var tolerated = rules.Tolerance * Math.Abs(shift.Estimate);
        if (shift.Lower > tolerated)
        {
            var bad = rules.Direction != WorseWhen.Decrease && (effect is not { } e || e >= rules.Effect.AllowedIncrease);
            return new(bad ? MetricLabel.High : MetricLabel.Pass, MetricLabel.High, tolerated);
        }

        if (shift.Upper < -tolerated)
        {
            var bad = rules.Direction != WorseWhen.Increase && (effect is not { } e || e <= rules.Effect.AllowedDecrease);
            return new(bad ? MetricLabel.Low : MetricLabel.Pass, MetricLabel.Low, tolerated);
        }

        return new(MetricLabel.Pass, MetricLabel.Pass, tolerated);
    }
}
