using OpsConsole.Core.Signals;

namespace OpsConsole.Tests.Core.Sources.PrometheusText;

/// <summary>How many series a rule chose, as the page of sources tells it.</summary>
public sealed class SeriesFoundTests
{
    private const string Text =
        """
        # TYPE requests counter
        requests{code="200"} 10
        requests{code="500"} 1
        # TYPE waiting gauge
        waiting{queue="a"} 1
        waiting{queue="b"} 2
        # TYPE took histogram
        took_bucket{le="1"} 1
        took_bucket{le="+Inf"} 2
        took_sum 3
        took_count 2

        """;

    [Fact]
    public async Task Each_rule_says_how_many_series_it_chose()
    {
        Assert.Equal(3, await SeriesAsync(ScriptedSource.Ratio("requests{code=\"500\"}", "requests")));
        Assert.Equal(2, await SeriesAsync(ScriptedSource.Rate("requests")));
        Assert.Equal(2, await SeriesAsync(ScriptedSource.Gauge("waiting")));
        Assert.Equal(1, await SeriesAsync(ScriptedSource.Quantile("took", 0.9)));
    }

    [Fact]
    public async Task What_is_not_there_is_no_series()
    {
        Assert.Equal(0, await SeriesAsync(ScriptedSource.Gauge("idle")));
        Assert.Equal(0, await SeriesAsync(ScriptedSource.Rate("idle")));
        Assert.Equal(0, await SeriesAsync(ScriptedSource.Ratio("idle", "also_idle")));
        Assert.Equal(0, await SeriesAsync(ScriptedSource.Quantile("idle", 0.9)));
    }

    [Fact]
    public async Task What_cannot_be_right_tells_no_number_of_series() => Assert.Null(await SeriesAsync(ScriptedSource.Rate("waiting")));

    private static async Task<int?> SeriesAsync(SignalRule rule)
    {
        var source = new ScriptedSource(rule);
        await source.Reads(Text);
        await source.Reads(Text);
        return Assert.Single(source.Findings).Series;
    }
}
