using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpsConsole.Core.Storage;

namespace OpsConsole.Web.Operations;

/// <summary>Ready only while the database answers: without it nothing can be recorded, so nothing can be done.</summary>
internal sealed class DatabaseCheck(DatabaseHealth database, StorageReady ready) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!ready.IsReady)
        {
            return HealthCheckResult.Unhealthy("starting");
        }

        return await database.PingAsync(cancellationToken)
            ? HealthCheckResult.Healthy("answers")
            : HealthCheckResult.Unhealthy("does not answer");
    }
}
