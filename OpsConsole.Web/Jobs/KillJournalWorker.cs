using OpsConsole.Core.Actions.Kill;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Storage;

namespace OpsConsole.Web.Jobs;

/// <summary>Puts journalled kills in force before anything else starts, and brings them to the record as soon as it is there.</summary>
internal sealed class KillJournalWorker(IKillJournal journal, KillReplay replay, StorageReady storage, TimeProvider time, ILogger<KillJournalWorker> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Before the hosted services that come after this one: no flag is read from the record before what overrides it is known.
        await replay.OpenAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await storage.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            await journal.WaitAsync(stoppingToken);
            try
            {
                await replay.SettleAsync(stoppingToken);
                continue;
            }
            catch (RecordUnavailableException)
            {
                // Still away.
            }
#pragma warning disable CA1031 // What waits is kept and in force; whatever went wrong is tried again.
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                log.LogError(e, "Kills of the journal could not be brought to the record; trying again.");
            }

            await Task.Delay(Pause, time, stoppingToken);
        }
    }
}
