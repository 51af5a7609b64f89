using OpsConsole.Core.Audit;
using OpsConsole.Core.Policies.Judging;
using Quartz;

namespace OpsConsole.Web.Jobs;

/// <summary>Has the judge look at every exposed release whose policy asks for it.</summary>
[DisallowConcurrentExecution]
internal sealed class AnalyseReleasesJob(StageAnalyses analyses, ILogger<AnalyseReleasesJob> log) : IJob
{
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        try
        {
            await analyses.RunAsync(cancellationToken);
        }
        catch (RecordUnavailableException e)
        {
            log.LogDebug(e, "Releases cannot be analysed now; they are looked at again in {Interval}.", Interval);
        }
    }
}
