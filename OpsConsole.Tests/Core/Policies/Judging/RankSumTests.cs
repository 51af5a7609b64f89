using FsCheck;
using FsCheck.Fluent;
using OpsConsole.Core.Policies.Judging;

namespace OpsConsole.Tests.Core.Policies.Judging;

public sealed class RankSumTests
{
    /// <summary>Values of R 4.2.2's <c>wilcox.test(x, y, exact = FALSE, correct = TRUE, conf.int = TRUE)</c>.</summary>
    public static TheoryData<double[], double[], double, double, double, double> R => new()
    {
        { [10, 20, 30, 40], [1, 2, 3, 4], 0.95, 6, 39, 22.5 },
        { [1, 1, 2, 2, 3], [1, 2, 2, 2, 5, 5], 0.98, -4, 1.0000420170794238, -0.9999209229030056 },
        { [0, 0, 0, 0, 1, 0, 0, 2], [0, 0, 0, 1, 0, 0, 0, 0], 0.9, -2.5725990394798225e-05, 6.2369722535153939e-06, 4.3647980280790864e-05 },
        { [98.75, 99.25, 100, 100.5, 101, 102.5], [96.25, 97, 97.75, 98, 98.5, 99], 0.98, 0.25004534203883133, 4.7500298973505775, 2.4999525647044707 },
        { [-7.25, -6, -5, -4.5], [-5, -4, -3], 0.95, -4.25, 0.5, -1.875 },
    };

    [Theory]
    [MemberData(nameof(R))]
    public void The_interval_is_that_of_R(double[] canary, double[] baseline, double confidence, double lower, double upper, double estimate)
    {
        var found = Of(canary, baseline).Interval(confidence);

        Assert.Equal(lower, found.Lower, 1e-9);
        Assert.Equal(upper, found.Upper, 1e-9);
        Assert.Equal(estimate, found.Estimate, 1e-9);
    }

    [Fact]
    public void Two_constants_have_one_difference()
    {
        Assert.Equal(new ShiftInterval(0, 0, 0), Of([3, 3, 3], [3, 3]).Interval(0.98));
        Assert.Equal(new ShiftInterval(7, 7, 7), Of([10, 10], [3, 3, 3]).Interval(0.98));
        Assert.Equal(new ShiftInterval(-7, -7, -7), Of([3], [10]).Interval(0.98));
    }

    [Fact]
    public void One_constant_against_values_has_an_interval()
    {
        var found = Of([0, 0, 0, 0, 0, 0, 0, 0], [1, 2, 3, 4, 5, 6, 7, 8]).Interval(0.9);

        Assert.InRange(found.Lower, -8, found.Estimate);
        Assert.InRange(found.Upper, found.Estimate, 0);
    }

    [Fact]
    public void Values_that_rounding_ties_together_give_numbers()
    {
        Finite(Of([0, 1e-16], [1]).Interval(0.98));
        Finite(Of([1e17, 1e17 + 32], [1, 1.5, 2]).Interval(0.98));
        Finite(Of([double.Epsilon], [0, 0, -double.Epsilon]).Interval(0.98));
        Finite(Of([-1e100, 1e100], [-1e100, 0, 1e100]).Interval(0.98));
    }

    [Fact]
    public void An_empty_sample_is_refused() => Assert.Throws<ArgumentException>(() => Of([], [1]));

    [Fact]
    public void The_common_language_effect_counts_pairs()
    {
        Assert.Equal(0.5, Of([1, 2, 3], [1, 2, 3]).CommonLanguageEffect);
        Assert.Equal(1, Of([4, 5], [1, 2, 3]).CommonLanguageEffect);
        Assert.Equal((2 + 0.5) / 6, Of([1, 2.5], [2, 2.5, 3]).CommonLanguageEffect + (1.0 / 6), 1e-12);
    }

    [Fact]
    public void The_standardised_difference_is_that_of_the_definition() => Samples((canary, baseline) =>
    {
        var shift = canary[0] - baseline[0];
        var pooled = canary.Select(x => x - shift).Concat(baseline).ToArray();
        double n = canary.Length, m = baseline.Length;
        var rankSum = canary.Sum(x => pooled.Count(p => p < x - shift) + ((pooled.Count(p => p == x - shift) + 1) / 2.0));
        var ties = pooled.GroupBy(p => p).Sum(g => Math.Pow(g.Count(), 3) - g.Count());
        var sigma = Math.Sqrt(n * m / 12 * (n + m + 1 - (ties / ((n + m) * (n + m - 1)))));
        var above = rankSum - (n * (n + 1) / 2) - (n * m / 2);
        var expected = sigma == 0 ? 0 : (above - (Math.Sign(above) * 0.5)) / sigma;
        return Math.Abs(expected - Of(canary, baseline).Difference(shift, 0)) < 1e-9;
    });

    [Fact]
    public void The_estimate_is_the_median_of_all_differences_where_nothing_is_tied() => Samples((canary, baseline) =>
    {
        // Noise makes ties impossible; a fine search then ends on the middle difference, or between the two middle ones.
        var (x, y) = (Untied(canary, 1), Untied(baseline, 2));
        var differences = x.SelectMany(a => y.Select(b => a - b)).Order().ToArray();
        var estimate = Of(x, y).Interval(0.9, 1e-9).Estimate;
        var (low, high) = (differences[(differences.Length - 1) / 2], differences[differences.Length / 2]);
        return estimate >= low - 1e-6 && estimate <= high + 1e-6;
    });

    [Fact]
    public void A_shift_of_the_canary_shifts_the_interval() => Samples((canary, baseline) =>
    {
        var (x, y) = (Untied(canary, 1), Untied(baseline, 2));
        var (here, there) = (Of(x, y).Interval(0.9, 1e-9), Of([.. x.Select(v => v + 64)], y).Interval(0.9, 1e-9));
        return Near(here.Lower + 64, there.Lower) && Near(here.Upper + 64, there.Upper) && Math.Abs(here.Estimate + 64 - there.Estimate) <= Gap(x, y);
    });

    [Fact]
    public void Changing_sides_changes_the_sign() => Samples((canary, baseline) =>
    {
        var (x, y) = (Untied(canary, 1), Untied(baseline, 2));
        var (here, there) = (Of(x, y).Interval(0.9, 1e-9), Of(y, x).Interval(0.9, 1e-9));
        return Near(-here.Lower, there.Upper) && Near(-here.Upper, there.Lower);
    });

    [Fact]
    public void The_interval_is_finite_and_within_all_differences() => Samples((canary, baseline) =>
    {
        var ranks = Of(canary, baseline);
        var found = ranks.Interval(0.98);
        return new[] { found.Lower, found.Upper, found.Estimate }.All(v => v >= ranks.LeastShift && v <= ranks.LargestShift);
    });

    [Theory]
    [InlineData(1e-300, -37.047096299361201)]
    [InlineData(1e-10, -6.3613409024040557)]
    [InlineData(0.001, -3.0902323061678132)]
    [InlineData(0.01, -2.3263478740408408)]
    [InlineData(0.0749, -1.4402382675279632)]
    [InlineData(0.0751, -1.4388253927525398)]
    [InlineData(0.3, -0.52440051270804067)]
    [InlineData(0.5, 0)]
    [InlineData(0.95, 1.6448536269514715)]
    [InlineData(0.999999, 4.7534243088170891)]
    public void Quantiles_of_the_normal_distribution(double probability, double expected) =>
        Assert.Equal(expected, NormalQuantile.Of(probability), 1e-13);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void There_are_no_quantiles_beyond(double probability) => Assert.Throws<ArgumentOutOfRangeException>(() => NormalQuantile.Of(probability));

    private static RankSum Of(double[] canary, double[] baseline) => new([.. canary.Order()], [.. baseline.Order()]);

    private static void Finite(ShiftInterval found) => Assert.True(double.IsFinite(found.Lower) && double.IsFinite(found.Upper) && double.IsFinite(found.Estimate), found.ToString());

    private static bool Near(double expected, double actual) => Math.Abs(expected - actual) < 1e-6;

    /// <summary>Between the two middle differences every value is a root, so two searches may end anywhere in there.</summary>
    private static double Gap(double[] x, double[] y)
    {
        var differences = x.SelectMany(a => y.Select(b => a - b)).Order().ToArray();
        return differences[differences.Length / 2] - differences[(differences.Length - 1) / 2] + 1e-6;
    }

    private static double[] Untied(double[] values, int side) => [.. values.Select((v, i) => v + (Math.Sin((i * 2.0) + side) * 0.01))];

    /// <summary>Small integers, so that many are tied.</summary>
    private static void Samples(Func<double[], double[], bool> holds)
    {
        var side = Gen.Choose(-20, 20).Select(v => v / 2.0).NonEmptyListOf().Select(list => list.Take(40).ToArray());
        Prop.ForAll(side.Two().ToArbitrary(), pair => holds(pair.Item1, pair.Item2)).QuickCheckThrowOnFailure();
    }
}
