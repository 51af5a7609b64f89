using OpsConsole.Core.Signals;
using static OpsConsole.Tests.Core.Sources.PrometheusText.ScriptedSource;

namespace OpsConsole.Tests.Core.Sources.PrometheusText;

public sealed class QuantileRuleTests
{
    [Fact]
    public async Task The_quantile_is_of_the_increase_of_the_buckets()
    {
        using var source = new ScriptedSource(Quantile("latency_seconds", 0.95));
        await source.Reads(Histogram(1000, 1000, 1000, 1000));

        // 100 more: 50 up to 0.1 s, 40 up to 0.5 s, 9 up to 1 s, 1 above. Rank 95 is 5 of 9 from 0.5 to 1.
        var sample = await source.Reads(Histogram(1050, 1090, 1099, 1100));

        Assert.Equal(777.778, sample.Value, 3);
        Assert.Equal(100, sample.Count);
    }

    [Fact]
    public async Task A_window_adds_the_increases_inside_it()
    {
        using var source = new ScriptedSource(Quantile("latency_seconds", 0.5, window: 10));
        await source.Reads(Histogram(0, 0, 0, 0));
        await source.Reads(Histogram(10, 10, 10, 10));

        // 10 up to 0.1 s and 30 from 0.1 to 0.5 s: rank 20 is 10 of 30.
        Assert.Equal(100 + (400 / 3.0), (await source.Reads(Histogram(10, 40, 40, 40))).Value, 9);
    }

    [Fact]
    public async Task Observations_beyond_the_last_bound_show_as_that_bound()
    {
        using var source = new ScriptedSource(Quantile("latency_seconds", 0.99));
        await source.Reads(Histogram(0, 0, 0, 0));

        Assert.Equal(1000, (await source.Reads(Histogram(0, 0, 0, 50))).Value);
    }

    [Fact]
    public async Task A_reset_histogram_counts_from_zero_as_a_whole()
    {
        using var source = new ScriptedSource(Quantile("latency_seconds", 0.5));
        await source.Reads(Histogram(10, 500, 500, 500));

        // The first bucket is higher than before, and yet the histogram began anew: 20 up to 0.1 s, 20 up to 0.5 s.
        var sample = await source.Reads(Histogram(20, 40, 40, 40));

        Assert.Equal((100.0, 40L), (sample.Value, sample.Count));
    }

    [Fact]
    public async Task Histograms_are_added_bucket_by_bucket_and_chosen_by_label()
    {
        using var source = new ScriptedSource(Quantile("latency_seconds{route!=\"/health\"}", 0.5));
        await source.Reads(Histogram(0, 0, 0, 0, "/a") + Histogram(0, 0, 0, 0, "/b") + Histogram(0, 0, 0, 0, "/health"));

        var sample = await source.Reads(Histogram(10, 10, 10, 10, "/a") + Histogram(0, 10, 10, 10, "/b") + Histogram(9000, 9000, 9000, 9000, "/health"));

        Assert.Equal((100.0, 20L), (sample.Value, sample.Count));
    }

    [Fact]
    public async Task No_observations_and_no_histogram_are_missing()
    {
        using var source = new ScriptedSource(Quantile("latency_seconds", 0.5));
        Assert.Equal(SampleKind.Missing, (await source.Reads("other 1\n")).Kind);
        Assert.Equal(SampleKind.Missing, (await source.Reads(Histogram(1, 1, 1, 1))).Kind);
        Assert.Equal(SampleKind.Missing, (await source.Reads(Histogram(1, 1, 1, 1))).Kind);
        Assert.Equal(SampleKind.Measured, (await source.Reads(Histogram(2, 2, 2, 2))).Kind);
    }

    [Theory]
    [InlineData("# TYPE latency_seconds gauge\nlatency_seconds 1\n", "not a histogram")]
    [InlineData("latency_seconds_bucket{le=\"1\"} 1\n", "lack +Inf")]
    [InlineData("latency_seconds_bucket{le=\"1\"} -1\nlatency_seconds_bucket{le=\"+Inf\"} 1\n", "negative")]
    [InlineData("latency_seconds_bucket{le=\"1\"} NaN\nlatency_seconds_bucket{le=\"+Inf\"} 1\n", "negative")]
    [InlineData("latency_seconds_bucket{le=\"1\"} 2\nlatency_seconds_bucket{le=\"+Inf\"} 1\n", "not cumulative")]
    [InlineData("latency_seconds_bucket 1\n", "not numbers")]
    [InlineData("latency_seconds_bucket{a=\"1\",le=\"1\"} 1\nlatency_seconds_bucket{a=\"1\",le=\"+Inf\"} 1\nlatency_seconds_bucket{a=\"2\",le=\"+Inf\"} 1\n", "different buckets")]
    public async Task What_cannot_be_a_histogram_is_an_error(string text, string reason)
    {
        using var source = new ScriptedSource(Quantile("latency_seconds", 0.5));
        await source.Reads(Histogram(1, 1, 1, 1));

        var sample = await source.Reads(text);

        Assert.Equal(SampleKind.Error, sample.Kind);
        Assert.Contains(reason, sample.Detail, StringComparison.Ordinal);
        Assert.Equal(SampleKind.Missing, (await source.Reads(Histogram(100, 100, 100, 100))).Kind);
    }

    [Fact]
    public async Task Other_buckets_than_before_begin_anew()
    {
        using var source = new ScriptedSource(Quantile("latency_seconds", 0.5, window: 60));
        await source.Reads(Histogram(0, 0, 0, 0));
        await source.Reads(Histogram(10, 10, 10, 10));

        Assert.Equal(SampleKind.Missing, (await source.Reads("latency_seconds_bucket{le=\"2\"} 100\nlatency_seconds_bucket{le=\"+Inf\"} 100\n")).Kind);
        Assert.Equal(1000, (await source.Reads("latency_seconds_bucket{le=\"2\"} 110\nlatency_seconds_bucket{le=\"+Inf\"} 110\n")).Value);
    }

    private static string Histogram(int tenth, int half, int one, int all, string? route = null)
    {
        var labels = route is null ? "" : $"route=\"{route}\",";
        return $"""
            latency_seconds_bucket[{labels}le="0.1"] {tenth}
            latency_seconds_bucket[{labels}le="0.5"] {half}
            latency_seconds_bucket[{labels}le="1"] {one}
            latency_seconds_bucket[{labels}le="+Inf"] {all}

            """.Replace('[', '{').Replace(']', '}');
    }
}
