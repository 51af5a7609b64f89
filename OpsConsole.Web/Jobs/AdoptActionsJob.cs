using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Audit;
using Quartz;

namespace OpsConsole.Web.Jobs;

/// <summary>Takes up actions that nobody carries out any more. Runs at start and every few seconds.</summary>
[DisallowConcurrentExecution]
internal sealed class AdoptActionsJob(ActionAdoption adoption, ILogger<AdoptActionsJob> log) : ConsoleJob(log)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    protected override async Task RunAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await adoption.RunAsync(cancellationToken);
        }
        catch (RecordUnavailableException e)
        {
            Log.LogDebug(e, "The actions in flight cannot be read now; they are looked at again in {Interval}.", Interval);
        }
    }
}
