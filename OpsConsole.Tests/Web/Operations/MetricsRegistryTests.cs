using System.Diagnostics.Metrics;
using OpsConsole.Web.Operations;

namespace OpsConsole.Tests.Web.Operations;

public sealed class MetricsRegistryTests
{
    [Fact]
    public void Counters_gauges_and_histograms_are_written_as_exposition()
    {
        using var meter = new Meter(MetricsRegistry.MeterName);
        using var registry = new MetricsRegistry();
        var counter = meter.CreateCounter<long>("test.reads", description: "Reads.");
        var gauge = meter.CreateUpDownCounter<int>("test.open");
        var histogram = meter.CreateHistogram<double>("test.wait", "s");
        meter.CreateObservableCounter("test.seen", () => 7L);

        counter.Add(2, new KeyValuePair<string, object?>("source", "a\"b\\c\nd"));
        counter.Add(3, new KeyValuePair<string, object?>("source", "a\"b\\c\nd"));
        gauge.Add(5);
        gauge.Add(-2);
        histogram.Record(0.02);
        histogram.Record(99);

        var text = registry.Write();

        Assert.Contains("# TYPE test_reads_total counter\n", text, StringComparison.Ordinal);
        Assert.Contains("test_reads_total{source=\"a\\\"b\\\\c\\nd\"} 5\n", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE test_open gauge\ntest_open 3\n", text, StringComparison.Ordinal);
        Assert.Contains("test_wait_seconds_bucket{le=\"0.01\"} 0\n", text, StringComparison.Ordinal);
        Assert.Contains("test_wait_seconds_bucket{le=\"0.025\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("test_wait_seconds_bucket{le=\"+Inf\"} 2\n", text, StringComparison.Ordinal);
        Assert.Contains("test_wait_seconds_count 2\n", text, StringComparison.Ordinal);
        Assert.Contains("test_seen_total 7\n", text, StringComparison.Ordinal);
        Assert.Contains("test_seen_total 7\n", registry.Write(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_observed_no_more_is_left_out_and_gives_its_place_back()
    {
        using var meter = new Meter(MetricsRegistry.MeterName);
        using var registry = new MetricsRegistry();
        List<string> sources = ["old", "kept"];
        meter.CreateObservableGauge("test.age", () => sources.Select(s => new Measurement<int>(7, new KeyValuePair<string, object?>("source", s))));
        meter.CreateCounter<long>("test.begun").Add(1);
        Assert.Contains("test_age{source=\"old\"} 7\n", registry.Write(), StringComparison.Ordinal);

        sources.Remove("old");
        var text = registry.Write();
        Assert.DoesNotContain("source=\"old\"", text, StringComparison.Ordinal);
        Assert.Contains("test_age{source=\"kept\"} 7\n", text, StringComparison.Ordinal);
        Assert.Contains("test_begun_total 1\n", text, StringComparison.Ordinal);

        // However many came and went, one that comes has a place.
        for (var version = 0; version < 8; version++)
        {
            sources = [.. Enumerable.Range(0, 300).Select(i => $"{i} of version {version}")];
            text = registry.Write();
        }

        Assert.Contains("test_age{source=\"299 of version 7\"} 7\n", text, StringComparison.Ordinal);
        sources.Clear();
        Assert.DoesNotContain("test_age", registry.Write(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_label_gone_wild_does_not_fill_the_memory()
    {
        using var meter = new Meter(MetricsRegistry.MeterName);
        using var registry = new MetricsRegistry();
        var counter = meter.CreateCounter<long>("test.wild");

        for (var i = 0; i < 10_000; i++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("id", i));
        }

        Assert.InRange(registry.Write().Split('\n').Count(l => l.StartsWith("test_wild_total{", StringComparison.Ordinal)), 1, 2000);
    }
}
