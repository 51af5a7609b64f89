using OpsConsole.Core.Actions.Approve;
using OpsConsole.Core.Audit;
using Quartz;

namespace OpsConsole.Web.Jobs;

/// <summary>Looks after promotions that wait for approval: lapses, expiry, and carrying out what is approved.</summary>
[DisallowConcurrentExecution]
internal sealed class ApprovedPromotionsJob(ApprovedPromotions promotions, ILogger<ApprovedPromotionsJob> log) : ConsoleJob(log)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    protected override async Task RunAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await promotions.RunAsync(cancellationToken);
        }
        catch (RecordUnavailableException e)
        {
            Log.LogDebug(e, "The promotions that wait cannot be read now; they are looked at again in {Interval}.", Interval);
        }
    }
}
