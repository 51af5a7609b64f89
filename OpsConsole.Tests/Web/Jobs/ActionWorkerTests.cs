using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Releases;
using OpsConsole.Tests.Core.Actions.Gate;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Jobs;

namespace OpsConsole.Tests.Web.Jobs;

public sealed class ActionWorkerTests
{
    private const int Hanging = 20;

    [Fact]
    public async Task However_many_stops_hang_on_a_target_one_on_another_is_carried_out_at_once()
    {
        var world = new GateWorld();
        var other = new FakeTarget("edge", Given.Gateway, world.Time);
        world.Targets.Add(other);
        world.Target.OnApply = (_, _) => FakeTarget.HangAsync();
        world.Target.OnObserve = _ => FakeTarget.HangAsync();
        var closing = new GateClosing { Left = Hanging };
        using var worker = new ActionWorker(world.Queue, world.Executor, closing, TimeProvider.System);
        await worker.StartAsync(TestContext.Current.CancellationToken);
        for (var i = 0; i < Hanging; i++)
        {
            GateWorld.Accepted(await world.HaltAsync(world.Release(service: $"shop-{i}")));
        }

        await Eventually.TrueAsync(() => world.Executor.Running == ActionLane.SideBySide);

        var healthy = world.Release(service: "search", target: "edge");
        other.State = new TargetObservation(healthy.ExposurePercent, false, null, world.Time.GetUtcNow());
        var halt = GateWorld.Accepted(await world.HaltAsync(healthy));

        // The clock of the targets' time limits stands still: nothing that hangs has been given up.
        await Eventually.TrueAsync(async () => (await world.ActionAsync(halt.Id)).Phase == ActionPhase.Confirmed);
        Assert.Equal(ReleasePhase.Halted, (await world.StoredAsync(healthy)).Phase);

        // What is confirmed on record is out of hand a moment later.
        await Eventually.TrueAsync(() => world.Executor.Running == ActionLane.SideBySide);
        Assert.Equal(Hanging - ActionLane.SideBySide, world.Queue.Waiting);
        await worker.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, world.Executor.Running);
    }
}
