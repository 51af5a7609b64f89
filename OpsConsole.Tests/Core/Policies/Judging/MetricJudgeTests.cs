using FsCheck;
using FsCheck.Fluent;
using OpsConsole.Core.Policies.Judging;
using OpsConsole.Core.Signals;

namespace OpsConsole.Tests.Core.Policies.Judging;

public sealed class MetricJudgeTests
{
    private static readonly MetricRules Rules = new() { Name = "p99" };

    [Theory]
    [InlineData(WorseWhen.Either, 1.2, MetricLabel.High)]
    [InlineData(WorseWhen.Increase, 1.2, MetricLabel.High)]
    [InlineData(WorseWhen.Decrease, 1.2, MetricLabel.Pass)]
    [InlineData(WorseWhen.Either, 0.8, MetricLabel.Low)]
    [InlineData(WorseWhen.Decrease, 0.8, MetricLabel.Low)]
    [InlineData(WorseWhen.Increase, 0.8, MetricLabel.Pass)]
    [InlineData(WorseWhen.Either, 1.0, MetricLabel.Pass)]
    public void A_difference_counts_in_the_bad_direction(WorseWhen direction, double factor, MetricLabel expected) =>
        Assert.Equal(expected, MetricJudge.Judge(Rules with { Direction = direction }, Wave(100 * factor), Wave(100)).Label);

    [Fact]
    public void The_sentence_has_the_numbers()
    {
        var rules = Rules with { Unit = SignalUnit.Milliseconds };

        var high = MetricJudge.Judge(rules, Wave(112.4), Wave(100));

        Assert.StartsWith("High: the canary is 12.4 % above the baseline (98 % interval 11.", high.Reason, StringComparison.Ordinal);
        Assert.EndsWith(" ms; 60 and 60 points).", high.Reason, StringComparison.Ordinal);
        Assert.Contains(" ms, tolerance 3.1 ms", high.Reason, StringComparison.Ordinal);
        Assert.Equal(1.124, high.Ratio!.Value, 1e-9);
        Assert.Equal(12.4, high.Shift!.Value.Estimate, 0.1);
        Assert.StartsWith("Pass: no difference beyond the tolerance was shown (98 % interval -", MetricJudge.Judge(rules, Wave(100), Wave(100)).Reason, StringComparison.Ordinal);
        Assert.Contains("but lower is not worse here", MetricJudge.Judge(rules with { Direction = WorseWhen.Increase }, Wave(90), Wave(100)).Reason, StringComparison.Ordinal);
        Assert.Contains("but higher is not worse here", MetricJudge.Judge(rules with { Direction = WorseWhen.Decrease }, Wave(110), Wave(100)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_real_difference_below_the_allowed_one_passes()
    {
        var rules = Rules with { Effect = EffectLimits.MeanRatio with { AllowedIncrease = 1.2, AllowedDecrease = 0.8 } };

        Assert.Equal(MetricLabel.Pass, MetricJudge.Judge(rules, Wave(112), Wave(100)).Label);
        Assert.Equal(MetricLabel.High, MetricJudge.Judge(rules, Wave(121), Wave(100)).Label);
        Assert.Equal(MetricLabel.Pass, MetricJudge.Judge(rules, Wave(88), Wave(100)).Label);
        Assert.Equal(MetricLabel.Low, MetricJudge.Judge(rules, Wave(79), Wave(100)).Label);
        Assert.Contains("a mean ratio of 1.12 is below the allowed increase of 1.2", MetricJudge.Judge(rules, Wave(112), Wave(100)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_common_language_effect_can_be_the_measure()
    {
        var rules = Rules with { Effect = EffectLimits.None(EffectMeasure.Cles) with { AllowedIncrease = 0.95 } };

        var slight = MetricJudge.Judge(rules, Wave(101.5), Wave(100));
        var clear = MetricJudge.Judge(rules, Wave(130), Wave(100));

        Assert.Equal((MetricLabel.Pass, MetricLabel.High), (slight.Label, clear.Label));
        Assert.InRange(slight.Ratio!.Value, 0.6, 0.95);
        Assert.Equal(1, clear.Ratio);
        Assert.Contains("a value of the canary is above one of the baseline in 100 % of pairs", clear.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, 1.3, 1.2, true)]
    [InlineData(true, 1.1, 1.2, false)]
    [InlineData(false, 1.3, 1.2, false)]
    public void Only_a_critical_metric_past_its_critical_size_is_critical(bool flagged, double factor, double limit, bool expected)
    {
        var rules = Rules with { Critical = flagged, Effect = EffectLimits.MeanRatio with { CriticalIncrease = limit, CriticalDecrease = 0.5 } };

        var result = MetricJudge.Judge(rules, Wave(100 * factor), Wave(100));

        Assert.Equal((MetricLabel.High, expected), (result.Label, result.Critical));
        Assert.Equal(expected, result.Reason.StartsWith("High (critical):", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1.4, 1.2, true)]
    [InlineData(1.1, 1.2, false)]
    [InlineData(1.4, 1.0, false)]
    public void Of_any_metric_it_is_said_whether_a_critical_size_that_was_given_is_passed(double factor, double limit, bool expected)
    {
        var rules = Rules with { Effect = EffectLimits.MeanRatio with { CriticalIncrease = limit } };

        var result = MetricJudge.Judge(rules, Wave(100 * factor), Wave(100));

        Assert.Equal((MetricLabel.High, false, expected), (result.Label, result.Critical, result.PassedCriticalSize));
    }

    [Fact]
    public void Where_a_mean_is_zero_the_size_is_taken_for_large()
    {
        var rules = Rules with { Critical = true, Effect = new(EffectMeasure.MeanRatio, 1.5, 0.5, 2, 0.2) };

        var result = MetricJudge.Judge(rules, Wave(10), new double[60]);

        Assert.Equal((MetricLabel.High, true, null), (result.Label, result.Critical, result.Ratio));
    }

    [Fact]
    public void Of_negative_means_the_ratio_does_not_hide_a_difference() =>
        Assert.Equal(MetricLabel.High, MetricJudge.Judge(Rules, Wave(-50), Wave(-100)).Label);

    [Fact]
    public void Constants_are_judged_by_their_difference()
    {
        var same = MetricJudge.Judge(Rules, Constant(5), Constant(5));
        var higher = MetricJudge.Judge(Rules, Constant(7), Constant(5));
        var lower = MetricJudge.Judge(Rules, Constant(0), Constant(5));

        Assert.Equal((MetricLabel.Pass, new ShiftInterval(0, 0, 0), 1.0), (same.Label, same.Shift, same.Ratio));
        Assert.Equal((MetricLabel.High, new ShiftInterval(2, 2, 2)), (higher.Label, higher.Shift));
        Assert.Equal((MetricLabel.Low, new ShiftInterval(-5, -5, -5)), (lower.Label, lower.Shift));
    }

    [Theory]
    [InlineData(49, 60, MetricLabel.Nodata)]
    [InlineData(60, 49, MetricLabel.Nodata)]
    [InlineData(0, 60, MetricLabel.Nodata)]
    [InlineData(60, 0, MetricLabel.Nodata)]
    [InlineData(0, 0, MetricLabel.Nodata)]
    [InlineData(50, 50, MetricLabel.High)]
    public void Too_few_points_say_nothing(int canary, int baseline, MetricLabel expected)
    {
        var result = MetricJudge.Judge(Rules, Wave(200, canary), Wave(100, baseline));

        Assert.Equal(expected, result.Label);
        Assert.Equal(expected == MetricLabel.Nodata, result.Shift is null);
        if (expected == MetricLabel.Nodata)
        {
            Assert.Equal($"No data: the canary has {canary} points and the baseline {baseline} points; at least 50 a side are needed.", result.Reason);
        }
    }

    [Fact]
    public void Nothing_is_never_enough() =>
        Assert.Equal(MetricLabel.Nodata, MetricJudge.Judge(Rules with { MinimumPoints = 0 }, [], Wave(100)).Label);

    [Fact]
    public void Gaps_do_not_count_as_points_unless_they_are_replaced()
    {
        double[] canary = [.. Wave(80, 40), .. Enumerable.Repeat(double.NaN, 20)];

        var removed = MetricJudge.Judge(Rules, canary, Wave(100));
        var replaced = MetricJudge.Judge(Rules with { Nan = NanStrategy.Replace }, canary, Wave(100));

        Assert.Equal((MetricLabel.Nodata, 40), (removed.Label, removed.Canary.Points));
        Assert.Equal((MetricLabel.Low, 60, 40), (replaced.Label, replaced.Canary.Points, replaced.Canary.Measured));
        Assert.Contains("20 gaps counted as 0", replaced.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_canary_without_a_single_measurement_is_never_good()
    {
        var rules = Rules with { Nan = NanStrategy.Replace };

        Assert.Equal(MetricLabel.Nodata, MetricJudge.Judge(rules, Constant(double.NaN), Constant(0)).Label);
        Assert.Equal(MetricLabel.Nodata, MetricJudge.Judge(rules, Constant(double.NaN), Constant(double.NaN)).Label);
        Assert.Equal(MetricLabel.Nodata, MetricJudge.Judge(rules, Constant(0), Constant(double.NaN)).Label);
        Assert.Equal(MetricLabel.High, MetricJudge.Judge(rules, Wave(10), Constant(double.NaN)).Label);
    }

    [Theory]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(1e101)]
    public void What_cannot_be_a_measurement_is_an_error(double value)
    {
        double[] broken = [.. Wave(100), value];

        var canary = MetricJudge.Judge(Rules, broken, Wave(100));
        var baseline = MetricJudge.Judge(Rules with { Critical = true }, Wave(100), broken);

        Assert.Equal((MetricLabel.Error, false), (canary.Label, canary.Critical));
        Assert.Equal((MetricLabel.Error, true), (baseline.Label, baseline.Critical));
        Assert.StartsWith("Error: point 61 of the canary is infinite", canary.Reason, StringComparison.Ordinal);
        Assert.StartsWith("Error: point 61 of the baseline is infinite", baseline.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Outliers_are_left_out_and_counted()
    {
        var result = MetricJudge.Judge(Rules, [.. Wave(100), 1e6], Wave(100));

        Assert.Equal((MetricLabel.Pass, 1, 60), (result.Label, result.Canary.Outliers, result.Canary.Values.Length));
        Assert.Contains("60 and 60 points, 1 outlier left out", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_estimate_outside_the_tolerance_passes_because_the_interval_reaches_into_it_and_says_so()
    {
        var passed = Enumerable.Range(1, 60).Select(i => MetricJudge.Judge(Rules with { Unit = SignalUnit.Percent }, Wave(100 + (i / 100.0)), Wave(100))).Last(r => r.Label == MetricLabel.Pass);

        Assert.Matches(@"^Pass: no difference beyond the tolerance was shown: the estimate of \+[0-9.]+ pp lies outside it, but the interval reaches into it \(98 % interval ", passed.Reason);
    }

    [Theory]
    [InlineData(-0.0000469, 0.00003, "0 pp", "0 pp", true)]
    [InlineData(-0.5, 2, "-0.47 pp", "+1.23 pp", false)]
    public void The_numbers_of_one_comparison_are_written_to_one_digit(double lower, double upper, string low, string high, bool isNothing)
    {
        var text = ShiftText.Of(SignalUnit.Percent, lower, upper);

        Assert.Equal((low, high, isNothing), (text.Signed(isNothing ? lower : -0.468), text.Signed(isNothing ? upper : 1.2349), text.IsNothing));
    }

    [Fact]
    public void Errors_among_many_zeros_are_not_outliers()
    {
        double[] canary = [.. Enumerable.Range(0, 100).Select(i => i % 5 == 0 ? 10.0 + i : 0)];

        var result = MetricJudge.Judge(Rules, canary, new double[100]);

        Assert.Equal(MetricLabel.High, result.Label);
        Assert.InRange(result.Canary.Outliers, 0, 1);
        Assert.Matches("^High: the canary ranks above the baseline .*ranks differ by 4.69 standard deviations, where more than 2.33 show a difference", result.Reason);
    }

    [Theory]
    [InlineData(1e-5)]
    [InlineData(2e-5)]
    [InlineData(1e-6)]
    [InlineData(1e-9)]
    [InlineData(1e-30)]
    public void Values_smaller_than_the_root_tolerance_are_told_apart(double unit)
    {
        double[] Side(double mean) => [.. Wave(mean).Select(v => v * unit)];

        Assert.Equal(MetricLabel.High, MetricJudge.Judge(Rules, Side(5), Side(1)).Label);
        Assert.Equal(MetricLabel.High, MetricJudge.Judge(Rules, Side(1.2), Side(1)).Label);
        Assert.Equal(MetricLabel.Low, MetricJudge.Judge(Rules, Side(1), Side(1.2)).Label);
        Assert.Equal(MetricLabel.Pass, MetricJudge.Judge(Rules, Side(1), Side(1)).Label);
    }

    [Fact]
    public void Rare_errors_on_both_sides_are_no_difference()
    {
        double[] Side(int from) => [.. Enumerable.Range(from, 200).Select(i => i % 9 == 0 ? 1.0 + (i % 4) : 0)];

        Assert.Equal(MetricLabel.Pass, MetricJudge.Judge(Rules, Side(0), Side(3)).Label);
        Assert.Equal(MetricLabel.Pass, MetricJudge.Judge(Rules, Side(3), Side(0)).Label);
    }

    [Fact]
    public void No_number_is_ever_not_a_number()
    {
        var value = Gen.OneOf(
            Gen.Choose(-3, 3).Select(v => (double)v),
            ArbMap.Default.GeneratorFor<double>(),
            Gen.Constant(double.NaN),
            Gen.Choose(-1000, 1000).Select(v => v * 1e97));
        var side = value.ListOf().Select(list => list.ToArray());
        Prop.ForAll(side.Two().ToArbitrary(), pair =>
        {
            foreach (var nan in Enum.GetValues<NanStrategy>())
            {
                var result = MetricJudge.Judge(Rules with { MinimumPoints = 1, Nan = nan }, pair.Item1, pair.Item2);
                double?[] numbers = [result.Shift?.Lower, result.Shift?.Upper, result.Shift?.Estimate];
                if (numbers.Any(n => n is { } v && !double.IsFinite(v)) || result.Reason.Contains("NaN", StringComparison.Ordinal)
                    || (result.Label is MetricLabel.Pass or MetricLabel.High or MetricLabel.Low) != result.Shift.HasValue)
                {
                    return false;
                }
            }

            return true;
        }).QuickCheckThrowOnFailure();
    }

    /// <summary>Sixty values around a mean, without ties.</summary>
    private static double[] Wave(double mean, int count = 60)
    {
        var values = Enumerable.Range(0, count).Select(i => 1 + (Math.Sin(i * 2.399) / 50)).ToArray();
        var scale = count == 0 ? 0 : mean / values.Average();
        return [.. values.Select(v => v * scale)];
    }

    private static double[] Constant(double value) => [.. Enumerable.Repeat(value, 60)];
}
