using System.Globalization;

namespace OpsConsole.Core.Policies.Judging;

/// <summary>What a comparison came to, for its sentence.</summary>
/// <param name="Rules">What the metric is held to.</param>
/// <param name="Finding">The label and what was shown.</param>
/// <param name="IsTold">Whether the interval tells it by itself, so that the rank test need not be named.</param>
/// <param name="Critical">Whether the critical effect size was passed.</param>
/// <param name="Shift">The interval.</param>
/// <param name="Effect">The effect size; null where it cannot be computed.</param>
/// <param name="Canary">The canary's points.</param>
/// <param name="Baseline">The baseline's points.</param>
internal readonly record struct Comparison(
    MetricRules Rules, Finding Finding, bool IsTold, bool Critical, ShiftInterval Shift, double? Effect, MetricSample Canary, MetricSample Baseline)
{
    public bool Up => Finding.Shown == MetricLabel.High;
}

/// <summary>The sentences that explain labels, with the numbers that a reviewer needs to check them.</summary>
internal static class JudgeSentences
{
    /// <summary>The sentence of a comparison.</summary>
    public static string Compared(in Comparison c) => c.Finding switch
    {
        { Label: MetricLabel.Pass, Shown: MetricLabel.Pass } => $"Pass: no difference beyond the tolerance was shown{Reach(c)} ({Numbers(c)}).",
        { Label: MetricLabel.Pass } => $"Pass: {Size(c)}, but {Excuse(c)} ({Numbers(c)}).",
        var found => $"{found.Label}{(c.Critical ? " (critical)" : "")}: {Size(c)} ({Numbers(c)}).",
    };

    /// <summary>The sentence of a metric with too few points.</summary>
    public static string TooFew(MetricRules rules, MetricSample canary, MetricSample baseline)
    {
        var minimum = Math.Max(1, rules.MinimumPoints);
        var measured = Math.Min(canary.Points, baseline.Points) >= minimum ? $"{Count(Math.Min(minimum, rules.LeastMeasured))} measured ones" : Count(minimum);
        return $"No data: the canary has {Points(canary)} and the baseline {Points(baseline)}; at least {measured} a side are needed.";
    }

    /// <summary>The sentence of a metric with a value that cannot be judged.</summary>
    public static string Unsound(MetricSample canary, MetricSample baseline)
    {
        var (side, index) = canary.Unsound is { } at ? ("canary", at) : ("baseline", baseline.Unsound ?? 0);
        return $"Error: point {Count(index + 1)} of the {side} is infinite or beyond 1e100, which cannot be a measurement.";
    }

    private static string Points(MetricSample side) => side.Measured == side.Points || side.Points == 0
        ? $"{Count(side.Points)} {(side.Points == 1 ? "point" : "points")}"
        : $"{Count(side.Points)} points of which {Count(side.Measured)} were measured";

    private static string Size(in Comparison c)
    {
        var word = c.Up ? "above" : "below";
        if (c.Rules.Effect.Measure == EffectMeasure.Cles && c.Effect is { } share)
        {
            return $"a value of the canary is {word} one of the baseline in {Number((c.Up ? share : 1 - share) * 100)} % of pairs";
        }

        return c.Effect is { } ratio && ratio > 1 == c.Up && ratio != 1 ? $"the canary is {Number(Math.Abs(ratio - 1) * 100)} % {word} the baseline"
            : !c.IsTold ? $"the canary ranks {word} the baseline"
            : $"the canary is {word} the baseline by {Text(c).Amount(Math.Abs(c.Shift.Estimate))}";
    }

    private static string Excuse(in Comparison c)
    {
        var ignored = c.Up ? WorseWhen.Decrease : WorseWhen.Increase;
        if (c.Rules.Direction == ignored)
        {
            return c.Up ? "higher is not worse here" : "lower is not worse here";
        }

        var measure = c.Rules.Effect.Measure == EffectMeasure.Cles ? "common language effect size" : "mean ratio";
        return c.Up
            ? $"a {measure} of {Number(c.Effect ?? 0)} is below the allowed increase of {Number(c.Rules.Effect.AllowedIncrease)}"
            : $"a {measure} of {Number(c.Effect ?? 0)} is above the allowed decrease of {Number(c.Rules.Effect.AllowedDecrease)}";
    }

    /// <summary>Why an estimate outside the tolerance is let pass: a difference is shown by the whole interval, never by the estimate in it.</summary>
    private static string Reach(in Comparison c) => c.IsTold && Math.Abs(c.Shift.Estimate) > c.Rules.Tolerated(c.Shift) && !Text(c).IsNothing && Text(c).Number(c.Shift.Estimate) != "0"
        ? $": the estimate of {Text(c).Signed(c.Shift.Estimate)} lies outside it, but the interval reaches into it"
        : "";

    private static string Numbers(in Comparison c)
    {
        var text = Text(c);
        var outliers = c.Canary.Outliers + c.Baseline.Outliers;
        var zeros = c.Rules.Nan == NanStrategy.Replace ? c.Canary.Gaps + c.Baseline.Gaps : 0;
        var interval = text.IsNothing && !c.IsTold
            ? "most values of both sides are equal, so their ranks are compared; "
            : $"{Number(c.Rules.Confidence * 100)} % interval {text.Number(Math.Min(c.Shift.Lower, c.Shift.Upper))} to {text.Amount(Math.Max(c.Shift.Lower, c.Shift.Upper))}, tolerance {text.Amount(c.Rules.Tolerated(c.Shift))}; ";
        return interval
            + $"{Count(c.Canary.Values.Length)} and {Count(c.Baseline.Values.Length)} points"
            + (c.IsTold ? ""
                : c.Finding.IsApart ? $", every value of the canary {(c.Up ? "above" : "below")} every one of the baseline"
                : $", whose ranks differ by {Number(Math.Abs(c.Finding.Z))} standard deviations, where more than {Number(c.Finding.Needed)} show a difference")
            + (outliers > 0 ? $", {Count(outliers)} {(outliers == 1 ? "outlier" : "outliers")} left out" : "")
            + (zeros > 0 ? $", {Count(zeros)} {(zeros == 1 ? "gap" : "gaps")} counted as 0" : "");
    }

    private static ShiftText Text(in Comparison c) => ShiftText.Of(c.Rules.Unit, c.Shift.Lower, c.Shift.Upper);

    private static string Count(int count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>Three significant digits at least, and powers of ten only where plain digits would run long.</summary>
    private static string Number(double value) => Math.Abs(value) switch
    {
        0 => "0",
        >= 1e15 or < 1e-6 => value.ToString("0.##e0", CultureInfo.InvariantCulture),
        >= 100 => value.ToString("#,0.#", CultureInfo.InvariantCulture),
        >= 1 => value.ToString("0.##", CultureInfo.InvariantCulture),
        var small => Math.Round(value, 2 - (int)Math.Floor(Math.Log10(small))).ToString("0.#########", CultureInfo.InvariantCulture),
    };
}
