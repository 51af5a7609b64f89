using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Kill;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Rollouts;
using OpsConsole.Tests.Shared;
using static OpsConsole.Tests.Core.Actions.Gate.GateWorld;

namespace OpsConsole.Tests.Core.Actions.Gate;

/// <summary>Stopping takes the place of growing, whatever the growing action is doing at that moment.</summary>
public sealed class PreEmptionTests
{
    private readonly GateWorld _world = new();

    [Theory]
    [InlineData(ActionVerb.Halt)]
    [InlineData(ActionVerb.Rollback)]
    public async Task A_stopping_action_takes_the_place_of_a_promotion_whose_target_hangs(ActionVerb verb)
    {
        var release = _world.Release();
        var promotion = Accepted(await _world.PromoteAsync(release));
        _world.Target.OnApply = (change, token) => change.ActionId == promotion.Id ? Task.Delay(Timeout.Infinite, token) : Taken(change);
        var hanging = _world.Executor.RunAsync(promotion.Id, default);
        await Eventually.TrueAsync(() => _world.Target.Asked.Count == 1);

        _world.Build();
        var stopping = Accepted(verb == ActionVerb.Halt ? await _world.HaltAsync(release) : await _world.RollbackAsync(release));
        Assert.Equal(ActionPhase.PreEmpted, (await _world.ActionAsync(promotion.Id)).Phase);
        var done = await _world.RunAsync(stopping.Id);
        await hanging;

        Assert.Equal(ActionPhase.Confirmed, done.Phase);
        Assert.Equal(ActionPhase.PreEmpted, (await _world.ActionAsync(promotion.Id)).Phase);
        var stored = await _world.StoredAsync(release);
        Assert.Equal(verb == ActionVerb.Halt ? (ReleasePhase.Halted, 25d) : (ReleasePhase.RolledBack, 0d), (stored.Phase, stored.ExposurePercent));
        Assert.Contains(_world.Record.Audit, a => a.Outcome == "pre-empted" && a.ActionId == promotion.Id);
        Assert.Contains(_world.Record.Events, e => e.Kind == ReleaseEventKind.ActionPreEmpted);
    }

    [Theory]
    [InlineData("under way")]
    [InlineData("confirmed")]
    [InlineData("refused by its target")]
    public async Task A_halt_does_not_wait_for_a_promotion_that_is_still_being_judged_and_the_promotion_is_judged_anew(string halt)
    {
        var release = _world.Release(policy: new("web-canary", 3, "digest", "text"));
        var reading = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _world.Gates.BeforeFacts = () => reading.Task;
        var promotion = _world.PromoteAsync(release);
        Assert.False(promotion.IsCompleted);

        var stopping = Accepted(await _world.HaltAsync(release));
        if (halt != "under way")
        {
            _world.Target.OnApply = halt == "confirmed" ? null : (_, _) => throw new TargetRefusedException("Maintenance.");
            await _world.RunAsync(stopping.Id);
        }

        var trigger = OpsConsole.Tests.Core.Rollouts.EngineWorld.Trigger("http_5xx_rate > 1%", "http_5xx_rate", TriggerMeasure.Value, TriggerComparison.Above, 1, 0);
        _world.Standing = _world.Standing with { Triggers = [new(trigger, TriggerPhase.Fired, 4.2, _world.Time.GetUtcNow(), null, "4.2 %: fired.")] };
        _world.Measure(release);
        reading.SetResult();

        Assert.Contains(halt switch { "under way" => "already-in-flight", "confirmed" => "halt-in-force", _ => "policy-gate" }, Refused(await promotion));
        Assert.Equal([ActionVerb.Halt], (await _world.Record.ForReleaseAsync(release.Id, default)).Select(a => a.Verb));
    }

    [Fact]
    public async Task A_promotion_that_is_read_back_late_moves_nothing()
    {
        var release = _world.Release();
        var promotion = Accepted(await _world.PromoteAsync(release));
        var once = true;
        _world.Record.BeforeSave = change =>
        {
            // The halt comes in the moment between the read-back of the promotion and the save of its outcome.
            if (change.Action.Phase == ActionPhase.Confirmed && change.Action.Id == promotion.Id && once)
            {
                once = false;
                Accepted(_world.HaltAsync(release).GetAwaiter().GetResult());
            }
        };

        await _world.RunAsync(promotion.Id);

        Assert.Equal(ActionPhase.PreEmpted, (await _world.ActionAsync(promotion.Id)).Phase);
        Assert.Equal(25, (await _world.StoredAsync(release)).ExposurePercent);
        _world.Queue.Stopping.TryRead(out var halt);
        await _world.RunAsync(halt);
        Assert.Equal(new TargetChange(halt, "shop", "production", "2.15.0", "2.14.3", 50, true), _world.Target.Asked[^1]);
        Assert.Equal((50d, true), (_world.Target.State.ExposurePercent, _world.Target.State.Halted));
        Assert.Equal((ReleasePhase.Halted, 2, 50d), await WhereAsync(release));
    }

    [Fact]
    public async Task Where_a_target_cannot_take_exposure_back_the_halted_release_is_recorded_where_it_is_seen()
    {
        var release = _world.Release();
        var promotion = Accepted(await _world.PromoteAsync(release));
        _world.Target.OnApply = (change, _) => Taken(change with { ExposurePercent = 50 });
        var halt = Accepted(await _world.HaltAsync(release));

        await _world.RunAsync(promotion.Id);
        await _world.RunAsync(halt.Id);

        var stored = await _world.StoredAsync(release);
        Assert.Equal((ReleasePhase.Halted, 2, 50d), (stored.Phase, stored.StageIndex, stored.ExposurePercent));
    }

    [Fact]
    public async Task A_halt_that_finds_an_exposure_nobody_asked_for_says_so()
    {
        var release = _world.Release();
        _world.Target.OnApply = (change, _) => Taken(change with { ExposurePercent = 33 });

        await _world.RunAsync(Accepted(await _world.HaltAsync(release)).Id);

        var drift = Assert.Single(_world.Record.Events, e => e.Kind == ReleaseEventKind.Drift);
        Assert.Equal("gateway shows 33 % where 25 % were recorded.", drift.Text);
    }

    [Fact]
    public async Task A_halt_stops_where_the_target_is_when_a_promotion_had_arrived_that_nobody_read_back()
    {
        var release = _world.Release();
        RefuseTakingBack();
        var promotion = Accepted(await _world.PromoteAsync(release));
        _world.Target.State = new TargetObservation(50, false, promotion.Id, _world.Time.GetUtcNow());
        _world.Restart();

        var done = await _world.RunAsync(Accepted(await _world.HaltAsync(release)).Id);

        Assert.Equal(ActionPhase.Confirmed, done.Phase);
        Assert.Equal((50d, true), (_world.Target.State.ExposurePercent, _world.Target.State.Halted));
        Assert.Equal((ReleasePhase.Halted, 2, 50d), await WhereAsync(release));
        Assert.Equal("gateway shows 50 % where 25 % were recorded.", Assert.Single(_world.Record.Events, e => e.Kind == ReleaseEventKind.Drift).Text);
    }

    [Theory]
    [InlineData(33, 1)]
    [InlineData(60, 2)]
    [InlineData(3, 1)]
    [InlineData(5, 0)]
    public async Task A_share_changed_on_the_target_itself_is_halted_and_recorded(double shown, int stage)
    {
        var release = _world.Release();
        RefuseTakingBack();
        _world.Target.State = new TargetObservation(shown, false, null, _world.Time.GetUtcNow());

        var done = await _world.RunAsync(Accepted(await _world.HaltAsync(release)).Id);

        Assert.Equal(ActionPhase.Confirmed, done.Phase);
        Assert.Equal((shown, true), (_world.Target.State.ExposurePercent, _world.Target.State.Halted));
        Assert.Equal((ReleasePhase.Halted, stage, shown), await WhereAsync(release));
    }

    [Fact]
    public async Task A_promotion_that_arrives_between_the_look_and_the_halt_does_not_save_itself()
    {
        var release = _world.Release();
        _world.Target.OnApply = (change, _) =>
        {
            if (_world.Target.Asked.Count == 1)
            {
                _world.Target.State = _world.Target.State with { ExposurePercent = 50 };
            }

            return TakenUnlessSmaller(change);
        };

        var done = await _world.RunAsync(Accepted(await _world.HaltAsync(release)).Id);

        Assert.Equal(ActionPhase.Confirmed, done.Phase);
        Assert.Equal([25d, 50d], _world.Target.Asked.Select(a => a.ExposurePercent));
        Assert.Equal((ReleasePhase.Halted, 2, 50d), await WhereAsync(release));
    }

    [Fact]
    public async Task A_halt_whose_target_cannot_be_read_asks_with_what_is_recorded()
    {
        var release = _world.Release();
        _world.Target.OnObserve = _ => _world.Target.Asked.Count == 0 ? FakeTarget.HangAsync() : Task.CompletedTask;

        var done = await _world.RunAsync(Accepted(await _world.HaltAsync(release)).Id);

        Assert.Equal(ActionPhase.Confirmed, done.Phase);
        Assert.Equal(25, Assert.Single(_world.Target.Asked).ExposurePercent);
    }

    [Fact]
    public async Task A_halt_refused_for_another_cause_is_asked_once_and_fails_in_the_targets_words()
    {
        var release = _world.Release();
        _world.Target.OnApply = (_, _) => throw new TargetRefusedException("The gateway does not accept the token.");

        var done = await _world.RunAsync(Accepted(await _world.HaltAsync(release)).Id);

        Assert.Equal((ActionPhase.Failed, "The gateway does not accept the token. Nothing changed."), (done.Phase, done.Outcome));
        Assert.Single(_world.Target.Asked);
    }

    [Fact]
    public async Task A_roll_back_takes_the_place_of_a_halt_and_a_second_one_is_answered_with_the_first()
    {
        var release = _world.Release();
        var halt = Accepted(await _world.HaltAsync(release));
        _world.Build();

        var rollback = Accepted(await _world.RollbackAsync(release));
        Assert.Equal(rollback.Id, Accepted(await _world.RollbackAsync(release, seen: 1)).Id);
        Assert.Equal(["already-in-flight"], Refused(await _world.HaltAsync(release)));

        Assert.Equal(ActionPhase.PreEmpted, (await _world.ActionAsync(halt.Id)).Phase);
    }

    [Fact]
    public async Task A_kill_stops_a_promotion_of_a_release_bound_to_the_switch_and_halts_it()
    {
        var release = _world.Release();
        var other = _world.Release(version: "2.15.1");
        var promotion = Accepted(await _world.PromoteAsync(release));

        var kill = Accepted(await _world.Gate.RequestAsync(new KillCommand("recommendations", "errors grow"), Given.OnCall, default));
        await _world.RunAsync(kill.Id);

        Assert.Equal(ActionPhase.Confirmed, (await _world.ActionAsync(kill.Id)).Phase);
        Assert.Equal(ActionPhase.PreEmpted, (await _world.ActionAsync(promotion.Id)).Phase);
        var halt = Assert.Single(await _world.Record.ListInFlightAsync(default));
        Assert.Equal((ActionVerb.Halt, release.Id), (halt.Verb, halt.ReleaseId));
        await _world.RunAsync(halt.Id);
        Assert.Equal(ReleasePhase.Halted, (await _world.StoredAsync(release)).Phase);
        Assert.Equal(ReleasePhase.RollingOut, (await _world.StoredAsync(other)).Phase);
    }

    private void RefuseTakingBack() => _world.Target.OnApply = (change, _) => TakenUnlessSmaller(change);

    private Task TakenUnlessSmaller(TargetChange change) => change.ExposurePercent < _world.Target.State.ExposurePercent
        ? throw new TargetRefusedException("The store refused: an installed version cannot be taken back.")
        : Taken(change);

    private async Task<(ReleasePhase Phase, int Stage, double Exposure)> WhereAsync(Release release)
    {
        var stored = await _world.StoredAsync(release);
        return (stored.Phase, stored.StageIndex, stored.ExposurePercent);
    }

    private Task Taken(TargetChange change)
    {
        _world.Target.Take(change);
        return Task.CompletedTask;
    }
}
