using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using OpsConsole.Core.Access;
using OpsConsole.Core.Tracing;
using OpsConsole.Tests.Core.Targets;
using OpsConsole.Tests.Shared;
using OpsConsole.Tests.Web.Operations.Edge;
using OpsConsole.Web.Jobs;
using OpsConsole.Web.Operations;

namespace OpsConsole.Tests.Web.Operations;

/// <summary>Spans and metrics on their way to a collector over OTLP.</summary>
public sealed class TelemetryExportTests(PostgresFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Spans_and_metrics_reach_the_collector_that_is_named()
    {
        ConcurrentQueue<(string Path, string? Header, string Body)> received = [];
        await using var collector = await MisbehavingServer.StartAsync(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            received.Enqueue((context.Request.Path, context.Request.Headers["x-key"], Encoding.UTF8.GetString(body.ToArray())));
        });
        await using var console = await WholeConsole.StartAsync(
            postgres, ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address.ToString()), ("OTEL_EXPORTER_OTLP_HEADERS", "x-key=secret"), ("OTEL_BSP_SCHEDULE_DELAY", "200"), ("OTEL_METRIC_EXPORT_INTERVAL", "500"));

        Assert.Equal(HttpStatusCode.NotFound, await HaltAsync(console));

        await Eventually.TrueAsync(() => Has("/v1/traces", "gate halt") && Has("/v1/metrics", "opsconsole.gate.answers") && Has("/v1/metrics", "opsconsole.circuits"), TimeSpan.FromSeconds(60), () => $"{received.Count} received");
        Assert.All(received, r => Assert.Equal("secret", r.Header));
        Assert.Contains(received, r => r.Body.Contains("service.name", StringComparison.Ordinal) && r.Body.Contains("opsconsole", StringComparison.Ordinal));

        bool Has(string path, string text) => received.Any(r => r.Path == path && r.Body.Contains(text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_collector_that_hangs_keeps_neither_a_halt_nor_the_end_waiting()
    {
        await using var collector = await MisbehavingServer.HangsAsync();
        using var log = new KeptLog();
        using var loggers = LoggerFactory.Create(to => to.AddProvider(log));
        using var export = new TelemetryExport(Settings(("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address.ToString()), ("OTEL_BSP_SCHEDULE_DELAY", "50")), new SharedSchedulerName("test"), TimeProvider.System, loggers.CreateLogger<TelemetryExport>());
        await export.StartAsync(Token);
        for (var i = 0; i < 5_000; i++)
        {
            ConsoleTrace.Begin("gate halt")?.Dispose();
        }

        await Eventually.TrueAsync(() => collector.Requests > 0);

        // The library's own limits are 10 s a call, and more than one call may be left.
        await export.StopAsync(Token).WaitAsync(TimeSpan.FromSeconds(8), Token);
    }

    [Fact]
    public async Task A_console_whose_collector_hangs_does_what_it_is_asked_and_ends()
    {
        await using var collector = await MisbehavingServer.HangsAsync();
        await using var console = await WholeConsole.StartAsync(postgres, ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address.ToString()), ("OTEL_BSP_SCHEDULE_DELAY", "50"), ("OTEL_METRIC_EXPORT_INTERVAL", "100"));
        await Eventually.TrueAsync(() => collector.Requests > 0);

        Assert.Equal(HttpStatusCode.NotFound, await HaltAsync(console));
    }

    [Fact]
    public async Task That_nothing_reaches_the_collector_is_said_once_and_without_its_address()
    {
        using var log = new KeptLog();
        using var loggers = LoggerFactory.Create(to => to.AddProvider(log));
        using var export = new TelemetryExport(
            Settings(("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9/?key=hidden"), ("OTEL_BSP_SCHEDULE_DELAY", "50"), ("OTEL_METRIC_EXPORT_INTERVAL", "50")), new SharedSchedulerName("test"), TimeProvider.System, loggers.CreateLogger<TelemetryExport>());
        await export.StartAsync(Token);

        await Eventually.TrueAsync(() => log.Lines.Any(l => l.Contains("do not reach the collector", StringComparison.Ordinal)), TimeSpan.FromSeconds(30));
        await export.StopAsync(Token);

        Assert.Single(log.Lines, l => l.Contains("do not reach", StringComparison.Ordinal));
        Assert.DoesNotContain(log.Lines, l => l.Contains("hidden", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_fault_of_the_settings_is_a_sentence()
    {
        Assert.Equal(
            [
                "OTEL_EXPORTER_OTLP_ENDPOINT is not an http or https address such as http://127.0.0.1:4318.",
                "OTEL_EXPORTER_OTLP_PROTOCOL is 'carrier pigeon', and must be http/protobuf or grpc.",
                "OTEL_METRIC_EXPORT_INTERVAL is '1s', and must be a whole number of milliseconds above 0.",
            ],
            TelemetrySettings.Faults(Settings(("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "carrier pigeon"), ("OTEL_METRIC_EXPORT_INTERVAL", "1s"))));
        Assert.False(TelemetrySettings.IsOn(Settings()));
    }

    private static async Task<HttpStatusCode> HaltAsync(WholeConsole console)
    {
        using var http = console.As(Role.OnCall);
        using var content = new StringContent("""{"reason":"test"}""", null, "application/json");
        using var answer = await http.PostAsync(new Uri($"/api/v1/releases/{Guid.NewGuid()}/actions/halt", UriKind.Relative), content, Token);
        return answer.StatusCode;
    }

    private static IConfiguration Settings(params (string Name, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Name, (string?)s.Value))).Build();
}
