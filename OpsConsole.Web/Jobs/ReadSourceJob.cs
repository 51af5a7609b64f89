using Quartz;

namespace OpsConsole.Web.Jobs;

/// <summary>Reads the source that the job is named after.</summary>
[DisallowConcurrentExecution]
internal sealed class ReadSourceJob(SourceSchedule schedule, ILogger<ReadSourceJob> log) : ConsoleJob(log)
{
    protected override string Kind(string name) => "read-source";

    protected override async Task RunAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await schedule.TickAsync(name, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The console stops.
        }
    }
}
