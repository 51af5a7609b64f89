using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.Extensions.Logging.Console;
using OpsConsole.Web.Operations;
using Quartz;

namespace OpsConsole.Web.Startup;

/// <summary>What the console tells of itself: log, metrics, spans.</summary>
internal static class TelemetryStartup
{
    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        builder.Logging.AddConsoleFormatter<PlainLines, ConsoleFormatterOptions>();

        // One JSON object a line for whoever collects them; lines for people in Development. Logging:Console:FormatterName chooses another.
        if (builder.Configuration["Logging:Console:FormatterName"] is null)
        {
            services.Configure<ConsoleLoggerOptions>(console => console.FormatterName = builder.Environment.IsDevelopment() ? PlainLines.Plain : ConsoleFormatterNames.Json);
        }

        services.Configure<JsonConsoleFormatterOptions>(static json =>
        {
            json.IncludeScopes = true;
            json.UseUtcTimestamp = true;
            json.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.ffffffZ";
        });

        services.AddSingleton<MetricsRegistry>();
        services.AddSingleton<OpenCircuits>();
        services.AddSingleton<ConsoleMetrics>();
        services.AddScoped<CircuitHandler, CircuitCount>();
        services.AddQuartz(static quartz => quartz.AddJobListener<JobMetrics>());
    }
}
