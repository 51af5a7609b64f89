using Microsoft.Extensions.Diagnostics.HealthChecks;
using Quartz;

namespace OpsConsole.Web.Operations;

/// <summary>Ready only while the scheduler runs: without it no source is read and no action is adopted.</summary>
internal sealed class SchedulerCheck(ISchedulerFactory schedulers) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var scheduler = await schedulers.GetScheduler(cancellationToken);
            return scheduler.Status == SchedulerStatus.Running
                ? HealthCheckResult.Healthy("runs")
                : HealthCheckResult.Unhealthy("does not run");
        }
        catch (SchedulerException)
        {
            // One that was shut down is not handed out any more.
            return HealthCheckResult.Unhealthy("does not run");
        }
    }
}
