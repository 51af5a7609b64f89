using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Promote;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Rollouts;
using OpsConsole.Tests.Core.Actions.Gate;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Rollouts;

/// <summary>The engine and the gate agree on triggers, whoever promotes.</summary>
public sealed class TriggerGateStories
{
    private readonly EngineWorld _world = new();

    [Fact]
    public async Task What_the_policy_leaves_to_a_person_is_not_promoted_by_one_while_it_fires()
    {
        var release = _world.Release(Policy(TriggerReaction.Recommend), stage: 0);
        await _world.SecondsAsync(660);
        await _world.SecondsAsync(60, 0.4);
        Assert.Equal((RolloutStep.Paused, TriggerPhase.Fired), (_world.Step(release), _world.Shown(release)!.Triggers[0].Phase));

        var refused = Assert.IsType<GateAnswer.Refused>(await _world.Gate.PromoteAsync(release)).Refusals;
        Assert.Equal(GateNames.Triggers, Assert.IsType<PolicyGateRefusal>(Assert.Single(refused)).Gate.Name);
    }

    [Fact]
    public async Task A_resumed_release_is_not_promoted_while_the_trigger_still_fires()
    {
        var release = _world.Release(Policy(TriggerReaction.Halt), stage: 0);
        await HaltedAsync(release);
        var brief = (await _world.Gate.Gate.BriefAsync(ActionVerb.Resume, release.Id, Given.Manager, default))!;
        Assert.Contains("Still firing: http_5xx_rate > 0.3%. Resuming says that you have seen it: that firing does nothing more, and a new one after it has recovered halts it.", brief.WhatHappens, StringComparison.Ordinal);
        Assert.Contains("when every trigger has recovered", brief.WhoFeelsIt, StringComparison.Ordinal);
        var resume = GateWorld.Accepted(await _world.Gate.ResumeAsync(release));
        await FinishAsync(resume);
        await _world.SecondsAsync(350, 0.4);
        _world.Restart();
        await _world.SecondsAsync(350, 0.4);
        Assert.Equal([new SeenFiring(resume.RequestedBy, resume.RequestedAt), null], _world.Shown(release)!.Triggers.Select(t => t.Seen));
        Assert.StartsWith($"Fired before {resume.RequestedBy} resumed the release at ", ReactionWords.Of(_world.Shown(release)!), StringComparison.Ordinal);
        Assert.Equal(ReleasePhase.RollingOut, _world.Phase(release));
        var refused = Assert.IsType<GateAnswer.Refused>(await _world.Gate.PromoteAsync(release)).Refusals;
        Assert.Contains(refused, r => r is PolicyGateRefusal { Gate.Name: GateNames.Triggers });

        await _world.UntilAsync(() => _world.Shown(release)!.Triggers[0].Phase == TriggerPhase.Clear, 400);
        Assert.Equal("A fired trigger halts it.", ReactionWords.Of(_world.Shown(release)!));
        _world.Gate.Build();
        GateWorld.Accepted(await _world.Gate.PromoteAsync(release));
    }

    [Fact]
    public async Task What_fires_between_asking_to_resume_and_the_resumption_was_seen_by_nobody()
    {
        var release = _world.Release(Policy(TriggerReaction.Halt), stage: 0);
        await HaltedAsync(release);
        var resume = GateWorld.Accepted(await _world.Gate.ResumeAsync(release));
        for (var i = 0; i < 30 && _world.Shown(release)!.Triggers[1].Phase != TriggerPhase.Fired; i++)
        {
            await _world.TickAsync(4.2, carryOut: false);
        }

        Assert.Equal(TriggerPhase.Fired, _world.Shown(release)!.Triggers[1].Phase);
        await FinishAsync(resume);
        var done = await _world.Gate.ActionAsync(resume.Id);
        Assert.True(done.Phase == ActionPhase.Confirmed, done.Outcome);
        await _world.UntilAsync(() => _world.Actions(release).Count(a => a.Verb == ActionVerb.Halt) == 2, 5, 4.2);
        Assert.Contains("http_5xx_rate > 2%", _world.Actions(release)[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_engine_takes_a_release_with_checks_up_without_being_refused_once()
    {
        var condition = EngineWorld.Trigger("http_5xx_rate > 3%", "http_5xx_rate", TriggerMeasure.Value, TriggerComparison.Above, 3, 0);
        var check = new PolicyCheck { Name = "smoke", Failure = condition, Interval = TimeSpan.FromSeconds(10) };
        var release = _world.Release(EngineWorld.Seed(checks: check), stage: 0);
        await _world.UntilAsync(() => _world.Asked.Any(a => a.ExposurePercent == 25), 700);

        Assert.DoesNotContain(_world.Gate.Record.Audit, e => e.Outcome == "refused");
        Assert.Equal(0.0, (_world.Time.GetUtcNow() - _world.Shown(release)!.AsOf).TotalSeconds, 12.0);
    }

    private async Task HaltedAsync(Release release)
    {
        await _world.SecondsAsync(60);
        await _world.UntilAsync(() => _world.Phase(release) == ReleasePhase.Halted, 100, 0.4);
        await _world.SecondsAsync(5, 0.4);
        _world.Gate.Build();
    }

    private async Task FinishAsync(ReleaseAction resume)
    {
        await _world.Gate.RunAsync(resume.Id);
        while (_world.Gate.Queue.Other.TryRead(out _))
        {
        }

        _world.Gate.Board.BuildDue();
    }

    /// <summary>Two triggers of which the first fires while the release's own verdict is still pass.</summary>
    private static ReleasePolicy Policy(TriggerReaction reaction) => EngineWorld.Seed(reaction, DeliveryMode.Delivery) with
    {
        Release = new ReleaseChecklist
        {
            RollbackTriggers =
            [
                EngineWorld.Trigger("http_5xx_rate > 0.3%", "http_5xx_rate", TriggerMeasure.Value, TriggerComparison.Above, 0.3, 0),
                EngineWorld.Trigger("http_5xx_rate > 2%", "http_5xx_rate", TriggerMeasure.Value, TriggerComparison.Above, 2, 0),
            ],
        },
    };
}
