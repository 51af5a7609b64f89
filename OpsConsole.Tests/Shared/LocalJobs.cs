using Microsoft.Extensions.Hosting;
using OpsConsole.Web.Jobs;
using Quartz;

namespace OpsConsole.Tests.Shared;

/// <summary>Runs the jobs that consoles share on one console without a database.</summary>
internal sealed class LocalJobs(IEnumerable<SharedJob> jobs, ISchedulerFactory schedulers) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        foreach (var job in jobs)
        {
            await scheduler.ScheduleJob(job.Detail(), [job.Trigger(TimeProvider.System)], ScheduleJobOptions.Replacing, cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
