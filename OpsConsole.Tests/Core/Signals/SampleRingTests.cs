using OpsConsole.Core.Signals;

namespace OpsConsole.Tests.Core.Signals;

public sealed class SampleRingTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static SampleRing Mean(int slots = 40) => new(TimeSpan.FromSeconds(1), slots, SignalAggregation.WeightedMean);

    private static SampleRing Latest(int slots = 40) => new(TimeSpan.FromSeconds(1), slots, SignalAggregation.Latest);

    [Fact]
    public void An_empty_ring_has_no_value() => Assert.Equal((null, 0L), Mean().Aggregate(Start));

    [Fact]
    public void The_mean_is_weighted_by_observations()
    {
        var ring = Mean();
        ring.Add(Start.AddSeconds(1), 1, 900);
        ring.Add(Start.AddSeconds(2), 11, 100);
        var (value, count) = ring.Aggregate(Start);
        Assert.Equal(2, value!.Value, 9);
        Assert.Equal(1000, count);
    }

    [Fact]
    public void Samples_of_one_slot_are_merged_exactly()
    {
        var ring = Mean(2);
        for (var i = 0; i < 500; i++)
        {
            ring.Add(Start.AddMilliseconds(i), i % 2 == 0 ? 4 : 0, 10);
        }

        var (value, count) = ring.Aggregate(Start.AddSeconds(-1));
        Assert.Equal(2, value!.Value, 9);
        Assert.Equal(5000, count);
    }

    [Fact]
    public void What_is_corrected_takes_the_place_of_what_was_said_before()
    {
        var ring = Mean();
        ring.Add(Start.AddSeconds(1), 10, 1000);
        ring.Add(Start.AddSeconds(1), 2, 900, (10, 1000));
        Assert.Equal((2, 900L), ring.Aggregate(Start));

        ring.Add(Start.AddSeconds(1.5), 12, 100);
        ring.Add(Start.AddSeconds(1), 1, 0, (2, 900));
        var (value, count) = ring.Aggregate(Start);
        Assert.Equal((12.0, 100L), (Math.Round(value!.Value, 4), count));
    }

    [Fact]
    public void What_corrects_nothing_that_is_there_is_a_sample_as_any()
    {
        var ring = Mean();
        ring.Add(Start.AddSeconds(1), 2, 900, (10, 1000));
        Assert.Equal((2, 900L), ring.Aggregate(Start));
    }

    [Fact]
    public void Values_without_observations_make_a_plain_mean()
    {
        var ring = Mean();
        ring.Add(Start.AddSeconds(1), 2, 0);
        ring.Add(Start.AddSeconds(2), 4, 0);
        var (value, count) = ring.Aggregate(Start);
        Assert.Equal(3, value!.Value, 9);
        Assert.Equal(0, count);
    }

    [Fact]
    public void What_lies_before_the_window_does_not_count()
    {
        var ring = Mean();
        ring.Add(Start, 100, 10);
        ring.Add(Start.AddSeconds(30), 1, 10);
        Assert.Equal(1, ring.Aggregate(Start).Value);
    }

    [Fact]
    public void Latest_takes_the_newest_whatever_the_order_of_arrival()
    {
        var ring = Latest();
        ring.Add(Start.AddSeconds(5), 50, 5);
        ring.Add(Start.AddSeconds(3), 30, 3);
        ring.Add(Start.AddSeconds(5).AddMilliseconds(-0.1), 49, 4);
        Assert.Equal((50, 5L), ring.Aggregate(Start));
    }

    [Fact]
    public void A_slot_that_was_given_to_a_later_time_takes_nothing_earlier()
    {
        var ring = Mean(10);
        Assert.True(ring.Add(Start.AddSeconds(10), 1, 1));
        Assert.False(ring.Add(Start, 2, 1));
        Assert.Equal(1, ring.Aggregate(Start.AddSeconds(-60)).Value);
    }

    [Fact]
    public void The_chart_is_in_order_and_never_longer_than_the_ring()
    {
        var ring = Mean(10);
        foreach (var second in new[] { 9, 3, 27, 21, 25, 24, 22, 23, 26 })
        {
            ring.Add(Start.AddSeconds(second), second, 1);
        }

        Span<DateTimeOffset> at = stackalloc DateTimeOffset[10];
        Span<double> values = stackalloc double[10];
        var count = ring.CopyTo(Start.AddSeconds(28), at, values);
        Assert.Equal([21, 22, 23, 24, 25, 26, 27], values[..count].ToArray());
        Assert.Equal(Start.AddSeconds(21), at[0]);
    }

    [Fact]
    public void Cleared_it_is_empty()
    {
        var ring = Mean();
        ring.Add(Start, 1, 1);
        ring.Clear();
        Assert.Null(ring.Aggregate(Start.AddSeconds(-1)).Value);
    }

    [Fact]
    public void Nonsense_sizes_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new SampleRing(TimeSpan.Zero, 1, SignalAggregation.Latest));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SampleRing(TimeSpan.FromSeconds(1), 0, SignalAggregation.Latest));
    }
}
