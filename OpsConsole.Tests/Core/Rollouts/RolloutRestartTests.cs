using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Rollouts;

namespace OpsConsole.Tests.Core.Rollouts;

/// <summary>A restart in any step goes on at the same step, and takes none twice; two consoles are one.</summary>
public sealed class RolloutRestartTests
{
    private readonly EngineWorld _world = new();

    [Theory]
    [InlineData(RolloutStep.Waiting)]
    [InlineData(RolloutStep.Holding)]
    [InlineData(RolloutStep.Verifying)]
    [InlineData(RolloutStep.Promoting)]
    [InlineData(RolloutStep.Paused)]
    [InlineData(RolloutStep.Halting)]
    [InlineData(RolloutStep.Halted)]
    [InlineData(RolloutStep.RollingBack)]
    [InlineData(RolloutStep.Watching)]
    [InlineData(RolloutStep.Done)]
    public async Task Goes_on_at_the_same_step_and_asks_for_nothing_twice(RolloutStep step)
    {
        var (release, errors) = await BringToAsync(step);
        Assert.Equal(step, _world.Step(release));
        var (asked, lines, since) = (_world.Actions(release).Count, _world.Lines.Count(l => !l.StartsWith("Trigger", StringComparison.Ordinal)), _world.Shown(release)!.StepSince);

        _world.Restart();
        for (var i = 0; i < 3; i++)
        {
            await _world.TickAsync(errors, carryOut: false);
        }

        Assert.Equal((step, since), (_world.Step(release), _world.Shown(release)!.StepSince));
        Assert.Equal(asked, _world.Actions(release).Count);
        Assert.Equal(lines, _world.Lines.Count(l => !l.StartsWith("Trigger", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_pending_breach_goes_on_after_a_restart_and_loses_at_most_what_was_not_saved()
    {
        var release = _world.Release(EngineWorld.Seed(), stage: 0);
        await _world.SecondsAsync(60);
        await _world.UntilAsync(() => _world.Shown(release)!.Triggers[0].Phase == TriggerPhase.Pending, 40, 4.2);
        var firesAt = _world.Shown(release)!.Triggers[0].FiresAt!.Value;
        await _world.SecondsAsync(200, 4.2);
        _world.Restart();
        await _world.UntilAsync(() => _world.Actions(release).Count == 1, 400, 4.2);

        Assert.InRange(_world.Actions(release)[0].RequestedAt, firesAt, firesAt.AddSeconds(15));
        Assert.Single(_world.Lines, l => l.StartsWith("Trigger pending: http_5xx_rate > 1%", StringComparison.Ordinal));
        Assert.Single(_world.Lines, l => l.StartsWith("Trigger fired: http_5xx_rate > 1%", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_halt_that_was_decided_and_not_asked_for_is_asked_for_after_the_restart()
    {
        var release = _world.Release(EngineWorld.Seed(), stage: 0);
        await _world.SecondsAsync(60);
        await _world.UntilAsync(() => _world.Shown(release)!.Triggers[0].Phase == TriggerPhase.Pending, 40, 4.2);
        await _world.SecondsAsync(200, 4.2);
        _world.Gate.Record.Away = true;
        await _world.SecondsAsync(120, 4.2);
        _world.Restart();
        _world.Gate.Record.Away = false;
        await _world.UntilAsync(() => _world.Phase(release) == ReleasePhase.Halted, 400, 4.2);
        Assert.Single(_world.Actions(release));
    }

    [Fact]
    public async Task Of_two_consoles_one_asks_for_each_step()
    {
        var release = _world.Release(EngineWorld.Seed());
        var other = _world.NewEngine();
        for (var i = 0; i < 3300 && _world.Phase(release) != ReleasePhase.Watching; i++)
        {
            await other.EvaluateAsync(default);
            await _world.TickAsync();
        }

        Assert.Equal(ReleasePhase.Watching, _world.Phase(release));
        Assert.Equal([5, 25, 50, 100], _world.Asked.Select(a => a.ExposurePercent));
        Assert.Equal(4, _world.Actions(release).Count);
    }

    [Fact]
    public async Task Who_saved_later_does_not_ask()
    {
        var release = _world.Release(EngineWorld.Seed());
        _world.Rollouts.BeforeSave = state =>
        {
            if (state.Step == RolloutStep.Promoting)
            {
                // At this moment another console saves.
                _world.Rollouts.BeforeSave = null;
                var theirs = _world.Rollouts.FindAsync(release.Id, default).Result ?? new RolloutState { ReleaseId = release.Id };
                theirs.Move(RolloutStep.Promoting, "Theirs.", _world.Time.GetUtcNow());
                Assert.True(_world.Rollouts.SaveAsync(theirs, [], default).Result);
            }
        };
        await _world.UntilAsync(() => _world.Rollouts.BeforeSave is null, 20);
        Assert.Empty(_world.Asked);
        await _world.UntilAsync(() => _world.Asked.Count == 1, 5);
    }

    [Fact]
    public async Task Before_an_ask_it_is_saved_also_when_nothing_differs_so_that_of_two_consoles_one_asks()
    {
        // The check ends with the hold, and the board shows that a second later: the step is on record before it is asked for.
        var condition = EngineWorld.Trigger("http_5xx_rate > 3%", "http_5xx_rate", TriggerMeasure.Value, TriggerComparison.Above, 3, 0);
        var check = new PolicyCheck { Name = "smoke", Failure = condition, Interval = TimeSpan.FromSeconds(10) };
        var release = _world.Release(EngineWorld.Seed(checks: check), stage: 0);
        var saves = 0;
        _world.Rollouts.BeforeSave = state =>
        {
            if (state.Step == RolloutStep.Promoting && ++saves == 2)
            {
                // At this moment the other console, which is as far, saves.
                var theirs = _world.Rollouts.FindAsync(release.Id, default).Result!;
                Assert.Equal(RolloutStep.Promoting, theirs.Step);
                theirs.Move(RolloutStep.Promoting, "Theirs.", _world.Time.GetUtcNow());
                Assert.True(_world.Rollouts.SaveAsync(theirs, [], default).Result);
            }
        };
        await _world.UntilAsync(() => saves > 1 || _world.Asks.Asked.Count > 0, 700);
        Assert.Empty(_world.Asks.Asked);
        await _world.UntilAsync(() => _world.Asks.Asked.Count == 1, 5);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("""{"triggers":"none"}""")]
    public void A_memory_that_cannot_be_read_begins_anew(string json) => Assert.Empty(RolloutMemory.FromJson(json).Triggers);

    /// <summary>Leads a release into a step in which nothing changes by itself for a while. Returns it with the errors that keep it there.</summary>
    private async Task<(Release Release, double? Errors)> BringToAsync(RolloutStep step)
    {
        var mode = step is RolloutStep.Waiting or RolloutStep.Verifying ? DeliveryMode.Delivery : DeliveryMode.Deployment;
        var reaction = step == RolloutStep.RollingBack ? TriggerReaction.Rollback : TriggerReaction.Halt;
        var release = _world.Release(EngineWorld.Seed(reaction, mode), stage: step switch { RolloutStep.Waiting => -1, RolloutStep.Watching or RolloutStep.Done => 3, _ => 0 });
        switch (step)
        {
            case RolloutStep.Waiting or RolloutStep.Holding or RolloutStep.Watching:
                await _world.SecondsAsync(60);
                return (release, 0.1);
            case RolloutStep.Verifying:
                await _world.SecondsAsync(610);
                return (release, 0.1);
            case RolloutStep.Paused:
                await _world.SecondsAsync(580);
                await _world.SecondsAsync(120, null);
                return (release, null);
            case RolloutStep.Promoting:
                await _world.SecondsAsync(590);
                await StopAtAsync(release, step, 0.1);
                return (release, 0.1);
            case RolloutStep.Halted:
                await _world.SecondsAsync(60);
                await _world.UntilAsync(() => _world.Step(release) == step, 400, 4.2);
                return (release, 4.2);
            case RolloutStep.Done:
                await _world.SecondsAsync(700);
                await new CompleteWatch(_world.Gate.Record, _world.Gate.Record, _world.Gate.Board, _world.Time).RunAsync(default);
                await _world.SecondsAsync(3);
                return (release, 0.1);
            default:
                await _world.SecondsAsync(60);
                await StopAtAsync(release, step, 4.2);
                return (release, 4.2);
        }
    }

    /// <summary>Goes on until the action of a step is asked for, and carries nothing out.</summary>
    private async Task StopAtAsync(Release release, RolloutStep step, double errors)
    {
        for (var i = 0; i < 500 && (_world.Step(release) != step || _world.Actions(release).Count == 0); i++)
        {
            await _world.TickAsync(errors, carryOut: false);
        }

        await _world.TickAsync(errors, carryOut: false);
        await _world.TickAsync(errors, carryOut: false);
        Assert.Equal(ActionPhase.Executing, Assert.Single(_world.Actions(release)).Phase);
    }
}
