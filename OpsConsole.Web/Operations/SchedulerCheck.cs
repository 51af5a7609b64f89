using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpsConsole.Web.Jobs;
using Quartz;

namespace OpsConsole.Web.Operations;

/// <summary>Healthy while the scheduler that reads this console's sources runs.</summary>
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

/// <summary>Healthy while this console takes part in the jobs that run once for all consoles.</summary>
internal sealed class SharedSchedulerCheck(SharedScheduler shared) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(shared.IsRunning ? HealthCheckResult.Healthy("runs") : HealthCheckResult.Unhealthy("does not run"));
}
