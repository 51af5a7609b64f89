using OpsConsole.Core.Board;

namespace OpsConsole.Web.Live;

/// <summary>Has the board build what is due. One look every tick costs next to nothing while nothing is; what a release may cost is bounded by its own pace.</summary>
public sealed class BoardPump(ReleaseBoard board, TimeProvider time, ILogger<BoardPump> log) : BackgroundService
{
    /// <summary>Time between two looks: the most that a sample waits before its release may be built.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(25);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Tick, time);
        var failing = false;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                board.BuildDue();
                failing = false;
            }
            catch (Exception exception)
            {
                // One release that cannot be built must not end the board of all others; told once, not at every tick.
                if (!failing)
                {
                    log.LogError(exception, "The board could not be built; it is tried again at every tick.");
                }

                failing = true;
            }
        }
    }
}
