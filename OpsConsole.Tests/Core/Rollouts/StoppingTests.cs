using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Rollouts;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Rollouts;

/// <summary>Stopping never waits: a halt or roll back is asked for in the evaluation that decided it, once, whatever else of the release still hangs.</summary>
public sealed class StoppingTests
{
    private readonly EngineWorld _world = new();
    private readonly TaskCompletionSource _hanging = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Theory]
    [InlineData("promotion", TriggerReaction.Halt)]
    [InlineData("promotion", TriggerReaction.Rollback)]
    [InlineData("save", TriggerReaction.Halt)]
    [InlineData("save", TriggerReaction.Rollback)]
    [InlineData("reading", TriggerReaction.Halt)]
    [InlineData("reading", TriggerReaction.Rollback)]
    [InlineData("gates", TriggerReaction.Halt)]
    [InlineData("gates", TriggerReaction.Rollback)]
    public async Task It_is_asked_for_in_the_evaluation_in_which_the_trigger_fires_while_something_else_hangs(string what, TriggerReaction reaction)
    {
        var release = _world.Release(Policy(reaction), stage: 0);
        var verb = reaction == TriggerReaction.Rollback ? ActionVerb.Rollback : ActionVerb.Halt;
        await HangAsync(what, release);

        await _world.UntilAsync(() => _world.Asks.Asked.Contains(verb), 60, 4.2, wait: false);
        var stop = Assert.Single(_world.Actions(release));
        await _world.TickAsync(4.2, wait: false);
        Assert.Equal(stop.RequestedAt, _world.Shown(release)!.Triggers[0].Since);
        await _world.SecondsAsync(30, 4.2, wait: false);

        var (phase, step) = verb == ActionVerb.Halt ? (ReleasePhase.Halted, RolloutStep.Halted) : (ReleasePhase.RolledBack, RolloutStep.Done);
        Assert.Equal((phase, step), (_world.Phase(release), _world.Step(release)));
        Assert.Equal([verb], _world.Asks.Asked.Where(v => v != ActionVerb.Promote));

        _hanging.SetResult();
        await Eventually.TrueAsync(async () =>
        {
            await _world.TickAsync(4.2, wait: false);
            return Saved(release)?.Step == step;
        });
        await _world.SecondsAsync(3, 4.2);
        Assert.Equal(stop.Id, Assert.Single(_world.Actions(release)).Id);
        Assert.Equal(stop.Id, Saved(release)!.ActionId);
        Assert.DoesNotContain(_world.Asked, a => a.ExposurePercent > 5);
        Assert.Single(_world.Lines, l => l.StartsWith("Trigger fired:", StringComparison.Ordinal));
        Assert.Single(_world.Lines, l => l.StartsWith($"{step}:", StringComparison.Ordinal));
        Assert.Equal(what == "promotion", _world.Asks.Asked.Contains(ActionVerb.Promote));
    }

    [Fact]
    public async Task A_stop_that_the_gate_does_not_answer_is_asked_for_once_and_nothing_is_promoted_meanwhile()
    {
        var release = _world.Release(Policy(TriggerReaction.Halt), stage: 0);
        await _world.SecondsAsync(60);
        _world.Asks.Before = _ => _hanging.Task;
        await _world.UntilAsync(() => _world.Asks.Asked.Count > 0, 60, 4.2, wait: false);
        await _world.SecondsAsync(60, 4.2, wait: false);
        Assert.Equal(RolloutStep.Halting, _world.Step(release));

        // The trigger recovers and the hold ends: what was decided stands until the gate has answered.
        await _world.SecondsAsync(700, wait: false);
        Assert.Equal((RolloutStep.Halting, TriggerPhase.Clear), (_world.Step(release), _world.Shown(release)!.Triggers[0].Phase));
        Assert.Equal([ActionVerb.Halt], _world.Asks.Asked);

        _hanging.SetResult();
        await Eventually.TrueAsync(async () =>
        {
            await _world.TickAsync(wait: false);
            return _world.Step(release) == RolloutStep.Halted;
        });
        Assert.Equal([ActionVerb.Halt], _world.Actions(release).Select(a => a.Verb));
        Assert.Single(_world.Lines, l => l.StartsWith("Halting:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task After_a_stop_was_answered_late_the_pauses_between_asks_begin_with_the_answer()
    {
        var release = _world.Release(Policy(TriggerReaction.Halt), stage: 0);
        await _world.SecondsAsync(60);
        _world.Gate.Target.OnApply = (_, _) => throw new TargetRefusedException("Maintenance.");
        _world.Asks.Before = _ => _hanging.Task;
        await _world.UntilAsync(() => _world.Asks.Asked.Count > 0, 60, 4.2, wait: false);
        await _world.SecondsAsync(60, 4.2, wait: false);
        Assert.Single(_world.Asks.Asked);

        _hanging.SetResult();
        await Eventually.TrueAsync(() => _world.Actions(release).Count == 1);
        await _world.SecondsAsync(40, 4.2);
        Assert.All(_world.Asks.Asked, v => Assert.Equal(ActionVerb.Halt, v));
        Assert.InRange(_world.Asks.Asked.Count, 5, 9);
    }

    /// <summary>Leads the release to where something of it hangs, with its triggers clear.</summary>
    private async Task HangAsync(string what, Release release)
    {
        await _world.SecondsAsync(what == "gates" ? 60 : 580);
        switch (what)
        {
            case "promotion":
                _world.Asks.Before = verb => verb == ActionVerb.Promote ? _hanging.Task : Task.CompletedTask;
                await _world.UntilAsync(() => _world.Asks.Asked.Count == 1, 60, wait: false);
                break;
            case "save":
                var hangs = false;
                _world.Rollouts.SaveWaits = state => (hangs |= state.Step == RolloutStep.Promoting) ? _hanging.Task : Task.CompletedTask;
                await _world.UntilAsync(() => hangs, 60, wait: false);
                break;
            case "reading":
                // Another console saved, and what it saved cannot be read.
                var theirs = (await _world.Rollouts.FindAsync(release.Id, default))!;
                theirs.Move(RolloutStep.Holding, "Theirs.", _world.Time.GetUtcNow());
                Assert.True(await _world.Rollouts.SaveAsync(theirs, [], default));
                var reads = 0;
                _world.Rollouts.FindWaits = () => ++reads == 1 ? _hanging.Task : Task.CompletedTask;
                await _world.UntilAsync(() => reads == 1, 60, wait: false);
                break;
            default:
                _world.PolicyGates.Before = () => _hanging.Task;
                await _world.SecondsAsync(10, wait: false);
                break;
        }
    }

    private RolloutState? Saved(Release release) => _world.Rollouts.ListAsync([release.Id], default).Result.SingleOrDefault();

    private static ReleasePolicy Policy(TriggerReaction reaction) => EngineWorld.Seed(reaction) with
    {
        Release = new ReleaseChecklist { RollbackTriggers = [EngineWorld.Trigger("http_5xx_rate > 1%", "http_5xx_rate", TriggerMeasure.Value, TriggerComparison.Above, 1, 0)] },
    };
}
