using OpsConsole.Core.Storage;
using OpsConsole.Core.Switches;

namespace OpsConsole.Web.Api;

/// <summary>Reads the stored switches when the database is there, so that flags are answered from memory from then on.</summary>
internal sealed class FlagLoading(StorageReady storage, ISwitchStore stored, SwitchBoard switches, TimeProvider time, ILogger<FlagLoading> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await storage.WaitAsync(stoppingToken);
        while (!await TryLoadAsync(stoppingToken))
        {
            await Task.Delay(Pause, time, stoppingToken);
        }
    }

    private async Task<bool> TryLoadAsync(CancellationToken stoppingToken)
    {
        try
        {
            switches.Load(await stored.ListAsync(stoppingToken), await stored.EnvironmentsAsync(null, stoppingToken));
            return true;
        }
#pragma warning disable CA1031 // Whatever keeps the database from answering now may be gone in a second.
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            logger.LogWarning(e, "Flags: the stored switches cannot be read; trying again.");
            return false;
        }
    }
}
