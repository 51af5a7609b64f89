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

/// <summary>Healthy while this console takes part in the jobs that run once for all consoles; degraded while one of them is not run by anyone, which a person has to look at.</summary>
internal sealed class SharedSchedulerCheck(SharedScheduler shared, TimeProvider time) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(shared.IsRunning ? Of(shared.Standings, time.GetUtcNow(), shared.RunningSince) : HealthCheckResult.Unhealthy("does not run"));

    internal static HealthCheckResult Of(IReadOnlyList<SharedJobStanding> jobs, DateTimeOffset now, DateTimeOffset? since = null) =>
        jobs.Count == 0 && now - since > SharedJobStanding.Patience ? HealthCheckResult.Degraded("the shared jobs could not be looked at yet")
        : string.Join("; ", jobs.Select(j => (j.Name, Trouble: j.Trouble(now))).Where(j => j.Trouble is not null).Select(j => $"{j.Name} is {j.Trouble}")) is { Length: > 0 } troubles
            ? HealthCheckResult.Degraded(troubles)
            : HealthCheckResult.Healthy("runs");
}
