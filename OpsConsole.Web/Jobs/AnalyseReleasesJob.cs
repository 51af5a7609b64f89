using OpsConsole.Core.Audit;
using OpsConsole.Core.Policies.Judging;
using Quartz;

namespace OpsConsole.Web.Jobs;

/// <summary>Has the judge look at every exposed release whose policy asks for it.</summary>
[DisallowConcurrentExecution]
internal sealed class AnalyseReleasesJob(StageAnalyses analyses, ILogger<AnalyseReleasesJob> log) : ConsoleJob(log)
{
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task RunAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await analyses.RunAsync(cancellationToken);
        }
        catch (RecordUnavailableException e)
        {
            Log.LogDebug(e, "Releases cannot be analysed now; they are looked at again in {Interval}.", Interval);
        }
    }
}
