using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.Extensions.Logging.Console;
using OpsConsole.Web.Operations;
using Quartz;

namespace OpsConsole.Web.Startup;

/// <summary>What the console tells of itself: log, metrics, spans.</summary>
internal static class TelemetryStartup
{
    private const string Format = "Logging:Console:FormatterName";

    /// <summary>True where the log is one JSON object a line, for whoever collects them; in Development lines are for people. The setting chooses another.</summary>
    public static bool LogsJson(this WebApplicationBuilder builder) => builder.Configuration[Format] is { } chosen
        ? chosen.Equals(ConsoleFormatterNames.Json, StringComparison.OrdinalIgnoreCase)
        : !builder.Environment.IsDevelopment();

    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        builder.Logging.AddConsoleFormatter<PlainLines, ConsoleFormatterOptions>();

        if (builder.Configuration[Format] is null)
        {
            services.Configure<ConsoleLoggerOptions>(console => console.FormatterName = builder.LogsJson() ? ConsoleFormatterNames.Json : PlainLines.Plain);
        }

        services.Configure<JsonConsoleFormatterOptions>(static json =>
        {
            json.IncludeScopes = true;
            json.UseUtcTimestamp = true;
            json.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.ffffffZ";
        });

        // First among what is started, so last to stop: what the others tell at their end is sent.
        if (TelemetrySettings.IsOn(builder.Configuration))
        {
            services.AddHostedService<TelemetryExport>();
        }

        services.AddSingleton<MetricsRegistry>();
        services.AddSingleton<OpenCircuits>();
        services.AddSingleton<ConsoleMetrics>();
        services.AddSingleton<TokenMetrics>();
        services.AddSingleton<SharedJobMetrics>();
        services.AddScoped<CircuitHandler, CircuitCount>();
        services.AddQuartz(static quartz => quartz.AddJobListener<JobMetrics>());
    }

    /// <summary>Makes the instruments at start, so that nothing recorded before the first scrape is lost.</summary>
    public static MetricsRegistry UseMetrics(this WebApplication app)
    {
        var metrics = app.Services.GetRequiredService<MetricsRegistry>();
        app.Services.GetRequiredService<ConsoleMetrics>();
        app.Services.GetRequiredService<TokenMetrics>();
        app.Services.GetRequiredService<SharedJobMetrics>();
        return metrics;
    }
}
