using OpsConsole.Core.Actions.Kill;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Storage;

namespace OpsConsole.Web.Jobs;

/// <summary>Puts journalled kills in force before anything else starts, and brings them to the record as soon as it is there.</summary>
internal sealed class KillJournalWorker(IKillJournal journal, KillReplay replay, StorageReady storage, TimeProvider time, ILogger<KillJournalWorker> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Longest pause before a journal that could not be read is read again; the first is <see cref="Pause"/>, each twice the one before.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private bool _opened;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Before the hosted services that come after this one: no flag is read from the record before what overrides it is known.
        _opened = await replay.OpenAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(OpenAsync(stoppingToken), SettleAsync(stoppingToken));

    /// <summary>Reads what could not be read at the start, also while the database is away.</summary>
    private async Task OpenAsync(CancellationToken stoppingToken)
    {
        for (var pause = Pause; !_opened; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            await Task.Delay(pause, time, stoppingToken);
            _opened = await replay.OpenAsync(stoppingToken);
        }
    }

    private async Task SettleAsync(CancellationToken stoppingToken)
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
