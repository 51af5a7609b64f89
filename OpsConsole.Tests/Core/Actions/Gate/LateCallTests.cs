using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Releases;
using OpsConsole.Tests.Shared;
using static OpsConsole.Tests.Core.Actions.Gate.GateWorld;

namespace OpsConsole.Tests.Core.Actions.Gate;

/// <summary>A call to a target that takes effect after the stop that took its action's place does not undo that stop.</summary>
public sealed class LateCallTests
{
    private readonly GateWorld _world = new();
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _let = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Theory]
    [InlineData(ActionVerb.Rollback)]
    [InlineData(ActionVerb.Halt)]
    public async Task A_promotion_whose_call_arrives_after_the_stop_on_the_same_console_was_confirmed_does_not_stay(ActionVerb verb)
    {
        var release = _world.Release();
        var promotion = Accepted(await _world.PromoteAsync(release));
        HoldUp(promotion);
        var promoting = _world.Executor.RunAsync(promotion.Id, default);
        await _reached.Task;

        // The clock stands still: the stop waits neither for the call nor for a time limit.
        var stopping = await StopAsync(release, verb);
        await promoting;
        Assert.Equal(ActionPhase.Confirmed, (await _world.ActionAsync(stopping.Id)).Phase);
        Assert.Equal(1, _world.Executor.Running);

        _let.SetResult();
        await Eventually.TrueAsync(() => _world.Executor.Running == 0);

        Assert.Equal(3, _world.Target.Asked.Select(c => c.ActionId).Distinct().Count());
        var stored = await _world.StoredAsync(release);
        Assert.Equal(verb == ActionVerb.Halt ? (50d, true, ReleasePhase.Halted) : (0d, false, ReleasePhase.RolledBack), (_world.Target.State.ExposurePercent, _world.Target.State.Halted, stored.Phase));
        Assert.Equal(_world.Target.State.ExposurePercent, stored.ExposurePercent);
        Assert.Equal(ActionPhase.PreEmpted, (await _world.ActionAsync(promotion.Id)).Phase);
        Assert.True(IsNoted(promotion, $"so the {verb.Phrase()} by {Given.OnCall.Name} was asked for again: gateway shows"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_call_that_was_cancelled_and_is_worked_off_all_the_same_does_not_stay(bool afterTheFirstLook)
    {
        var release = _world.Release();
        var promotion = Accepted(await _world.PromoteAsync(release));
        _world.Target.OnApply = (change, token) => change.ActionId == promotion.Id ? Task.Delay(Timeout.Infinite, token) : Taken(change);
        var promoting = _world.Executor.RunAsync(promotion.Id, default);
        await Eventually.TrueAsync(() => _world.Target.Asked.Count == 1);
        await StopAsync(release, ActionVerb.Rollback);
        await promoting;
        if (afterTheFirstLook)
        {
            await PassUntilAsync(() => _world.Executor.Running == 0);
            Assert.Equal(2, _world.Target.Asked.Count);
        }

        _world.Target.Take(_world.Target.Asked[0]);
        await PassUntilAsync(() => IsNoted(promotion, "was asked for again: gateway shows"));

        Assert.Equal(0, _world.Target.State.ExposurePercent);
    }

    [Fact]
    public async Task A_call_that_was_not_answered_and_lands_after_a_later_stop_does_not_stay()
    {
        var release = _world.Release();
        var promotion = Accepted(await _world.PromoteAsync(release));
        _world.Target.OnApply = (change, _) => change.ActionId == promotion.Id ? throw new TargetUnreachableException("connection reset") : Taken(change);
        _world.Target.OnObserve = _ => FakeTarget.HangAsync();
        var promoting = _world.Executor.RunAsync(promotion.Id, default);
        await Eventually.TrueAsync(() => _world.Target.Reads == 1);
        _world.Target.OnObserve = null;

        // Its place is taken while it is read back.
        await StopAsync(release, ActionVerb.Rollback);
        await promoting;
        _world.Target.Take(_world.Target.Asked[0]);
        await PassUntilAsync(() => IsNoted(promotion, "was asked for again: gateway shows"));

        Assert.Equal(0, _world.Target.State.ExposurePercent);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_halt_whose_call_arrives_after_the_roll_back_was_confirmed_does_not_stay(bool onAnotherConsole)
    {
        var release = _world.Release();
        var halt = Accepted(await _world.HaltAsync(release));
        HoldUp(halt);
        var console = _world.Executor;
        var halting = console.RunAsync(halt.Id, default);
        await _reached.Task;
        if (onAnotherConsole)
        {
            _world.Restart();
        }

        var rollback = await StopAsync(release, ActionVerb.Rollback);
        Assert.Equal(ActionPhase.Confirmed, (await _world.ActionAsync(rollback.Id)).Phase);
        _let.SetResult();
        await halting;
        await Eventually.TrueAsync(() => console.Running == 0);

        Assert.Equal([25d, 0d, 0d], _world.Target.Asked.OrderByDescending(c => c.ExposurePercent).Select(c => c.ExposurePercent));
        Assert.Equal((0d, ReleasePhase.RolledBack), (_world.Target.State.ExposurePercent, (await _world.StoredAsync(release)).Phase));
        Assert.True(IsNoted(halt, "so the roll back by"));
    }

    [Fact]
    public async Task Asking_for_a_halt_again_does_not_undo_a_roll_back_that_was_confirmed_meanwhile()
    {
        var release = _world.Release();
        var promotion = Accepted(await _world.PromoteAsync(release));
        HoldUp(promotion);
        var promoting = _world.Executor.RunAsync(promotion.Id, default);
        await _reached.Task;
        var halt = await StopAsync(release, ActionVerb.Halt);
        await promoting;
        var once = true;
        var before = _world.Target.OnApply!;
        _world.Target.OnApply = async (change, token) =>
        {
            if (change.Halted && change.ActionId != halt.Id && once)
            {
                once = false;
                await StopAsync(release, ActionVerb.Rollback);
            }

            await before(change, token);
        };

        _let.SetResult();
        await Eventually.TrueAsync(() => _world.Executor.Running == 0);

        Assert.False(once);
        Assert.Equal((0d, ReleasePhase.RolledBack), (_world.Target.State.ExposurePercent, (await _world.StoredAsync(release)).Phase));
        Assert.True(IsNoted(promotion, "so the roll back by"));
    }

    [Fact]
    public async Task A_stop_that_its_target_refused_is_asked_for_again_when_the_late_call_was_accepted()
    {
        var release = _world.Release();
        var promotion = Accepted(await _world.PromoteAsync(release));
        HoldUp(promotion);
        var promoting = _world.Executor.RunAsync(promotion.Id, default);
        await _reached.Task;
        var before = _world.Target.OnApply!;
        _world.Target.OnApply = (change, token) => _let.Task.IsCompleted ? before(change, token) : throw new TargetRefusedException("Another change is being worked on.");
        var halt = await StopAsync(release, ActionVerb.Halt);
        await promoting;
        Assert.Equal(ActionPhase.Failed, (await _world.ActionAsync(halt.Id)).Phase);

        _let.SetResult();
        await Eventually.TrueAsync(() => _world.Executor.Running == 0);

        var stored = await _world.StoredAsync(release);
        Assert.Equal((50d, true), (_world.Target.State.ExposurePercent, _world.Target.State.Halted));
        Assert.Equal((50d, ReleasePhase.Halted), (stored.ExposurePercent, stored.Phase));
        Assert.True(IsNoted(promotion, "so the halt by"));
    }

    [Fact]
    public async Task A_late_call_that_was_accepted_is_on_record_where_no_stop_holds_any_more()
    {
        var release = _world.Release();
        var promotion = Accepted(await _world.PromoteAsync(release));
        HoldUp(promotion);
        var promoting = _world.Executor.RunAsync(promotion.Id, default);
        await _reached.Task;
        await StopAsync(release, ActionVerb.Halt);
        await promoting;
        _world.Build();
        var resumed = Accepted(await _world.ResumeAsync(release));
        await _world.Executor.RunAsync(resumed.Id, default);
        Assert.Equal(ActionPhase.Confirmed, (await _world.ActionAsync(resumed.Id)).Phase);

        _let.SetResult();
        await Eventually.TrueAsync(() => _world.Executor.Running == 0);

        Assert.Equal(3, _world.Target.Asked.Count);
        Assert.True(IsNoted(promotion, "was accepted when its place had been taken, and no stop holds now"));
    }

    /// <summary>The target takes this action's change over only when it is let, whether the call was cancelled meanwhile or not.</summary>
    private void HoldUp(ReleaseAction action) => _world.Target.OnApply = async (change, _) =>
    {
        if (change.ActionId == action.Id)
        {
            _reached.TrySetResult();
            await _let.Task;
        }

        _world.Target.Take(change);
    };

    /// <summary>Asks for a stop and carries it out, without time passing at the target.</summary>
    private async Task<ReleaseAction> StopAsync(Release release, ActionVerb verb)
    {
        _world.Build();
        var stop = Accepted(verb == ActionVerb.Halt ? await _world.HaltAsync(release) : await _world.RollbackAsync(release));
        await _world.Executor.RunAsync(stop.Id, default);
        return stop;
    }

    private Task PassUntilAsync(Func<bool> condition) => Eventually.TrueAsync(
        () =>
        {
            if (condition())
            {
                return true;
            }

            _world.Time.Advance(TimeSpan.FromMilliseconds(250));
            return false;
        },
        TimeSpan.FromSeconds(30));

    private bool IsNoted(ReleaseAction late, string text) =>
        _world.Record.Audit.Any(a => a.ActionId == late.Id && a.Actor == "console" && a.Outcome == "pre-empted" && a.Detail!.Contains(text, StringComparison.Ordinal));

    private Task Taken(TargetChange change)
    {
        _world.Target.Take(change);
        return Task.CompletedTask;
    }
}
