using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Kill;
using OpsConsole.Core.Releases;
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
        Assert.Equal(new TargetChange(halt, "shop", "production", "2.15.0", "2.14.3", 25, true), _world.Target.Asked[^1]);
        Assert.Equal((25d, true), (_world.Target.State.ExposurePercent, _world.Target.State.Halted));
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

    private Task Taken(TargetChange change)
    {
        _world.Target.Take(change);
        return Task.CompletedTask;
    }
}
