using OpsConsole.Core.Signals;
using static OpsConsole.Tests.Core.Sources.PrometheusText.ScriptedSource;

namespace OpsConsole.Tests.Core.Sources.PrometheusText;

public sealed class CounterRuleTests
{
    private static readonly SignalRule Errors = Ratio("requests_total{status=~\"5..\"}", "requests_total");

    [Fact]
    public async Task A_first_reading_collects()
    {
        using var source = new ScriptedSource(Errors);

        var sample = await source.Reads(Requests(ok: 1000, bad: 500));

        Assert.Equal(SampleKind.Missing, sample.Kind);
        Assert.Contains("Collecting", sample.Detail, StringComparison.Ordinal);
        Assert.Null(source.Failure);
    }

    [Fact]
    public async Task A_ratio_is_of_the_increase_since_the_last_reading()
    {
        using var source = new ScriptedSource(Errors);
        await source.Reads(Requests(ok: 1000, bad: 500));

        var sample = await source.Reads(Requests(ok: 1095, bad: 505));

        Assert.Equal((5.0, 100L, SampleKind.Measured), (sample.Value, sample.Count, sample.Kind));
        Assert.Equal(new SignalAddress("shop", "gateway", "production", "2.15.0", new SignalKey("http_5xx_rate")), sample.Address);
        Assert.Equal(source.Time.GetUtcNow(), sample.At);
    }

    [Fact]
    public async Task A_window_adds_the_increases_inside_it()
    {
        using var source = new ScriptedSource(Ratio("requests_total{status=~\"5..\"}", "requests_total", window: 10));
        await source.Reads(Requests(ok: 0, bad: 0));
        await source.Reads(Requests(ok: 0, bad: 100));
        await source.Reads(Requests(ok: 100, bad: 100));
        Assert.Equal((25.0, 400L), await ValueOf(source.Reads(Requests(ok: 300, bad: 200))));
        Assert.Equal((25.0, 400L), await ValueOf(source.Reads(Requests(ok: 400, bad: 200))));
        Assert.Equal((0.0, 100L), await ValueOf(source.Reads(Requests(ok: 400, bad: 200))));
    }

    [Fact]
    public async Task A_reset_counter_counts_from_zero()
    {
        using var source = new ScriptedSource(Errors);
        await source.Reads(Requests(ok: 1000, bad: 500));

        Assert.Equal((10.0, 40L), await ValueOf(source.Reads(Requests(ok: 36, bad: 4))));
    }

    [Fact]
    public async Task Each_series_resets_by_itself()
    {
        using var source = new ScriptedSource(Rate("requests_total"));
        await source.Reads("requests_total{pod=\"a\"} 100\nrequests_total{pod=\"b\"} 100\n");

        // a rose by 10; b began anew and counted 5.
        Assert.Equal((3.0, 15L), await ValueOf(source.Reads("requests_total{pod=\"a\"} 110\nrequests_total{pod=\"b\"} 5\n")));
    }

    [Fact]
    public async Task The_first_error_of_all_counts()
    {
        using var source = new ScriptedSource(Errors);
        await source.Reads("requests_total{status=\"200\"} 90\n");

        Assert.Equal((10.0, 100L), await ValueOf(source.Reads("requests_total{status=\"200\"} 180\nrequests_total{status=\"500\"} 10\n")));
    }

    [Fact]
    public async Task A_series_that_comes_back_goes_on_from_where_it_was()
    {
        using var source = new ScriptedSource(Rate("requests_total"));
        await source.Reads("requests_total{a=\"1\"} 1000\nrequests_total{a=\"2\"} 0\n");
        await source.Reads("requests_total{a=\"2\"} 0\n");

        Assert.Equal((1.0, 5L), await ValueOf(source.Reads("requests_total{a=\"1\"} 1005\nrequests_total{a=\"2\"} 0\n")));
    }

    [Theory]
    [InlineData("requests_total{status=\"500\"} -1\n", "negative")]
    [InlineData("requests_total{status=\"500\"} NaN\n", "not a finite number")]
    [InlineData("requests_total{status=\"500\"} +Inf\n", "not a finite number")]
    [InlineData("# TYPE requests_total gauge\nrequests_total{status=\"500\"} 1\n", "is not a counter")]
    public async Task What_cannot_be_a_counter_is_an_error_and_is_not_compared_with(string lie, string reason)
    {
        using var source = new ScriptedSource(Errors);
        await source.Reads(Requests(ok: 100, bad: 0));

        var sample = await source.Reads(lie);
        Assert.Equal(SampleKind.Error, sample.Kind);
        Assert.Contains(reason, sample.Detail, StringComparison.Ordinal);

        Assert.Equal(SampleKind.Missing, (await source.Reads(Requests(ok: 200, bad: 50))).Kind);
        Assert.Equal((2.0, 100L), await ValueOf(source.Reads(Requests(ok: 298, bad: 52))));
    }

    [Fact]
    public async Task No_traffic_is_missing_and_never_a_good_zero()
    {
        using var source = new ScriptedSource(Errors);
        await source.Reads(Requests(ok: 100, bad: 0));

        Assert.Equal(SampleKind.Missing, (await source.Reads(Requests(ok: 100, bad: 0))).Kind);
    }

    [Fact]
    public async Task A_misspelt_numerator_is_missing_and_never_a_good_zero()
    {
        using var source = new ScriptedSource(Ratio("request_errors_total", "requests_total"));
        await source.Reads("requests_total 1\n");

        Assert.Equal(SampleKind.Missing, (await source.Reads("requests_total 100\n")).Kind);
        Assert.Equal(SampleKind.Missing, (await source.Reads("requests_total 200\n")).Kind);
    }

    [Fact]
    public async Task A_declared_numerator_without_series_is_zero()
    {
        using var source = new ScriptedSource(Ratio("errors_total", "requests_total"));
        await source.Reads("# TYPE errors_total counter\nrequests_total 1\n");

        Assert.Equal((0.0, 99L), await ValueOf(source.Reads("# TYPE errors_total counter\nrequests_total 100\n")));
        Assert.Equal((5.0, 100L), await ValueOf(source.Reads("# TYPE errors_total counter\nerrors_total{a=\"1\"} 5\nrequests_total 200\n")));
    }

    [Fact]
    public async Task A_part_far_larger_than_its_whole_is_an_error_and_an_event_ahead_is_not()
    {
        using var source = new ScriptedSource(Ratio("good_total", "all_total"));
        await source.Reads("good_total 0\nall_total 0\n");

        Assert.Equal((100.0, 10L), await ValueOf(source.Reads("good_total 11\nall_total 10\n")));
        Assert.Equal(SampleKind.Error, (await source.Reads("good_total 111\nall_total 20\n")).Kind);
    }

    [Fact]
    public async Task A_rate_is_per_second_of_the_time_that_was_covered()
    {
        using var source = new ScriptedSource(Rate("requests_total", window: 10));
        await source.Reads("requests_total 100\n");
        Assert.Equal((20.0, 100L), await ValueOf(source.Reads("requests_total 200\n")));
        Assert.Equal((10.0, 100L), await ValueOf(source.Reads("requests_total 200\n")));
        Assert.Equal((0.0, 0L), await ValueOf(source.Reads("requests_total 200\n")));
        Assert.Equal(SampleKind.Missing, (await source.Reads("other 1\n")).Kind);
    }

    [Theory]
    [InlineData("queue 3\n", SampleKind.Measured, 3)]
    [InlineData("queue{a=\"1\"} 3\nqueue{a=\"2\"} -1\n", SampleKind.Measured, 2)]
    [InlineData("queue NaN\n", SampleKind.Error, 0)]
    [InlineData("queue{a=\"1\"} +Inf\nqueue{a=\"2\"} 1\n", SampleKind.Error, 0)]
    [InlineData("queues 3\n", SampleKind.Missing, 0)]
    public async Task A_gauge_is_the_sum_as_it_stands(string text, SampleKind kind, double value)
    {
        using var source = new ScriptedSource(Gauge("queue"));

        var sample = await source.Reads(text);

        Assert.Equal((kind, value), (sample.Kind, sample.Value));
    }

    private static string Requests(int ok, int bad) =>
        $"# TYPE requests_total counter\nrequests_total{{status=\"200\"}} {ok}\nrequests_total{{status=\"503\"}} {bad}\n";

    private static async Task<(double Value, long Count)> ValueOf(Task<SignalSample> read)
    {
        var sample = await read;
        Assert.Equal(SampleKind.Measured, sample.Kind);
        return (sample.Value, sample.Count);
    }
}
