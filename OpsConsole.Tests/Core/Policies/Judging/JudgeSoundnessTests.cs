using OpsConsole.Core.Policies.Judging;

namespace OpsConsole.Tests.Core.Policies.Judging;

/// <summary>What must hold for any values: the worse a canary is the less it passes, and equal sides are told apart no more often than promised.</summary>
public sealed class JudgeSoundnessTests
{
    private static readonly MetricRules Up = new() { Name = "m", Direction = WorseWhen.Increase, Critical = true };
    private static readonly MetricRules Down = Up with { Direction = WorseWhen.Decrease };

    public static TheoryData<string> Shapes => [.. Drawn.Keys];

    private static Dictionary<string, Func<Random, double>> Drawn => new()
    {
        ["normal"] = r => 100 + Normal(r),
        ["exponential"] = r => -Math.Log(1 - r.NextDouble()),
        ["without a mean"] = r => 1000 * Math.Tan(Math.PI * (r.NextDouble() - 0.5)),
        ["rare errors"] = r => r.NextDouble() < 0.05 ? 1 : 0,
        ["errors in half"] = r => r.Next(2),
        ["rare sizes"] = r => r.NextDouble() < 0.1 ? 1 + r.NextDouble() : 0,
        ["two modes"] = r => r.Next(2) == 0 ? 100 + Normal(r) : 10_000 + (10 * Normal(r)),
        ["five steps"] = r => r.Next(5),
        ["tiny"] = r => 1e-6 * (1 + r.NextDouble()),
    };

    [Fact]
    public void A_canary_that_fails_in_many_of_its_points_never_passes()
    {
        for (var k = 6; k <= 60; k++)
        {
            double[] canary = [.. Enumerable.Repeat(0.0, 60 - k), .. Enumerable.Repeat(1.0, k)];
            var high = MetricJudge.Judge(Up, canary, new double[60]);
            var low = MetricJudge.Judge(Down, [.. canary.Select(v => -v)], new double[60]);

            Assert.True(high is { Label: MetricLabel.High, Critical: true }, $"{k} of 60: {high.Reason}");
            Assert.True(low is { Label: MetricLabel.Low, Critical: true }, $"{k} of 60: {low.Reason}");
        }
    }

    [Theory]
    [InlineData(100, 40)]
    [InlineData(1440, 300)]
    public void A_canary_that_is_slow_in_about_half_of_its_points_never_passes(int points, int from)
    {
        var random = new Random(7);
        double[] baseline = [.. Draw(points, () => 100 + Normal(random))], fine = [.. Draw(points, () => 100 + Normal(random))], slow = [.. Draw(points, () => 10_000 + (10 * Normal(random)))];
        for (var k = from; k <= points; k += Math.Max(1, points / 100))
        {
            double[] canary = [.. slow[..k], .. fine[k..]];
            var high = MetricJudge.Judge(Up, canary, baseline);
            var low = MetricJudge.Judge(Down, [.. canary.Select(v => 20_000 - v)], [.. baseline.Select(v => 20_000 - v)]);

            Assert.True(high is { Label: MetricLabel.High, Critical: true }, $"{k} of {points}: {high.Reason}");
            Assert.True(low is { Label: MetricLabel.Low, Critical: true }, $"{k} of {points}: {low.Reason}");
        }
    }

    [Fact]
    public void Where_the_interval_hides_a_difference_the_sentence_names_the_rank_test() =>
        Assert.Matches(
            @"^High \(critical\): the canary ranks above the baseline \(98 % interval .* 60 and 60 points, whose ranks differ by 6\.\d+ standard deviations, where more than 2\.33 show a difference\)\.$",
            MetricJudge.Judge(Up, [.. new double[30], .. Enumerable.Repeat(1.0, 30)], new double[60]).Reason);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Making_points_worse_never_turns_a_fail_into_a_pass(string shape)
    {
        var random = new Random(11);
        var draw = Drawn[shape];
        var fails = 0;
        foreach (var points in new[] { 3, 8, 20, 60 })
        {
            var rules = Up with { MinimumPoints = 2 };
            for (var run = 0; run < 12; run++)
            {
                var baseline = Draw(points, () => draw(random));
                var canary = Draw(points, () => draw(random));
                double[] jumps = [1e-7, 0.3, 1, 5, 10_000];
                MetricResult? failed = null;
                for (var step = 0; step < 3 * points; step++)
                {
                    canary[random.Next(points)] += jumps[random.Next(jumps.Length)] * random.Next(1, 4);
                    var result = MetricJudge.Judge(rules, canary, baseline);
                    var mirrored = MetricJudge.Judge(rules with { Direction = WorseWhen.Decrease }, [.. canary.Select(v => -v)], [.. baseline.Select(v => -v)]);
                    Assert.True(failed is null || result.Label == MetricLabel.High, $"{shape}, {points} points, step {step}: {failed?.Reason} then {result.Reason}");
                    failed = result.Label == MetricLabel.High ? result : failed;
                    Assert.True(mirrored.Label == MetricLabel.Low || result.Label != MetricLabel.High, $"{shape}, {points} points, step {step}, mirrored: {mirrored.Reason}");
                }

                fails += failed is null ? 0 : 1;
            }
        }

        Assert.True(fails > 12, $"{shape}: {fails} of 48 ever failed");
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Equal_sides_are_told_apart_in_no_more_than_two_of_a_hundred(string shape)
    {
        var random = new Random(23);
        var draw = Drawn[shape];
        foreach (var points in new[] { 50, 200 })
        {
            const int runs = 2000;
            var told = Enumerable.Range(0, runs).Count(_ =>
                MetricJudge.Judge(Up with { Direction = WorseWhen.Either }, Draw(points, () => draw(random)), Draw(points, () => draw(random))).Label != MetricLabel.Pass);

            // 2 % of 2,000 are 40, and three standard deviations of that are 19.
            Assert.True(told <= 59, $"{shape}, {points} points: {told} of {runs}");
            TestContext.Current.TestOutputHelper?.WriteLine($"{shape}, {points} points: {told} of {runs}");
        }
    }

    [Fact]
    public void A_point_so_bad_that_it_is_an_outlier_counts_no_less_than_a_bad_one()
    {
        var baseline = new double[60];
        double[] canary = [.. new double[54], .. Enumerable.Repeat(1.0, 6)], worse = [.. canary[..59], 1000];

        Assert.Equal((MetricLabel.High, MetricLabel.High), (MetricJudge.Judge(Up, canary, baseline).Label, MetricJudge.Judge(Up, worse, baseline).Label));
        Assert.Equal(1, MetricJudge.Judge(Up, worse, baseline).Canary.Outliers);
    }

    [Fact]
    public void Few_points_are_told_apart_only_where_every_one_is_worse()
    {
        var rules = Up with { MinimumPoints = 2 };

        Assert.Equal(MetricLabel.High, MetricJudge.Judge(rules, [212.1, 208.4], [201.7, 199.9]).Label);
        var far = MetricJudge.Judge(rules, [212.1, 90_000], [201.7, 199.9]);
        Assert.Equal(MetricLabel.High, far.Label);
        Assert.Contains("every value of the canary above every one of the baseline", far.Reason, StringComparison.Ordinal);
        Assert.Equal(MetricLabel.Pass, MetricJudge.Judge(rules, [212.1, 200.0], [201.7, 199.9]).Label);
    }

    [Theory]
    [InlineData(1, 1, MetricLabel.Nodata)]
    [InlineData(4, 60, MetricLabel.Nodata)]
    [InlineData(60, 4, MetricLabel.Nodata)]
    [InlineData(5, 5, MetricLabel.Pass)]
    public void Replaced_gaps_pass_only_beside_points_that_were_measured(int canary, int baseline, MetricLabel expected)
    {
        static double[] Side(int measured) => [.. new double[measured], .. Enumerable.Repeat(double.NaN, 60 - measured)];
        var result = MetricJudge.Judge(Up with { Nan = NanStrategy.Replace }, Side(canary), Side(baseline));

        Assert.Equal(expected, result.Label);
        Assert.True(expected == MetricLabel.Pass || result.Reason.EndsWith("at least 5 measured ones a side are needed.", StringComparison.Ordinal), result.Reason);
    }

    private static double[] Draw(int count, Func<double> value)
    {
        var values = new double[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = value();
        }

        return values;
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
