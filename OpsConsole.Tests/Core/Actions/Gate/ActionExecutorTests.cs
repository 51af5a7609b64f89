using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Releases;
using OpsConsole.Tests.Shared;
using static OpsConsole.Tests.Core.Actions.Gate.GateWorld;

namespace OpsConsole.Tests.Core.Actions.Gate;

public sealed class ActionExecutorTests
{
    private readonly GateWorld _world = new();

    [Fact]
    public async Task A_promotion_is_confirmed_when_the_target_shows_it_and_measured()
    {
        var release = _world.Release();
        var action = Accepted(await _world.PromoteAsync(release));
        var asked = 0;
        _world.Target.OnObserve = _ =>
        {
            // The target takes a second to come round.
            if (++asked == 4)
            {
                _world.Target.Take(_world.Target.Asked[0]);
            }

            return Task.CompletedTask;
        };
        _world.Target.OnApply = (_, _) => Task.CompletedTask;

        var done = await _world.RunAsync(action.Id);

        Assert.Equal(ActionPhase.Confirmed, done.Phase);
        Assert.InRange(done.TimeToConfirmed!.Value, TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(3));
        var stored = await _world.StoredAsync(release);
        Assert.Equal((2, 50d, ReleasePhase.RollingOut), (stored.StageIndex, stored.ExposurePercent, stored.Phase));
        Assert.Equal(new TargetChange(action.Id, "shop", "production", "2.15.0", "2.14.3", 50, false), Assert.Single(_world.Target.Asked));
        Assert.Equal(["intent", "confirmed"], _world.Record.Audit.Select(a => a.Outcome));
        Assert.Equal([ReleaseEventKind.ActionRequested, ReleaseEventKind.StageChanged], _world.Record.Events.Select(e => e.Kind));
        _world.Build();
        var shown = _world.Board.Find(release.Id)!;
        Assert.Equal((50d, ActionPhase.Confirmed), (shown.ExposurePercent, shown.Action!.Phase));
    }

    [Fact]
    public async Task Halt_resume_and_roll_back_change_the_release_when_they_are_seen()
    {
        var release = _world.Release();

        Assert.Equal(ActionPhase.Confirmed, (await _world.RunAsync(Accepted(await _world.HaltAsync(release)).Id)).Phase);
        Assert.Equal((ReleasePhase.Halted, 25d), ((await _world.StoredAsync(release)).Phase, _world.Target.State.ExposurePercent));
        Assert.True(_world.Target.State.Halted);
        _world.Build();

        Assert.Equal(ActionPhase.Confirmed, (await _world.RunAsync(Accepted(await _world.ResumeAsync(release)).Id)).Phase);
        Assert.Equal(ReleasePhase.RollingOut, (await _world.StoredAsync(release)).Phase);
        Assert.False(_world.Target.State.Halted);
        _world.Build();

        Assert.Equal(ActionPhase.Confirmed, (await _world.RunAsync(Accepted(await _world.RollbackAsync(release)).Id)).Phase);
        var stored = await _world.StoredAsync(release);
        Assert.Equal((ReleasePhase.RolledBack, 0d, 0d), (stored.Phase, stored.ExposurePercent, _world.Target.State.ExposurePercent));
    }

    [Fact]
    public async Task A_target_that_refuses_fails_the_action_in_its_own_words()
    {
        var release = _world.Release();
        var action = Accepted(await _world.PromoteAsync(release));
        _world.Target.OnApply = (_, _) => throw new TargetRefusedException("The gateway refused: 2.14.3 has no listener.");

        var done = await _world.RunAsync(action.Id);

        Assert.Equal(ActionPhase.Failed, done.Phase);
        Assert.Equal("The gateway refused: 2.14.3 has no listener. Nothing changed.", done.Outcome);
        Assert.Equal(0, _world.Target.Reads);
        Assert.Equal(25, (await _world.StoredAsync(release)).ExposurePercent);
        Assert.Null(done.InFlightKey);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_target_that_hangs_when_asked_leaves_the_action_unconfirmed_or_confirmed_as_it_shows(bool didIt)
    {
        var release = _world.Release();
        var action = Accepted(await _world.PromoteAsync(release));
        _world.Target.OnApply = (change, _) =>
        {
            if (didIt)
            {
                _world.Target.Take(change);
            }

            return FakeTarget.HangAsync();
        };

        var done = await _world.RunAsync(action.Id);

        Assert.Equal(didIt ? ActionPhase.Confirmed : ActionPhase.Unconfirmed, done.Phase);
        Assert.Equal(didIt ? 50 : 25, (await _world.StoredAsync(release)).ExposurePercent);
        if (!didIt)
        {
            Assert.Contains("did not answer within 10 s", done.Outcome, StringComparison.Ordinal);
            Assert.NotNull(done.InFlightKey);
        }
    }

    [Fact]
    public async Task A_target_that_hangs_when_read_leaves_the_action_unconfirmed_and_the_console_goes_on_asking()
    {
        var release = _world.Release();
        var action = Accepted(await _world.PromoteAsync(release));
        _world.Target.OnObserve = _ => FakeTarget.HangAsync();

        Assert.Equal(ActionPhase.Unconfirmed, (await _world.RunAsync(action.Id)).Phase);
        await _world.AdoptAsync();
        Assert.Equal(ActionPhase.Unconfirmed, (await _world.ActionAsync(action.Id)).Phase);
        Assert.Equal(1, _world.Record.Audit.Count(a => a.Outcome == "unconfirmed"));

        _world.Target.OnObserve = null;
        await _world.AdoptAsync();

        Assert.Equal(ActionPhase.Confirmed, (await _world.ActionAsync(action.Id)).Phase);
        Assert.Equal(50, (await _world.StoredAsync(release)).ExposurePercent);
        Assert.Single(_world.Target.Asked);
    }

    [Fact]
    public async Task A_target_that_cannot_be_reached_is_not_taken_for_one_that_did_nothing()
    {
        var release = _world.Release();
        var action = Accepted(await _world.PromoteAsync(release));
        _world.Target.OnApply = (_, _) => throw new TargetUnreachableException("connection refused");
        _world.Target.OnObserve = _ => throw new TargetUnreachableException("connection refused");

        var done = await _world.RunAsync(action.Id);

        Assert.Equal(ActionPhase.Unconfirmed, done.Phase);
        Assert.Contains("connection refused", done.Outcome, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_target_that_accepts_and_never_changes_fails_the_action()
    {
        var release = _world.Release();
        var action = Accepted(await _world.PromoteAsync(release));
        _world.Target.OnApply = (_, _) => Task.CompletedTask;

        var done = await _world.RunAsync(action.Id);

        Assert.Equal(ActionPhase.Failed, done.Phase);
        Assert.Equal("gateway accepted, but after 10 s it still shows 25 %. Look at the target, then ask again.", done.Outcome);
        Assert.Equal(25, (await _world.StoredAsync(release)).ExposurePercent);
    }

    [Fact]
    public async Task An_adapter_that_breaks_in_its_own_way_leaves_the_effect_unknown()
    {
        var release = _world.Release();
        var action = Accepted(await _world.PromoteAsync(release));
        _world.Target.OnApply = (_, _) => throw new InvalidOperationException("a bug in the adapter");

        Assert.Equal(ActionPhase.Unconfirmed, (await _world.RunAsync(action.Id)).Phase);
    }

    [Fact]
    public async Task A_finished_action_is_never_carried_out_again()
    {
        var release = _world.Release();
        var action = Accepted(await _world.PromoteAsync(release));
        await _world.RunAsync(action.Id);
        await _world.RunAsync(action.Id);
        await _world.AdoptAsync();

        Assert.Single(_world.Target.Asked);
        Assert.Equal(50, (await _world.StoredAsync(release)).ExposurePercent);
    }

    [Fact]
    public async Task The_worker_and_the_schedule_do_not_both_handle_an_action()
    {
        var release = _world.Release();
        var action = Accepted(await _world.PromoteAsync(release));
        var gate = new TaskCompletionSource();
        _world.Target.OnApply = (change, _) =>
        {
            _world.Target.Take(change);
            return gate.Task;
        };
        var first = _world.Executor.RunAsync(action.Id, default);
        await Eventually.TrueAsync(() => _world.Target.Asked.Count == 1);

        await _world.Executor.RunAsync(action.Id, default);
        await _world.Executor.AdoptAsync(action.Id, default);
        Assert.Equal(ActionPhase.Executing, (await _world.ActionAsync(action.Id)).Phase);

        gate.SetResult();
        await first;
        Assert.Equal(ActionPhase.Confirmed, (await _world.ActionAsync(action.Id)).Phase);
        Assert.Single(_world.Target.Asked);
    }

    [Fact]
    public async Task The_record_going_away_while_the_target_works_loses_nothing()
    {
        var release = _world.Release();
        var action = Accepted(await _world.PromoteAsync(release));
        _world.Target.OnApply = (change, _) =>
        {
            _world.Target.Take(change);
            _world.Record.Away = true;
            return Task.CompletedTask;
        };
        await _world.WhileTimePassesAsync(_world.Executor.RunAsync(action.Id, default));
        _world.Record.Away = false;
        Assert.Equal(ActionPhase.Executing, (await _world.ActionAsync(action.Id)).Phase);

        _world.Time.Advance(TimeSpan.FromMinutes(1));
        await _world.AdoptAsync();

        Assert.Equal(ActionPhase.Confirmed, (await _world.ActionAsync(action.Id)).Phase);
        Assert.Single(_world.Target.Asked);
        Assert.Equal(50, (await _world.StoredAsync(release)).ExposurePercent);
    }

    [Fact]
    public async Task A_change_of_the_release_by_someone_else_does_not_lose_the_outcome()
    {
        var release = _world.Release();
        var action = Accepted(await _world.HaltAsync(release));
        var once = true;
        _world.Record.BeforeSave = change =>
        {
            if (change.Release is not null && once)
            {
                once = false;
                var other = ((IReleaseStore)_world.Record).FindAsync(release.Id, default).GetAwaiter().GetResult()!;
                other.Resume(_world.Time.GetUtcNow());
                _world.Record.Put(other);
            }
        };

        Assert.Equal(ActionPhase.Confirmed, (await _world.RunAsync(action.Id)).Phase);
        Assert.Equal(ReleasePhase.Halted, (await _world.StoredAsync(release)).Phase);
    }
}
