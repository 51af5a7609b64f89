using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Rollouts;
using OpsConsole.Tests.Core.Actions.Gate;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Rollouts;

public sealed class RolloutEngineTests
{
    private readonly EngineWorld _world = new();

    [Fact]
    public async Task A_healthy_release_goes_all_the_way_by_itself_and_takes_each_stage_once()
    {
        var release = _world.Release(EngineWorld.Seed());
        await _world.UntilAsync(() => _world.Phase(release) == ReleasePhase.Watching, 4000);

        Assert.Equal([5, 25, 50, 100], _world.Asked.Select(a => a.ExposurePercent));
        Assert.All(_world.Actions(release), a => Assert.Equal(("console", ActionVerb.Promote, ActionPhase.Confirmed), (a.RequestedBy, a.Verb, a.Phase)));
        Assert.Contains("web-canary, version 3", _world.Actions(release)[0].Reason, StringComparison.Ordinal);
        await _world.UntilAsync(() => _world.Step(release) == RolloutStep.Watching, 5);
        Assert.DoesNotContain(_world.Lines, l => l.StartsWith("Paused", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Under_delivery_it_never_promotes_and_waits_for_a_person()
    {
        var release = _world.Release(EngineWorld.Seed(mode: DeliveryMode.Delivery), stage: 0);
        await _world.UntilAsync(() => _world.Step(release) == RolloutStep.Verifying, 700);
        await _world.SecondsAsync(60);

        Assert.Empty(_world.Asked);
        Assert.Contains("waiting for a person", _world.Shown(release)!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_canary_with_the_seed_policy_halts_by_itself_within_one_evaluation_of_the_trigger_having_held()
    {
        var release = _world.Release(EngineWorld.Seed(), stage: 0);
        await _world.SecondsAsync(60);
        await _world.UntilAsync(() => _world.Shown(release)!.Triggers[0].Phase == TriggerPhase.Pending, 40, 4.2);
        var firesAt = _world.Shown(release)!.Triggers[0].FiresAt!.Value;
        await _world.UntilAsync(() => _world.Phase(release) == ReleasePhase.Halted, 400, 4.2);

        var halt = Assert.Single(_world.Actions(release));
        Assert.Equal((ActionVerb.Halt, ActionPhase.Confirmed, "console"), (halt.Verb, halt.Phase, halt.RequestedBy));
        Assert.Equal("console", halt.Role);
        Assert.All(_world.Gate.Record.Audit.Where(e => e.ActionId == halt.Id), e => Assert.Equal(("console", "console"), (e.Actor, e.Role)));
        Assert.InRange(halt.RequestedAt, firesAt, firesAt + RolloutEngine.Interval);
        Assert.Matches(@"^Trigger fired: http_5xx_rate > 1% for 5m; 4\.2 % for 5 m \d+ s, 1,\d{3} requests\. Policy: web-canary, version 3\.$", halt.Reason);
        Assert.True(_world.Gate.Target.State.Halted);
        Assert.Equal(5, _world.Gate.Target.State.ExposurePercent);

        await _world.SecondsAsync(30, 4.2);
        Assert.Equal((RolloutStep.Halted, "Trigger fired: http_5xx_rate > 1% for 5m."), (_world.Step(release), _world.Shown(release)!.Reason));
        Assert.Single(_world.Lines, l => l.StartsWith("Trigger pending: http_5xx_rate > 1%", StringComparison.Ordinal));
        Assert.Single(_world.Lines, l => l.StartsWith("Trigger fired: http_5xx_rate > 1%", StringComparison.Ordinal));
        Assert.Single(_world.Asked);
    }

    [Fact]
    public async Task It_rolls_back_by_itself_where_the_policy_says_so()
    {
        var release = _world.Release(EngineWorld.Seed(TriggerReaction.Rollback), stage: 0);
        await _world.SecondsAsync(60);
        await _world.UntilAsync(() => _world.Phase(release) == ReleasePhase.RolledBack, 400, 4.2);

        Assert.Equal((ActionVerb.Rollback, 0d), (Assert.Single(_world.Actions(release)).Verb, _world.Gate.Target.State.ExposurePercent));
        await _world.SecondsAsync(3);
        Assert.Contains("Done: Rolled back.", _world.Lines);
    }

    [Theory]
    [InlineData("target")]
    [InlineData("declared")]
    [InlineData("found")]
    [InlineData("first")]
    public async Task Where_it_cannot_roll_back_it_halts_and_says_why(string why)
    {
        _world.PolicyGates.Migration = why == "found" ? MigrationClass.Contract : MigrationClass.None;
        var release = _world.Release(
            EngineWorld.Seed(TriggerReaction.Rollback), stage: 0, target: why == "target" ? "app-store" : "gateway",
            previous: why == "first" ? null : "2.14.3", migration: why == "declared" ? MigrationClass.Contract : MigrationClass.None);
        await _world.SecondsAsync(60);
        await _world.UntilAsync(() => _world.Actions(release).Count > 0, 400, 4.2);

        var halt = _world.Actions(release)[^1];
        Assert.Equal(ActionVerb.Halt, halt.Verb);
        var says = why switch { "target" => "cannot roll back", "first" => "first version", _ => "removed database structure" };
        Assert.Contains(says, halt.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(_world.Actions(release), a => a.Verb == ActionVerb.Rollback);
        await _world.SecondsAsync(2, 4.2);
        Assert.Contains(says, _world.Shown(release)!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_starved_canary_pauses_as_inconclusive_and_goes_on_by_itself_when_data_comes()
    {
        var release = _world.Release(EngineWorld.Seed(), stage: 0);
        for (var i = 0; i < 700; i++)
        {
            await _world.TickAsync(0.1, count: 1);
        }

        Assert.Equal(RolloutStep.Paused, _world.Step(release));
        Assert.StartsWith("Inconclusive: ", _world.Shown(release)!.Reason, StringComparison.Ordinal);
        Assert.Empty(_world.Asked);
        Assert.Equal(TriggerPhase.Inconclusive, _world.Shown(release)!.Triggers[0].Phase);

        await _world.UntilAsync(() => _world.Asked.Count > 0, 60);
        Assert.Equal(25, _world.Asked[0].ExposurePercent);
    }

    [Fact]
    public async Task A_canary_whose_data_stops_pauses_and_is_never_promoted()
    {
        var release = _world.Release(EngineWorld.Seed(), stage: 0);
        await _world.SecondsAsync(580);
        await _world.SecondsAsync(300, null);

        Assert.Equal(RolloutStep.Paused, _world.Step(release));
        Assert.Empty(_world.Asked);
    }

    [Fact]
    public async Task A_trigger_fires_while_an_approval_is_awaited()
    {
        var release = _world.Release(EngineWorld.Seed(), stage: 0);
        await _world.SecondsAsync(60);
        var promotion = Waiting(release, ActionPhase.AwaitingApproval);
        await _world.UntilAsync(() => _world.Step(release) == RolloutStep.Promoting, 3);
        Assert.Contains("waits for approval", _world.Shown(release)!.Reason, StringComparison.Ordinal);
        await _world.UntilAsync(() => _world.Phase(release) == ReleasePhase.Halted, 400, 4.2);

        Assert.Equal(ActionPhase.PreEmpted, (await _world.Gate.ActionAsync(promotion.Id)).Phase);
    }

    [Fact]
    public async Task After_100_percent_triggers_are_live_for_the_watch_and_it_does_not_end_while_one_is_pending()
    {
        var release = _world.Release(EngineWorld.Seed(TriggerReaction.Rollback), stage: 3);
        var watch = new CompleteWatch(_world.Gate.Record, _world.Gate.Record, _world.Gate.Board, _world.Time);
        await _world.SecondsAsync(60);
        Assert.Equal(RolloutStep.Watching, _world.Step(release));
        await _world.UntilAsync(() => _world.Phase(release) == ReleasePhase.RolledBack, 400, 4.2);
        Assert.Equal(0, await watch.RunAsync(default));
    }

    [Fact]
    public async Task The_watch_ends_when_triggers_are_clear_and_not_before()
    {
        var blind = EngineWorld.Seed() with
        {
            Canary = new CanaryPolicy { AutoRollbackIf = [EngineWorld.Trigger("checkout_success drops > 3%", "checkout_success", TriggerMeasure.Delta, TriggerComparison.Below, -3, 0)] },
        };
        var (clear, held) = (_world.Release(EngineWorld.Seed(), stage: 3), _world.Release(blind, stage: 3, service: "search"));
        var watch = new CompleteWatch(_world.Gate.Record, _world.Gate.Record, _world.Gate.Board, _world.Time);
        await _world.SecondsAsync(700);

        Assert.Equal(1, await watch.RunAsync(default));
        await _world.SecondsAsync(3);
        Assert.Equal((ReleasePhase.Done, RolloutStep.Done), (_world.Phase(clear), _world.Step(clear)));
        Assert.Equal(ReleasePhase.Watching, _world.Phase(held));
        Assert.Contains("not done while the trigger checkout_success", _world.Shown(held)!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_person_resumed_the_same_firing_does_not_halt_again_and_a_new_one_does()
    {
        var release = _world.Release(EngineWorld.Seed(mode: DeliveryMode.Delivery), stage: 0);
        await _world.SecondsAsync(60);
        await _world.UntilAsync(() => _world.Phase(release) == ReleasePhase.Halted, 400, 4.2);
        await _world.SecondsAsync(5, 4.2);
        await ResumeAsync(release);
        await _world.SecondsAsync(700, 4.2);
        Assert.Equal(ReleasePhase.RollingOut, _world.Phase(release));
        Assert.Equal([ActionVerb.Resume, ActionVerb.Halt], _world.Actions(release).Select(a => a.Verb));

        _world.Restart();
        await _world.SecondsAsync(30, 4.2);
        Assert.Equal(ReleasePhase.RollingOut, _world.Phase(release));

        await _world.UntilAsync(() => _world.Shown(release)!.Triggers[0].Phase == TriggerPhase.Clear, 60);
        Assert.Contains(_world.Lines, l => l.StartsWith("Trigger recovered: http_5xx_rate > 1%", StringComparison.Ordinal));
        await _world.UntilAsync(() => _world.Phase(release) == ReleasePhase.Halted, 400, 4.2);
        Assert.Equal(2, _world.Actions(release).Count(a => a.Verb == ActionVerb.Halt));
    }

    [Fact]
    public async Task A_halted_release_stays_halted_until_a_person_resumes_it()
    {
        var release = _world.Release(EngineWorld.Seed(), stage: 0);
        await _world.SecondsAsync(60);
        await _world.UntilAsync(() => _world.Phase(release) == ReleasePhase.Halted, 400, 4.2);
        await _world.SecondsAsync(900);

        Assert.Equal((ReleasePhase.Halted, RolloutStep.Halted), (_world.Phase(release), _world.Step(release)));
        await ResumeAsync(release);
        await _world.UntilAsync(() => _world.Asked.Any(a => a.ExposurePercent == 25), 700);
    }

    [Fact]
    public async Task A_failed_check_halts_and_a_dry_run_only_shows()
    {
        var condition = EngineWorld.Trigger("http_5xx_rate > 3%", "http_5xx_rate", TriggerMeasure.Value, TriggerComparison.Above, 3, 0);
        var check = new PolicyCheck { Name = "smoke", Failure = condition, Interval = TimeSpan.FromSeconds(10) };
        var (acts, shows) = (_world.Release(EngineWorld.Seed(checks: check), stage: 0), _world.Release(EngineWorld.Seed(checks: check with { DryRun = true }), stage: 0, service: "search"));
        await _world.SecondsAsync(60);
        await _world.SecondsAsync(60, 4.2);

        Assert.Equal(ReleasePhase.Halted, _world.Phase(acts));
        Assert.StartsWith("Check failed: smoke;", _world.Actions(acts)[0].Reason, StringComparison.Ordinal);
        Assert.Equal((ReleasePhase.RollingOut, CheckPhase.Failed), (_world.Phase(shows), _world.Shown(shows)!.Checks[0].Phase));
    }

    [Fact]
    public async Task A_release_without_a_policy_is_left_alone()
    {
        var release = _world.Gate.Release();
        await _world.SecondsAsync(5);
        Assert.Null(_world.Shown(release));
    }

    private async Task ResumeAsync(Release release)
    {
        _world.Gate.Build();
        var resume = GateWorld.Accepted(await _world.Gate.ResumeAsync(release));
        await _world.Gate.RunAsync(resume.Id);
        while (_world.Gate.Queue.Other.TryRead(out _))
        {
        }

        _world.Gate.Board.BuildDue();
    }

    /// <summary>A promotion by a person that waits, as the approvals leave it.</summary>
    private ReleaseAction Waiting(Release release, ActionPhase phase)
    {
        var now = _world.Time.GetUtcNow();
        var action = new ReleaseAction
        {
            Id = Guid.CreateVersion7(now), Verb = ActionVerb.Promote, ReleaseId = release.Id, Service = release.Service, Target = release.Target, Environment = release.Environment,
            Version = release.Version, RequestedBy = "mia", Role = "ReleaseManager", Reason = "looks fine", EvidenceJson = "{}", EvidenceSeal = "x", RequestedAt = now, ToExposure = 25,
        };
        action.Move(phase, now);
        _world.Gate.Record.Put(action);
        _world.Gate.Board.Show(release.Id, new OpsConsole.Core.Board.ActionSummary(action.Id, action.Verb, action.Phase, action.RequestedBy, action.RequestedAt, null, null));
        return action;
    }
}
