using OpsConsole.Core.Signals;
using OpsConsole.Core.Sources.Otlp;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Sources.Otlp;

/// <summary>Signals out of what was sent: the rules are those of metrics that are read.</summary>
public sealed class OtlpSourceTests
{
    private static readonly SignalRule Errors = new() { Signal = new("http_5xx_rate"), Kind = SignalRuleKind.Ratio, Numerator = "http_duration_count{code=~\"5..\"}", Denominator = "http_duration_count" };
    private static readonly SignalRule P50 = new() { Signal = new("p50_latency"), Kind = SignalRuleKind.Quantile, Quantile = 0.5, Numerator = "http_duration", Scale = 1000 };
    private static readonly SignalRule Queue = new() { Signal = new("queue_depth"), Kind = SignalRuleKind.Gauge, Numerator = "jobs_waiting" };
    private static readonly SignalRule Rate = new() { Signal = new("request_rate"), Kind = SignalRuleKind.Rate, Numerator = "http_duration_count" };

    private readonly FakeTime _time = new();
    private readonly OtlpMetrics _metrics;
    private readonly OtlpSender _pod;

    public OtlpSourceTests()
    {
        _metrics = new(_time);
        _pod = new(_metrics, _time);
        _time.Advance(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Ratio_quantile_gauge_and_rate_are_computed_from_export_to_export()
    {
        var source = Source(Errors, P50, Queue, Rate);
        Export(good: [50, 50, 0], bad: [0, 0, 0], queue: 4);
        Assert.Equal(SampleKind.Missing, (await ReadAsync(source))[0].Kind);
        _time.Advance(TimeSpan.FromSeconds(8));

        var at = _time.GetUtcNow();
        Export(good: [50, 140, 0], bad: [0, 10, 0], queue: 6);
        var samples = await ReadAsync(source);

        Assert.All(samples, s => Assert.Equal((SampleKind.Measured, at), (s.Kind, s.At)));
        Assert.Equal((10.0, 100L), (samples[0].Value, samples[0].Count));
        Assert.Equal(550, samples[1].Value, 6);
        Assert.Equal((6.0, 1L), (samples[2].Value, samples[2].Count));
        Assert.Equal((10.0, 100L), (samples[3].Value, samples[3].Count));
        Assert.Equal([(2 + 1, 3), (6, 6), (1, 1), (2, 2)], source.Findings.Select(f => (f.Series!.Value, f.Points!.Value)));
    }

    [Fact]
    public async Task Between_two_exports_the_last_is_said_again_with_its_time()
    {
        var source = Source(Errors);
        Export([50, 50, 0], [0, 0, 0]);
        await ReadAsync(source);
        Export([50, 140, 0], [0, 10, 0]);
        var first = Assert.Single(await ReadAsync(source));
        _time.Advance(TimeSpan.FromSeconds(5));

        var again = Assert.Single(await ReadAsync(source));

        Assert.Equal((false, true), (first.Repeats, again.Repeats));
        Assert.Equal((first.At, first.Value, first.Count), (again.At, again.Value, again.Count));
    }

    [Fact]
    public async Task Silence_ends_in_no_value()
    {
        var source = Source(Queue);
        Export([1, 0, 0], [0, 0, 0]);
        Assert.Equal(SampleKind.Measured, (await ReadAsync(source))[0].Kind);
        _time.Advance(TimeSpan.FromMinutes(6));

        var sample = Assert.Single(await ReadAsync(source));

        Assert.Equal(SampleKind.Missing, sample.Kind);
        Assert.Contains("Nothing new has come in since 2026-03-01 12:00:10 UTC", sample.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_metric_with_more_series_than_are_kept_has_no_value()
    {
        var metrics = new OtlpMetrics(_time, new OtlpLimits { OfOneResource = 20 });
        var pod = new OtlpSender(metrics, _time);
        var source = new OtlpSource(Binding(Queue), metrics, _time);
        pod.Send([.. Enumerable.Range(0, 40).Select(n => pod.Gauge("jobs.waiting", 1, attributes: ("job", $"{n}")))]);

        var sample = Assert.Single(await ReadAsync(source));

        Assert.Equal(SampleKind.Error, sample.Kind);
        Assert.Contains("More series than are kept of one resource (20)", sample.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_lacks_a_process_whose_clock_is_ahead_has_no_value_and_what_is_only_late_takes_none_away()
    {
        var (source, other) = (Source(Queue), new OtlpSender(_metrics, _time, instance: "pod-b"));
        _pod.Send(_pod.Gauge("jobs.waiting", 1));
        other.Send(other.Gauge("jobs.waiting", 100, at: _time.GetUtcNow().AddHours(-1)));
        Assert.Equal(SampleKind.Measured, Assert.Single(await ReadAsync(source)).Kind);

        other.Send(other.Gauge("jobs.waiting", 100, at: _time.GetUtcNow().AddMinutes(1)));
        var sample = Assert.Single(await ReadAsync(source));

        Assert.Equal(SampleKind.Error, sample.Kind);
        Assert.Contains("ahead of the console's clock", sample.Detail, StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromMinutes(3));
        _pod.Send(_pod.Gauge("jobs.waiting", 1));
        Assert.Equal(SampleKind.Measured, Assert.Single(await ReadAsync(source)).Kind);
    }

    [Fact]
    public async Task Of_another_version_nothing_is_known()
    {
        Export([1, 0, 0], [0, 0, 0]);
        var source = new OtlpSource(Binding(Queue) with { Version = "2.16.0" }, _metrics, _time);

        Assert.Equal("No metrics came in lately of shop 2.16.0 in production.", Assert.Single(await ReadAsync(source)).Detail);
    }

    [Fact]
    public void A_binding_says_what_is_wrong_with_it()
    {
        var catalog = new SourceCatalog([OtlpSource.Kind(_metrics, _time)]);

        Assert.Empty(catalog.Faults(Binding(Errors, P50, Queue, Rate)));
        Assert.Empty(catalog.Faults(Binding(Errors) with { Version = SourceBinding.EveryVersion }));
        Assert.Contains(catalog.Faults(Binding(Queue with { Kind = SignalRuleKind.Query })), f => f.Contains("queries belong", StringComparison.Ordinal));
        Assert.Contains(catalog.Faults(Binding(Queue) with { Address = new("http://shop/") }), f => f.Contains("has no address", StringComparison.Ordinal));
        Assert.Contains(catalog.Faults(Binding(Queue) with { Credential = SourceCredential.Bearer("x") }), f => f.Contains("needs no credential", StringComparison.Ordinal));
    }

    private static SourceBinding Binding(params SignalRule[] rules) => new()
    {
        Key = "shop", Kind = OtlpSource.KindName, Service = "shop", Target = "kubernetes", Environment = "production", Version = "2.15.0", Rules = rules,
        Settings = new(OtlpSource.KindName, OtlpSource.Kind(new(new FakeTime()), new FakeTime()).Settings, new Dictionary<string, string>()),
    };

    private static async Task<List<SignalSample>> ReadAsync(OtlpSource source)
    {
        var samples = new List<SignalSample>();
        Assert.Null(await source.ReadAsync(samples.Add, TestContext.Current.CancellationToken));
        return samples;
    }

    private OtlpSource Source(params SignalRule[] rules) => new(Binding(rules), _metrics, _time);

    private void Export(long[] good, long[] bad, double queue = 1)
    {
        var receipt = _pod.Send(
            _pod.Histogram("http.duration", [0.1, 1], good, attributes: ("code", "200")), _pod.Histogram("http.duration", [0.1, 1], bad, attributes: ("code", "503")), _pod.Gauge("jobs.waiting", queue));
        Assert.Null(receipt.Message);
    }
}
