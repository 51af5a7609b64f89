using OpsConsole.Core.Sources.Otlp;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Sources.Otlp;

/// <summary>Exponential histograms at the edges of what a double holds, and beyond.</summary>
public sealed class OtlpExponentialTests
{
    private const int MostLines = 484;

    private readonly FakeTime _time = new();
    private readonly OtlpMetrics _metrics;
    private readonly OtlpSender _pod;

    public OtlpExponentialTests()
    {
        _metrics = new(_time);
        _pod = new(_metrics, _time);
        _time.Advance(TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData(3, 1_000_000_000)]
    [InlineData(3, -1_000_000_000)]
    [InlineData(20, int.MaxValue)]
    [InlineData(20, int.MinValue)]
    [InlineData(3, 8192)]
    [InlineData(3, -8801)]
    [InlineData(0, 1024)]
    [InlineData(0, -1101)]
    [InlineData(-4, 64)]
    [InlineData(-4, -69)]
    [InlineData(-4, int.MaxValue)]
    [InlineData(-4, int.MinValue)]
    public void A_bucket_that_no_value_can_be_in_is_refused(int scale, int offset)
    {
        var receipt = _pod.Send(Delta(scale, offset, [1]));

        Assert.Equal((0, 1), (receipt.Accepted, receipt.Rejected));
        Assert.Contains("outside of what a double holds", receipt.Message, StringComparison.Ordinal);
        AssertSound(0);
    }

    [Theory]
    [InlineData(20, 1_073_741_823)]
    [InlineData(20, -1_126_497_280)]
    [InlineData(3, 8191)]
    [InlineData(3, -8800)]
    [InlineData(0, 1023)]
    [InlineData(0, -1100)]
    [InlineData(-1, 511)]
    [InlineData(-4, 63)]
    [InlineData(-4, -68)]
    public void The_last_buckets_that_a_value_can_be_in_are_taken(int scale, int offset)
    {
        var receipt = _pod.Send(Delta(scale, offset, [2]));

        Assert.Equal((1, 0), (receipt.Accepted, receipt.Rejected));
        AssertSound(2);
    }

    [Fact]
    public void The_highest_values_of_all_stay_countable_when_the_lowest_come()
    {
        _pod.Send(Delta(0, 1023, [1]));
        Next();
        _pod.Send(Delta(0, -1074, [1]));
        Next();
        _pod.Send(Delta(-1, 511, [1]));
        Next();
        _pod.Send(Delta(-4, -68, [1]));

        AssertSound(4);
    }

    [Fact]
    public void Empty_buckets_may_lie_anywhere()
    {
        var receipt = _pod.Send(Delta(-4, 60, [1, 0, 0, 0, 0, 0, 0, 0]));

        Assert.Equal((1, 0), (receipt.Accepted, receipt.Rejected));
    }

    [Fact]
    public void A_point_has_a_bounded_number_of_buckets()
    {
        var receipt = _pod.Send(Delta(20, 0, new long[513]));

        Assert.Equal((0, 1), (receipt.Accepted, receipt.Rejected));
        Assert.Contains("more than 512 buckets", receipt.Message, StringComparison.Ordinal);
        Next();
        Assert.Equal(1, _pod.Send(Delta(20, 0, [.. Enumerable.Repeat(1L, 512)])).Accepted);
    }

    [Fact]
    public void What_comes_in_everywhere_is_counted_within_bounds()
    {
        for (var offset = -8800; offset < 8192; offset += 512)
        {
            Assert.Equal(1, _pod.Send(Delta(3, offset, [.. Enumerable.Repeat(1L, Math.Min(512, 8192 - offset))])).Accepted);
            Next();
        }

        AssertSound(8800 + 8192);
    }

    private object Delta(int scale, int offset, long[] counts) => _pod.Exponential("http.duration", scale, offset, counts, temporality: OtlpSender.Delta);

    private void Next()
    {
        _pod.Started = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromSeconds(1));
    }

    /// <summary>Buckets that rise, each with a bound of its own, and no more of them than a histogram may have.</summary>
    private void AssertSound(double count)
    {
        var exposition = _metrics.Look(new("shop", "production", "2.15.0"))?.Exposition;
        var buckets = exposition is null ? [] : exposition.Named("http_duration_bucket").ToArray();
        if (count == 0)
        {
            Assert.DoesNotContain(buckets, static b => b.Value > 0);
            return;
        }

        Assert.InRange(buckets.Length, 2, MostLines);
        Assert.Equal(count, buckets[^1].Value);
        Assert.Equal(buckets.Select(static b => b.Value).Order(), buckets.Select(static b => b.Value));
        Assert.Distinct(buckets.Select(static b => b.Id));
    }
}
