using Quartz;

namespace OpsConsole.Web.Jobs;

/// <summary>Reads the source that the job is named after.</summary>
[DisallowConcurrentExecution]
internal sealed class ReadSourceJob(SourceSchedule schedule) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await schedule.TickAsync(context.JobDetail.Key.Name, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The console stops.
        }
    }
}
