using OpsConsole.Core.Sources.PrometheusText;

namespace OpsConsole.Tests.Core.Sources.PrometheusText;

/// <summary>Values worked out by hand: rank = q * total; inside the bucket, from + (to - from) * (rank - before) / in the bucket.</summary>
public sealed class HistogramQuantileTests
{
    private const double Inf = double.PositiveInfinity;

    [Theory]
    // 100 observations: 50 up to 0.1, 40 more up to 0.5, 9 more up to 1, 1 above.
    [InlineData(0.5, 0.1)] // rank 50: the very end of the first bucket
    [InlineData(0.25, 0.05)] // rank 25: half way from 0 to 0.1
    [InlineData(0.7, 0.3)] // rank 70: 20 of 40, half way from 0.1 to 0.5
    [InlineData(0.9, 0.5)] // rank 90
    [InlineData(0.95, 0.77777777777777779)] // rank 95: 5 of 9 from 0.5 to 1
    [InlineData(0.99, 1)] // rank 99
    [InlineData(0.995, 1)] // in +Inf: the highest finite bound
    public void Interpolates_inside_the_bucket(double quantile, double expected) =>
        Assert.Equal(expected, HistogramQuantile.Of(quantile, [0.1, 0.5, 1, Inf], [50, 90, 99, 100]), 12);

    [Fact]
    public void A_first_bound_of_zero_or_less_is_the_answer_itself() =>
        Assert.Equal(-1, HistogramQuantile.Of(0.5, [-1, 1, Inf], [6, 8, 10]));

    [Fact]
    public void Empty_buckets_are_passed_over() =>
        Assert.Equal(3.5, HistogramQuantile.Of(0.5, [1, 2, 3, 4, Inf], [0, 0, 0, 10, 10]));

    [Fact]
    public void Counts_that_fall_are_taken_as_level() =>
        Assert.Equal(0.5, HistogramQuantile.Of(0.5, [1, 2, Inf], [10, 8, 10]));

    [Fact]
    public void Nothing_observed_or_nothing_bounded_has_no_quantile()
    {
        Assert.True(double.IsNaN(HistogramQuantile.Of(0.5, [1, Inf], [0, 0])));
        Assert.True(double.IsNaN(HistogramQuantile.Of(0.5, [Inf], [10])));
    }
}
