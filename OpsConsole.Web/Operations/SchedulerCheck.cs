using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpsConsole.Web.Jobs;
using Quartz;

namespace OpsConsole.Web.Operations;

/// <summary>Ready only while both schedulers run: without this console's own no source is read, and without the shared one no action is adopted.</summary>
internal sealed class SchedulerCheck(ISchedulerFactory schedulers, SharedScheduler shared) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var own = await schedulers.GetScheduler(cancellationToken);
            return own.Status != SchedulerStatus.Running ? HealthCheckResult.Unhealthy("does not run")
                : !shared.IsRunning ? HealthCheckResult.Unhealthy("the jobs that consoles share do not run")
                : HealthCheckResult.Healthy("runs");
        }
        catch (SchedulerException)
        {
            // One that was shut down is not handed out any more.
            return HealthCheckResult.Unhealthy("does not run");
        }
    }
}
