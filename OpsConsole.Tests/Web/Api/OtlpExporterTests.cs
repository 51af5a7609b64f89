using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Sources.Otlp;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Web.Api;

/// <summary>The exporter of OpenTelemetry itself sends to the endpoint.</summary>
public sealed class OtlpExporterTests : IAsyncLifetime
{
    private static readonly SourceBinding Shop = new()
    {
        Key = "shop", Kind = OtlpSource.KindName, Service = "shop", Target = "kubernetes", Environment = "production", Version = "2.15.0",
        Rules =
        [
            new() { Signal = new("http_5xx_rate"), Kind = SignalRuleKind.Ratio, Numerator = "http_server_request_duration_count{http_response_status_code=~\"5..\"}", Denominator = "http_server_request_duration_count" },
            new() { Signal = new("p50_latency"), Kind = SignalRuleKind.Quantile, Quantile = 0.5, Numerator = "http_server_request_duration", Scale = 1000 },
            new() { Signal = new("launch_time_p95"), Kind = SignalRuleKind.Quantile, Quantile = 0.95, Numerator = "app_launch_duration", Scale = 1000 },
            new() { Signal = new("queue_depth"), Kind = SignalRuleKind.Gauge, Numerator = "jobs_waiting" },
        ],
    };

    private SignalsServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await SignalsServer.StartAsync(TimeProvider.System);

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(MetricReaderTemporalityPreference.Cumulative)]
    [InlineData(MetricReaderTemporalityPreference.Delta)]
    public async Task What_the_exporter_of_opentelemetry_sends_becomes_signals(MetricReaderTemporalityPreference temporality)
    {
        using var meter = new Meter("shop." + Guid.NewGuid().ToString("N"));
        var duration = meter.CreateHistogram("http.server.request.duration", unit: "s", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 0.5, 1] });
        var launch = meter.CreateHistogram<double>("app.launch.duration", unit: "s");
        meter.CreateObservableGauge("jobs.waiting", () => 12);
        using var provider = Provider(meter, temporality);
        var source = new OtlpSource(Shop with { Settings = new(OtlpSource.KindName, OtlpSource.Kind(_server.Metrics, TimeProvider.System).Settings, new Dictionary<string, string>()) }, _server.Metrics, TimeProvider.System);

        duration.Record(0.3, new KeyValuePair<string, object?>("http.response.status_code", 200));
        launch.Record(0.5);
        Assert.True(provider.ForceFlush(20_000));
        await Eventually.TrueAsync(async () => (await ReadAsync(source)).TrueForAll(s => s.Detail?.StartsWith("Collecting", StringComparison.Ordinal) == true || s.Kind == SampleKind.Measured), TimeSpan.FromSeconds(20), () => string.Join("; ", source.Findings));
        for (var request = 0; request < 90; request++)
        {
            duration.Record(0.3, new KeyValuePair<string, object?>("http.response.status_code", 200));
            launch.Record(2);
        }

        for (var request = 0; request < 10; request++)
        {
            duration.Record(0.3, new KeyValuePair<string, object?>("http.response.status_code", 503));
        }

        Assert.True(provider.ForceFlush(20_000));
        List<SignalSample> samples = [];
        await Eventually.TrueAsync(async () => (samples = await ReadAsync(source)).TrueForAll(s => s.Kind == SampleKind.Measured) && samples[0].Count == 100, TimeSpan.FromSeconds(20), () => string.Join("; ", source.Findings));

        Assert.Equal((10.0, 100L), (samples[0].Value, samples[0].Count));
        Assert.Equal(300, samples[1].Value, 6);
        Assert.Equal(100, samples[1].Count);
        Assert.InRange(samples[2].Value, 1_800, 2_200);
        Assert.Equal((12.0, 1L), (samples[3].Value, samples[3].Count));
        Assert.Null(source.Note);
    }

    private static async Task<List<SignalSample>> ReadAsync(OtlpSource source)
    {
        var samples = new List<SignalSample>();
        Assert.Null(await source.ReadAsync(samples.Add, TestContext.Current.CancellationToken));
        return samples;
    }

    private MeterProvider Provider(Meter meter, MetricReaderTemporalityPreference temporality) => Sdk.CreateMeterProviderBuilder()
        .ConfigureResource(resource => resource.Clear().AddService("shop", serviceVersion: "2.15.0", autoGenerateServiceInstanceId: true)
            .AddAttributes([new KeyValuePair<string, object>("deployment.environment.name", "production")]))
        .AddMeter(meter.Name)
        .AddView("app.launch.duration", new Base2ExponentialBucketHistogramConfiguration())
        .AddOtlpExporter((exporter, reader) =>
        {
            exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
            exporter.Endpoint = new Uri(_server.Client.BaseAddress!, "/api/v1/otlp/v1/metrics");
            exporter.Headers = "Who=Admin:agent";
            reader.TemporalityPreference = temporality;
            reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = 600_000;
        })
        .Build();
}
