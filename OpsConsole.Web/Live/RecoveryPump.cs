using OpsConsole.Core.Audit;
using OpsConsole.Core.Recovery;

namespace OpsConsole.Web.Live;

/// <summary>Has recoveries looked at once a second, from when the board is loaded, and kept on a pace of its own: a slow database never holds up a look.</summary>
public sealed class RecoveryPump(RecoveryTracker tracker, RecoveryKeeper keeper, BoardLoader board, TimeProvider time, ILogger<RecoveryPump> log) : BackgroundService
{
    /// <summary>Longest time that keeping may take at once; what is not kept by then is tried again.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await board.WaitAsync(stoppingToken);
        await Task.WhenAll(
            EverySecondAsync("looked at", LookAsync, stoppingToken),
            EverySecondAsync("kept", keeper.KeepAsync, stoppingToken));
    }

    private Task LookAsync(CancellationToken cancellationToken)
    {
        tracker.Look();
        return Task.CompletedTask;
    }

    private async Task EverySecondAsync(string what, Func<CancellationToken, Task> work, CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(RecoveryTracker.Interval, time);
        var failing = false;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                using var deadline = new CancellationTokenSource(Limit, time);
                using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, stoppingToken);
                await work(both.Token).WaitAsync(both.Token);
                failing = false;
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // Told once, not every second.
                if (!failing)
                {
                    log.Log(
                        exception is RecordUnavailableException or OperationCanceledException ? LogLevel.Warning : LogLevel.Error, exception,
                        "Recoveries could not be {What}; it is tried again every second: {Reason}", what, exception.Message);
                }

                failing = true;
            }
        }
    }
}
