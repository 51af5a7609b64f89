using OpsConsole.Core.Audit;
using OpsConsole.Core.Storage;

namespace OpsConsole.Web.Catalog;

/// <summary>Looks at the catalogue every few seconds. Folders that platforms mount, and those on a network, tell no watcher of a change; a handful of small files is soon read.</summary>
internal sealed class CatalogWatch(CatalogBook book, StorageReady ready, TimeProvider time, ILogger<CatalogWatch> log) : BackgroundService
{
    /// <summary>Time between two looks.</summary>
    internal static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ready.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(Look, time);
        string? told = null;
        do
        {
            try
            {
                await book.LookAsync(stoppingToken);
                told = null;
            }
            catch (RecordUnavailableException e)
            {
                log.LogDebug(e, "The record is away, so the catalogue stays as it is.");
            }
#pragma warning disable CA1031 // What goes wrong once must not end the looking for good.
            catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
            {
                if (e.Message != told)
                {
                    log.LogError(e, "The catalogue could not be looked at.");
                }

                told = e.Message;
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
