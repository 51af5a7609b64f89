using System.Threading.Channels;
using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Web.Jobs;

/// <summary>Carries out what the gate let through: several actions side by side, stopping ones in a lane of their own.</summary>
internal sealed class ActionWorker(ActionQueue queue, ActionExecutor executor) : BackgroundService
{
    /// <summary>Actions of one lane that are carried out at the same time.</summary>
    private const int SideBySide = 8;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(DrainAsync(queue.Stopping, stoppingToken), DrainAsync(queue.Other, stoppingToken));

    private Task DrainAsync(ChannelReader<Guid> lane, CancellationToken stoppingToken) => Parallel.ForEachAsync(
        lane.ReadAllAsync(stoppingToken),
        new ParallelOptions { MaxDegreeOfParallelism = SideBySide, CancellationToken = stoppingToken },
        async (id, token) => await executor.RunAsync(id, token));
}
