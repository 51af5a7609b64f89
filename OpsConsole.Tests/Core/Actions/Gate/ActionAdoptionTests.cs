using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Releases;
using OpsConsole.Tests.Shared;
using static OpsConsole.Tests.Core.Actions.Gate.GateWorld;

namespace OpsConsole.Tests.Core.Actions.Gate;

public sealed class ActionAdoptionTests
{
    private readonly GateWorld _world = new();

    [Fact]
    public async Task A_crash_before_the_target_was_asked_ends_a_promotion_without_ever_asking()
    {
        var release = _world.Release();
        var action = Accepted(await _world.PromoteAsync(release));
        _world.Time.Advance(TimeSpan.FromMilliseconds(1));
        _world.Restart();
        _world.Time.Advance(new ExecutionLimits().AdoptAfter);

        await _world.AdoptAsync();

        var done = await _world.ActionAsync(action.Id);
        Assert.Equal(ActionPhase.Failed, done.Phase);
        Assert.Equal("It never reached gateway, which shows 25 %. Ask again.", done.Outcome);
        Assert.Empty(_world.Target.Asked);
        _world.Measure(release);
        Accepted(await _world.PromoteAsync(release));
    }

    [Fact]
    public async Task A_call_that_was_on_its_way_when_the_console_crashed_is_waited_for()
    {
        var release = _world.Release();
        var action = Accepted(await _world.PromoteAsync(release));
        _world.Time.Advance(TimeSpan.FromMilliseconds(1));
        _world.Restart();

        await _world.AdoptAsync();
        Assert.Equal(ActionPhase.Executing, (await _world.ActionAsync(action.Id)).Phase);

        _world.Target.State = new TargetObservation(50, false, action.Id, _world.Time.GetUtcNow());
        await _world.AdoptAsync();
        Assert.Equal(ActionPhase.Confirmed, (await _world.ActionAsync(action.Id)).Phase);
        Assert.Empty(_world.Target.Asked);
    }

    [Fact]
    public async Task An_action_of_this_process_is_left_to_its_worker_for_as_long_as_a_run_takes()
    {
        var release = _world.Release();
        var action = Accepted(await _world.PromoteAsync(release));
        await _world.AdoptAsync();
        Assert.Equal(ActionPhase.Executing, (await _world.ActionAsync(action.Id)).Phase);

        _world.Time.Advance(new ExecutionLimits().AdoptAfter);
        await _world.AdoptAsync();
        Assert.Equal(ActionPhase.Failed, (await _world.ActionAsync(action.Id)).Phase);
    }

    [Fact]
    public async Task A_stopping_action_left_behind_is_carried_out_at_the_start()
    {
        var release = _world.Release();
        var action = Accepted(await _world.HaltAsync(release));
        _world.Time.Advance(TimeSpan.FromMilliseconds(1));
        _world.Restart();

        await _world.AdoptAsync();

        Assert.Equal(ActionPhase.Confirmed, (await _world.ActionAsync(action.Id)).Phase);
    }

    [Fact]
    public async Task A_crash_after_the_target_did_it_confirms_by_observing()
    {
        var release = _world.Release();
        var action = Accepted(await _world.PromoteAsync(release));
        _world.Target.State = new TargetObservation(50, false, action.Id, _world.Time.GetUtcNow());
        _world.Restart();
        _world.Time.Advance(TimeSpan.FromMinutes(1));

        await _world.AdoptAsync();
        await _world.AdoptAsync();

        Assert.Equal(ActionPhase.Confirmed, (await _world.ActionAsync(action.Id)).Phase);
        Assert.Empty(_world.Target.Asked);
        Assert.Equal((2, 50d), ((await _world.StoredAsync(release)).StageIndex, (await _world.StoredAsync(release)).ExposurePercent));
    }

    [Fact]
    public async Task A_crash_during_a_stopping_action_carries_it_out_again()
    {
        var release = _world.Release();
        var action = Accepted(await _world.RollbackAsync(release));
        _world.Restart();
        _world.Time.Advance(TimeSpan.FromSeconds(3));

        await _world.AdoptAsync();

        Assert.Equal(ActionPhase.Confirmed, (await _world.ActionAsync(action.Id)).Phase);
        Assert.Equal(ReleasePhase.RolledBack, (await _world.StoredAsync(release)).Phase);
        Assert.Equal(action.Id, Assert.Single(_world.Target.Asked).ActionId);
    }

    [Fact]
    public async Task An_unconfirmed_stopping_action_is_asked_for_until_it_is_seen()
    {
        var release = _world.Release();
        var action = Accepted(await _world.HaltAsync(release));
        _world.Target.OnApply = (_, _) => throw new TargetUnreachableException("connection refused");
        Assert.Equal(ActionPhase.Unconfirmed, (await _world.RunAsync(action.Id)).Phase);
        await _world.AdoptAsync();

        _world.Target.OnApply = null;
        await _world.AdoptAsync();

        Assert.Equal(ActionPhase.Confirmed, (await _world.ActionAsync(action.Id)).Phase);
        Assert.Equal(ReleasePhase.Halted, (await _world.StoredAsync(release)).Phase);
    }

    [Theory]
    [InlineData(0, null, ActionPhase.Confirmed)]
    [InlineData(25, "The roll back is deployed to 3 of 4 instances.", ActionPhase.Unconfirmed)]
    [InlineData(25, null, ActionPhase.Failed)]
    public async Task A_stop_that_was_asked_for_before_and_is_refused_now_goes_by_what_the_target_shows(double shows, string? underway, ActionPhase phase)
    {
        var release = _world.Release();
        var action = Accepted(await _world.RollbackAsync(release));
        _world.Target.OnApply = (_, _) => throw new TargetUnreachableException("connection refused");
        Assert.Equal(ActionPhase.Unconfirmed, (await _world.RunAsync(action.Id)).Phase);

        _world.Target.OnApply = (_, _) => throw new TargetRefusedException("A deployment is under way.");
        _world.Target.State = new TargetObservation(shows, false, action.Id, _world.Time.GetUtcNow()) { Underway = underway };
        await _world.AdoptAsync();

        var done = await _world.ActionAsync(action.Id);
        Assert.Equal(phase, done.Phase);
        Assert.DoesNotContain("Nothing changed", done.Outcome, StringComparison.Ordinal);
        if (phase == ActionPhase.Failed)
        {
            Assert.Equal("A deployment is under way. It had been asked for before, and gateway shows 25 %. Look at the target, then ask again.", done.Outcome);
        }
    }

    [Fact]
    public async Task A_stop_that_is_refused_when_it_was_asked_for_before_and_cannot_be_read_stays_unconfirmed()
    {
        var release = _world.Release();
        var action = Accepted(await _world.RollbackAsync(release));
        _world.Time.Advance(TimeSpan.FromMilliseconds(1));
        _world.Restart();
        _world.Target.OnApply = (_, _) => throw new TargetRefusedException("A deployment is under way.");
        _world.Target.OnObserve = _ => throw new TargetUnreachableException("connection refused");

        await _world.AdoptAsync();

        var left = await _world.ActionAsync(action.Id);
        Assert.Equal(
            (ActionPhase.Unconfirmed, "Not known whether it happened: it was asked for again and refused (A deployment is under way), and gateway cannot be read (connection refused). The console goes on asking."),
            (left.Phase, left.Outcome));
    }

    [Fact]
    public async Task What_reached_the_target_without_effect_is_said_so()
    {
        var release = _world.Release();
        var action = Accepted(await _world.PromoteAsync(release));
        _world.Target.State = new TargetObservation(25, false, action.Id, _world.Time.GetUtcNow());
        _world.Time.Advance(TimeSpan.FromMinutes(1));

        await _world.AdoptAsync();

        Assert.StartsWith("It reached gateway, which shows 25 % all the same.", (await _world.ActionAsync(action.Id)).Outcome, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_target_that_is_still_on_its_way_is_waited_for_however_long_it_takes()
    {
        var release = _world.Release();
        var action = Accepted(await _world.PromoteAsync(release));
        _world.Target.OnApply = (_, _) => Task.CompletedTask;
        _world.Target.State = new TargetObservation(50, false, action.Id, _world.Time.GetUtcNow()) { Underway = "3 of 10 pods are new." };

        var left = await _world.RunAsync(action.Id);
        Assert.Equal((ActionPhase.Unconfirmed, "gateway accepted, and is still at it: 3 of 10 pods are new. The console goes on asking."), (left.Phase, left.Outcome));

        _world.Time.Advance(TimeSpan.FromMinutes(20));
        await _world.AdoptAsync();
        Assert.Equal(ActionPhase.Unconfirmed, (await _world.ActionAsync(action.Id)).Phase);

        _world.Target.State = new TargetObservation(50, false, action.Id, _world.Time.GetUtcNow());
        await _world.AdoptAsync();
        Assert.Equal(ActionPhase.Confirmed, (await _world.ActionAsync(action.Id)).Phase);
    }

    [Fact]
    public async Task A_target_that_came_to_rest_short_of_it_says_why()
    {
        var release = _world.Release();
        var action = Accepted(await _world.PromoteAsync(release));
        _world.Target.State = new TargetObservation(30, false, action.Id, _world.Time.GetUtcNow()) { Stuck = "The ReplicaSet timed out." };
        _world.Time.Advance(TimeSpan.FromMinutes(1));

        await _world.AdoptAsync();

        var done = await _world.ActionAsync(action.Id);
        Assert.Equal(ActionPhase.Failed, done.Phase);
        Assert.StartsWith("It reached gateway, which shows 30 % all the same: The ReplicaSet timed out.", done.Outcome, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_halt_and_a_roll_back_do_not_wait_for_a_target_to_come_to_rest()
    {
        var release = _world.Release();
        var action = Accepted(await _world.HaltAsync(release));
        _world.Target.OnApply = (change, _) =>
        {
            _world.Target.Take(change);
            _world.Target.State = _world.Target.State with { Underway = "Pods are being replaced." };
            return Task.CompletedTask;
        };

        Assert.Equal(ActionPhase.Confirmed, (await _world.RunAsync(action.Id)).Phase);
        _world.Build();
        Assert.Equal(ActionPhase.Confirmed, (await _world.RunAsync(Accepted(await _world.RollbackAsync(release)).Id)).Phase);
    }

    [Fact]
    public async Task A_promotion_that_waited_too_long_in_the_queue_is_not_begun()
    {
        var release = _world.Release();
        var action = Accepted(await _world.PromoteAsync(release));
        _world.Time.Advance(TimeSpan.FromMinutes(1));

        await _world.RunAsync(action.Id);

        Assert.Empty(_world.Target.Asked);
    }

    [Fact]
    public async Task However_many_are_unconfirmed_on_a_target_that_hangs_a_run_ends_soon_and_all_get_their_turn()
    {
        const int Hanging = 2 * ActionLane.SideBySide + 4;
        for (var i = 0; i < Hanging; i++)
        {
            Accepted(await _world.PromoteAsync(_world.Release(service: $"shop-{i}")));
        }

        _world.Time.Advance(TimeSpan.FromMinutes(1));
        _world.Target.OnObserve = _ => FakeTarget.HangAsync();
        foreach (var left in new[] { Hanging - ActionLane.SideBySide, Hanging - (2 * ActionLane.SideBySide), 0 })
        {
            var begun = _world.Time.GetUtcNow();
            await _world.AdoptAsync();
            Assert.InRange(_world.Time.GetUtcNow() - begun, TimeSpan.Zero, 2 * new ExecutionLimits().Observe);
            Assert.Equal(left, (await ((IActionStore)_world.Record).ListInFlightAsync(default)).Count(a => a.Phase == ActionPhase.Executing));
        }
    }

    [Fact]
    public async Task A_target_that_was_disconnected_leaves_the_action_unconfirmed()
    {
        var release = _world.Release();
        var action = Accepted(await _world.PromoteAsync(release));
        var alone = new GateWorld();
        var executor = new ActionExecutor(
            _world.Record, _world.Record, _world.Record, new TargetRegistry(), _world.Outcomes, new ExecutionLimits(), alone.Time,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<ActionExecutor>.Instance);

        await executor.AdoptAsync(action.Id, default);

        Assert.Equal(ActionPhase.Unconfirmed, (await _world.ActionAsync(action.Id)).Phase);
    }
}
