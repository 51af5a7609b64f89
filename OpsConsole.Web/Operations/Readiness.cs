using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace OpsConsole.Web.Operations;

/// <summary>Writes the readiness answer: each check with its state in words.</summary>
internal static class Readiness
{
    public static Task WriteAsync(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(new
    {
        status = Word(report.Status),
        checks = report.Entries.ToDictionary(
            entry => entry.Key,
            entry => new { status = Word(entry.Value.Status), detail = entry.Value.Description }),
    });

    private static string Word(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "ready",
        HealthStatus.Degraded => "degraded",
        _ => "not ready",
    };
}
