using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Web.Jobs;

/// <summary>Carries out what the gate let through: several actions of each target side by side, stopping ones in a lane of their own.</summary>
internal sealed class ActionWorker(ActionQueue queue, ActionExecutor executor, GateClosing closing, TimeProvider time) : BackgroundService
{
    /// <summary>Time that is left to what was taken in the last moments before the console stopped answering.</summary>
    internal static readonly TimeSpan LastMoments = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(DrainAsync(queue.Stopping, stoppingToken), DrainAsync(queue.Other, stoppingToken));

    /// <remarks>Requests are answered until now: a halt that was accepted last is carried out as well.</remarks>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        var begun = time.GetUtcNow();
        while (executor.Running + queue.Waiting > closing.Left && time.GetUtcNow() - begun < LastMoments && !cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(Step, time, CancellationToken.None);
        }

        await base.StopAsync(cancellationToken);
    }

    private async Task DrainAsync(ActionLane lane, CancellationToken stoppingToken)
    {
        List<Task> running = [];
        try
        {
            while (true)
            {
                var turn = await lane.TakeAsync(stoppingToken);
                running.RemoveAll(static task => task.IsCompletedSuccessfully);

                // The executor has it in hand before this returns, so that a stop of the console always sees it.
                running.Add(CarryOutAsync(turn, stoppingToken));
            }
        }
        finally
        {
            await Task.WhenAll(running);
        }
    }

    private async Task CarryOutAsync(ActionLane.Turn turn, CancellationToken stoppingToken)
    {
        using (turn)
        {
            await executor.RunAsync(turn.Action, stoppingToken);
        }
    }
}
