using OpsConsole.Core.Storage;
using OpsConsole.Core.Switches;

namespace OpsConsole.Web.Identity;

/// <summary>Reads the tokens of flag clients when the database is there, so that they are known from memory from then on, and notes now and then when they were last used.</summary>
internal sealed class FlagClientLoading(StorageReady storage, IFlagClientStore stored, FlagClientTable table, TimeProvider time, ILogger<FlagClientLoading> logger) : BackgroundService
{
    /// <summary>Time between two notes of when tokens were used.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await storage.WaitAsync(stoppingToken);
        while (!await TryAsync("The tokens of flag clients cannot be read; trying again.", async () => table.Load(await stored.ListAsync(stoppingToken)), stoppingToken))
        {
            await Task.Delay(Pause, time, stoppingToken);
        }

        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (table.TakeUses() is { Count: > 0 } uses)
            {
                // What could not be noted is noted with the next use.
                await TryAsync("When flag clients were last used cannot be noted now.", () => stored.NoteUseAsync(uses, stoppingToken), stoppingToken);
            }
        }
    }

    private async Task<bool> TryAsync(string otherwise, Func<Task> work, CancellationToken stoppingToken)
    {
        try
        {
            await work();
            return true;
        }
#pragma warning disable CA1031 // Whatever keeps the database from answering now may be gone in a second.
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            logger.LogWarning(e, "Flags: {Sentence}", otherwise);
            return false;
        }
    }
}
