using OpsConsole.Core.Board;
using OpsConsole.Core.Recovery;

namespace OpsConsole.Web.Live;

/// <summary>Keeps what the playbook needs of the record in memory, from when the board is loaded.</summary>
public sealed class RecoveryMemoryPump(RecoveryMemory memory, PlaybookReading playbook, ReleaseBoard shown, BoardLoader board, TimeProvider time, ILogger<RecoveryMemoryPump> log) : BackgroundService
{
    /// <summary>Longest time that one refresh may take; what it has read by then counts.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await board.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(RecoveryMemory.Interval, time);
        do
        {
            await RefreshAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task RefreshAsync(CancellationToken stoppingToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        using var timer = time.CreateTimer(static s => ((CancellationTokenSource)s!).Cancel(), limited, Limit, Timeout.InfiniteTimeSpan);
        try
        {
            playbook.Keep(shown.Current.Releases.Select(r => r.Id));
            await memory.RefreshAsync(limited.Token);
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            log.LogWarning("The playbook keeps the times and previous versions it knows, because the record did not answer: {Reason}", exception.Message);
        }
    }
}
