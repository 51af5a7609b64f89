using OpsConsole.Core.Policies.Judging;
using OpsConsole.Core.Signals;

namespace OpsConsole.Tests.Core.Policies.Judging;

public sealed class PointSpacingTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly SignalKey Errors = new("http_5xx_rate");

    [Theory]
    [InlineData(SignalAggregation.WeightedMean, 30, null, 30, false)]
    [InlineData(SignalAggregation.WeightedMean, 20, null, 20, false)]
    [InlineData(SignalAggregation.WeightedMean, 10, null, 10, false)]
    [InlineData(SignalAggregation.WeightedMean, 1, null, 10, false)]
    [InlineData(SignalAggregation.WeightedMean, 31, null, 40, false)]
    [InlineData(SignalAggregation.WeightedMean, 30, 300, 330, false)]
    [InlineData(SignalAggregation.Latest, 30, null, 60, true)]
    [InlineData(SignalAggregation.Latest, 20, 10, 30, false)]
    [InlineData(SignalAggregation.Latest, 10, 0, 10, false)]
    public void The_interval_covers_the_window_and_the_time_of_a_sample(SignalAggregation aggregation, int window, int? sampledOver, int seconds, bool presumed)
    {
        var definition = KnownSignals.Find("http_5xx_rate")! with
        {
            Aggregation = aggregation, Window = TimeSpan.FromSeconds(window), SampledOver = sampledOver is { } over ? TimeSpan.FromSeconds(over) : null,
        };

        Assert.Equal(new PointSpacing(TimeSpan.FromSeconds(seconds), presumed), PointSpacing.Of(definition));
    }

    [Fact]
    public void Both_sides_are_cut_at_the_same_times_and_a_gap_stays_one()
    {
        var canary = Series(SignalSide.Canary, 0, 10, 20, 40, 50, 60, 90);
        var baseline = Series(SignalSide.Baseline, 0, 10, 20, 30, 40, 50, 60, 70, 80, 90);

        var cut = new PointSpacing(TimeSpan.FromSeconds(30), false).Cut(canary, baseline, []);

        Assert.Equal([0.0, null, 60, 90], cut.Canary.Select(p => p?.Value));
        Assert.Equal([0.0, 30, 60, 90], cut.Baseline.Select(p => p?.Value));
    }

    [Fact]
    public void No_two_windows_meet_whatever_the_gaps_and_the_order()
    {
        var random = new Random(7);
        for (var run = 0; run < 50; run++)
        {
            int[] kept = [.. Enumerable.Range(0, 300).Select(i => i * 10).Where(_ => random.Next(3) > 0)];
            SignalPoint[] canary = [.. Series(SignalSide.Canary, kept)], baseline = [.. Series(SignalSide.Baseline, [.. kept.Where(_ => random.Next(3) > 0)])];
            var interval = TimeSpan.FromSeconds(10 * random.Next(1, 7));
            random.Shuffle(canary);

            var cut = new PointSpacing(interval, false).Cut(canary, baseline, []);

            var times = cut.Canary.Zip(cut.Baseline, (c, b) => (c ?? b)!.At).ToList();
            Assert.All(times.Zip(times.Skip(1)), pair => Assert.True(pair.Second - pair.First >= interval));
            Assert.All(cut.Canary.Zip(cut.Baseline).Where(pair => pair is { First: not null, Second: not null }), pair => Assert.Equal(pair.First!.At, pair.Second!.At));
        }
    }

    [Fact]
    public void A_writer_that_is_a_moment_early_or_late_loses_no_turn()
    {
        var points = Enumerable.Range(0, 60).Select(i => Point(SignalSide.Canary, Start.AddSeconds(i * 10).AddMilliseconds(i % 3 == 0 ? 40 : -40), i));

        Assert.Equal(20, new PointSpacing(TimeSpan.FromSeconds(30), false).Cut(points, [], []).Canary.Count);
    }

    private static IEnumerable<SignalPoint> Series(SignalSide side, params int[] seconds) => seconds.Select(s => Point(side, Start.AddSeconds(s), s));

    private static SignalPoint Point(SignalSide side, DateTimeOffset at, double value) => new(Guid.Empty, Errors, side, at, value, 600);
}
