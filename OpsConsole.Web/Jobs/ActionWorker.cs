using System.Threading.Channels;
using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Web.Jobs;

/// <summary>Carries out what the gate let through: several actions side by side, stopping ones in a lane of their own.</summary>
internal sealed class ActionWorker(ActionQueue queue, ActionExecutor executor, GateClosing closing, TimeProvider time) : BackgroundService
{
    /// <summary>Time that is left to what was taken in the last moments before the console stopped answering.</summary>
    internal static readonly TimeSpan LastMoments = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    /// <summary>Actions of one lane that are carried out at the same time.</summary>
    private const int SideBySide = 8;

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

    private Task DrainAsync(ChannelReader<Guid> lane, CancellationToken stoppingToken) => Parallel.ForEachAsync(
        lane.ReadAllAsync(stoppingToken),
        new ParallelOptions { MaxDegreeOfParallelism = SideBySide, CancellationToken = stoppingToken },
        async (id, token) => await executor.RunAsync(id, token));
}
