using OpsConsole.Core.Rollouts;

namespace OpsConsole.Web.Live;

/// <summary>Has the rollout engine evaluate every release once a second, from when the board is loaded. What follows from an evaluation is not waited for, so that triggers keep their pace.</summary>
public sealed class RolloutPump(RolloutEngine engine, BoardLoader board, TimeProvider time, ILogger<RolloutPump> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await board.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(RolloutEngine.Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                _ = engine.EvaluateAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogError(exception, "The rollouts could not be evaluated; it is tried again every second.");
            }
        }
    }
}
