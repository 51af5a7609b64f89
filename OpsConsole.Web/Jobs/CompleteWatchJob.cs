using OpsConsole.Core.Audit;
using OpsConsole.Core.Releases;
using Quartz;

namespace OpsConsole.Web.Jobs;

/// <summary>Counts releases as done that were watched at 100 % for their whole watch time and are healthy.</summary>
[DisallowConcurrentExecution]
internal sealed class CompleteWatchJob(CompleteWatch watch, ILogger<CompleteWatchJob> log) : ConsoleJob(log)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    protected override async Task RunAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await watch.RunAsync(cancellationToken);
        }
        catch (RecordUnavailableException e)
        {
            Log.LogDebug(e, "The watched releases cannot be read now; they are looked at again in {Interval}.", Interval);
        }
    }
}
