using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Releases;
using static OpsConsole.Tests.Core.Actions.Gate.GateWorld;

namespace OpsConsole.Tests.Core.Actions.Gate;

/// <summary>A target that raises the share by itself, and lets it stand still only so long.</summary>
public sealed class SelfGrowingTargetTests
{
    private readonly GateWorld _world = new();

    [Theory]
    [InlineData(true, ActionPhase.Confirmed)]
    [InlineData(false, ActionPhase.Failed)]
    public async Task A_share_that_it_passed_by_itself_is_reached(bool growsByItself, ActionPhase phase)
    {
        var release = _world.Release();
        _world.Target.OnApply = (change, _) => Shown(change with { ExposurePercent = change.ExposurePercent + 20 }, seen => seen with { GrowsByItself = growsByItself });

        var done = await _world.RunAsync(Accepted(await _world.PromoteAsync(release)).Id);

        Assert.Equal(phase, done.Phase);
    }

    [Fact]
    public async Task A_share_that_it_has_not_come_to_is_not_reached()
    {
        var release = _world.Release();
        _world.Target.OnApply = (change, _) => Shown(change with { ExposurePercent = change.ExposurePercent - 20 }, seen => seen with { GrowsByItself = true });

        Assert.Equal(ActionPhase.Failed, (await _world.RunAsync(Accepted(await _world.PromoteAsync(release)).Id)).Phase);
    }

    [Fact]
    public async Task A_halt_says_what_standing_still_has_cost()
    {
        var release = _world.Release();
        _world.Target.OnApply = (change, _) => Shown(change, seen => seen with { HaltCost = "3 of the 30 days that it may stand still are used up." });

        await _world.RunAsync(Accepted(await _world.HaltAsync(release)).Id);

        Assert.Equal("2.15.0 is halted at 25 % on gateway. 3 of the 30 days that it may stand still are used up.", Assert.Single(_world.Record.Events, e => e.Kind == ReleaseEventKind.Halted).Text);
    }

    private Task Shown(TargetChange change, Func<TargetObservation, TargetObservation> more)
    {
        _world.Target.Take(change);
        _world.Target.State = more(_world.Target.State);
        return Task.CompletedTask;
    }
}
