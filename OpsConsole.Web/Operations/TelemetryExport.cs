using System.Diagnostics.Metrics;
using System.Reflection;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using OpsConsole.Core.Tracing;
using OpsConsole.Web.Jobs;

namespace OpsConsole.Web.Operations;

/// <summary>Sends the console's own spans and metrics to the collector that the operator names, over OTLP.</summary>
/// <remarks>Everything is sent by threads of its own from queues with bounds: a collector that hangs costs what they hold and keeps nobody waiting.</remarks>
internal sealed class TelemetryExport(IConfiguration configuration, SharedSchedulerName console, TimeProvider time, ILogger<TelemetryExport> log) : IHostedService, IDisposable
{
    /// <summary>Time for what was not sent yet when the console stops.</summary>
    internal static readonly TimeSpan LastWord = TimeSpan.FromSeconds(2);

    private ExportTrouble? _trouble;
    private TracerProvider? _spans;
    private MeterProvider? _metrics;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _trouble = new ExportTrouble(log, time);
        var spans = Sdk.CreateTracerProviderBuilder().ConfigureServices(Configure).ConfigureResource(Describe).AddSource(ConsoleTrace.SourceName).AddOtlpExporter(Configure);
        if (string.IsNullOrWhiteSpace(configuration[TelemetrySettings.Sampler]))
        {
            // The request that a span belongs to is not sent, so whether that is sampled says nothing.
            spans.SetSampler(new AlwaysOnSampler());
        }

        _spans = spans.Build();
        _metrics = Sdk.CreateMeterProviderBuilder().ConfigureServices(Configure).ConfigureResource(Describe).AddMeter([.. MetricsRegistry.Meters]).AddView(InSeconds).AddOtlpExporter(Configure).Build();
        log.LogInformation("Telemetry: spans and metrics are sent over OTLP");
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            var left = (int)LastWord.TotalMilliseconds;
            await Task.WhenAll(Task.Run(() => _spans?.Shutdown(left), cancellationToken), Task.Run(() => _metrics?.Shutdown(left), cancellationToken)).WaitAsync(LastWord * 1.5, time, cancellationToken);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            log.LogWarning("Telemetry: the collector did not take the last spans and metrics in time.");
        }
    }

    public void Dispose()
    {
        _spans?.Dispose();
        _metrics?.Dispose();
        _trouble?.Dispose();
    }

    /// <summary>The console's settings, with those of mounted files, in place of the environment alone.</summary>
    private void Configure(IServiceCollection services) => services.AddSingleton(configuration);

    private void Configure(OtlpExporterOptions options)
    {
        if (string.IsNullOrWhiteSpace(configuration[TelemetrySettings.Protocol]))
        {
            options.Protocol = OtlpExportProtocol.HttpProtobuf;
        }
    }

    private void Describe(ResourceBuilder resource) => resource.AddService(
        configuration[TelemetrySettings.ServiceName] is { Length: > 0 } name ? name : "opsconsole",
        serviceVersion: typeof(TelemetryExport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion,
        autoGenerateServiceInstanceId: false,
        serviceInstanceId: console.Value);

    /// <summary>The same bounds as at <c>/metrics</c>.</summary>
    private static MetricStreamConfiguration? InSeconds(Instrument instrument) => instrument is Histogram<double> { Unit: "s" }
        ? new ExplicitBucketHistogramConfiguration { Boundaries = [.. MetricsRegistry.Bounds] }
        : null;
}
