using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Rollouts;

namespace OpsConsole.Tests.Core.Rollouts;

/// <summary>The engine while something around it breaks: target, database, clock, gates, a release.</summary>
public sealed class RolloutTroubleTests
{
    private readonly EngineWorld _world = new();

    [Fact]
    public async Task A_halt_that_the_target_refuses_is_asked_for_again_with_pauses_of_at_most_ten_seconds()
    {
        var release = _world.Release(EngineWorld.Seed(), stage: 0);
        await _world.SecondsAsync(60);
        _world.Gate.Target.OnApply = (_, _) => throw new TargetRefusedException("Maintenance.");
        await _world.UntilAsync(() => _world.Actions(release).Count == 6, 500, 4.2);

        var halts = _world.Actions(release).Reverse().ToList();
        Assert.All(halts, h => Assert.Equal(ActionVerb.Halt, h.Verb));
        Assert.All(halts.Zip(halts.Skip(1)), p => Assert.InRange((p.Second.RequestedAt - p.First.RequestedAt).TotalSeconds, 0.9, 12));
        await _world.SecondsAsync(2, 4.2);
        Assert.Contains("asked for again", _world.Shown(release)!.Reason, StringComparison.Ordinal);

        _world.Gate.Target.OnApply = null;
        await _world.UntilAsync(() => _world.Phase(release) == ReleasePhase.Halted, 12, 4.2);
    }

    [Fact]
    public async Task While_the_database_is_away_triggers_go_on_and_the_halt_is_asked_for_when_it_is_back()
    {
        var release = _world.Release(EngineWorld.Seed(), stage: 0);
        await _world.SecondsAsync(60);
        _world.Gate.Record.Away = true;
        await _world.SecondsAsync(400, 4.2);
        Assert.Empty(_world.Asked);
        Assert.Equal((TriggerPhase.Fired, RolloutStep.Halting), (_world.Shown(release)!.Triggers[0].Phase, _world.Step(release)));

        _world.Gate.Record.Away = false;
        await _world.TickAsync(4.2);
        Assert.Equal(ActionVerb.Halt, Assert.Single(_world.Actions(release)).Verb);
        await _world.SecondsAsync(3, 4.2);
        Assert.Single(_world.Lines, l => l.StartsWith("Trigger fired: http_5xx_rate > 1%", StringComparison.Ordinal));
        Assert.Equal(RolloutStep.Halted, _world.Step(release));
    }

    [Fact]
    public async Task A_clock_that_jumps_fires_nothing_early_and_loses_nothing()
    {
        var release = _world.Release(EngineWorld.Seed(), stage: 0);
        await _world.SecondsAsync(60);
        await _world.UntilAsync(() => _world.Shown(release)!.Triggers[0].Phase == TriggerPhase.Pending, 40, 4.2);
        await _world.SecondsAsync(60, 4.2);
        _world.Time.JumpTo(_world.Time.GetUtcNow().AddSeconds(200));
        await _world.SecondsAsync(100, 4.2);
        Assert.Empty(_world.Asked);

        _world.Time.JumpTo(_world.Time.GetUtcNow().AddMinutes(-30));
        await _world.SecondsAsync(20, 4.2);
        Assert.Empty(_world.Asked);
        await _world.UntilAsync(() => _world.Asked.Count == 1, 300, 4.2);
        Assert.True(_world.Asked[0].Halted);
    }

    [Fact]
    public async Task A_gate_that_hangs_keeps_no_halt_waiting_and_lets_nothing_be_promoted()
    {
        var release = _world.Release(EngineWorld.Seed(), stage: 0);
        await _world.SecondsAsync(10);
        _world.PolicyGates.Before = Shared.FakeTarget.HangAsync;
        await _world.SecondsAsync(660);
        Assert.Empty(_world.Asked);
        Assert.Equal(RolloutStep.Paused, _world.Step(release));
        await _world.UntilAsync(() => _world.Phase(release) == ReleasePhase.Halted, 400, 4.2);
    }

    [Fact]
    public async Task One_release_that_breaks_does_not_stop_the_others()
    {
        var (broken, good) = (_world.Release(EngineWorld.Seed(), stage: 0), _world.Release(EngineWorld.Seed(), stage: 0, service: "search"));
        _world.Rollouts.BeforeSave = s =>
        {
            if (s.ReleaseId == broken.Id)
            {
                throw new InvalidOperationException("Broken.");
            }
        };
        await _world.SecondsAsync(60);
        await _world.UntilAsync(() => _world.Phase(good) == ReleasePhase.Halted, 400, 4.2);
    }

    [Fact]
    public async Task Boards_are_not_redrawn_every_second_while_nothing_changes()
    {
        var release = _world.Release(EngineWorld.Seed(mode: DeliveryMode.Delivery), stage: 0);
        await _world.SecondsAsync(60);
        var standings = new HashSet<PolicyStanding>(ReferenceEqualityComparer.Instance);
        for (var i = 0; i < 60; i++)
        {
            await _world.TickAsync();
            standings.Add(_world.Shown(release)!);
        }

        Assert.InRange(standings.Count, 1, 14);
        Assert.Equal(2, _world.Shown(release)!.ApprovalsNeeded);
        Assert.InRange(_world.PolicyGates.Reads, 15, 40);
    }
}
