using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Releases;
using static OpsConsole.Tests.Core.Actions.Gate.GateWorld;

namespace OpsConsole.Tests.Core.Actions.Gate;

/// <summary>What a reading of the target has to show besides the share.</summary>
public sealed class ReadBackTests
{
    private readonly GateWorld _world = new();

    [Fact]
    public async Task A_share_that_the_target_gave_up_on_is_no_promotion()
    {
        var release = _world.Release();
        var action = Accepted(await _world.PromoteAsync(release));
        Answer(50, stuck: "The ReplicaSet timed out.");

        var done = await _world.RunAsync(action.Id);

        Assert.Equal((ActionPhase.Failed, "gateway accepted, but after 10 s it still shows 50 %: The ReplicaSet timed out. Look at the target, then ask again."), (done.Phase, done.Outcome));
        Assert.Equal(25, (await _world.StoredAsync(release)).ExposurePercent);
    }

    [Fact]
    public async Task A_resumption_is_one_where_the_target_is_stuck()
    {
        var release = _world.Release();
        await _world.RunAsync(Accepted(await _world.HaltAsync(release)).Id);
        _world.Build();
        Answer(25, stuck: "An analysis came to no judgement.");

        Assert.Equal(ActionPhase.Confirmed, (await _world.RunAsync(Accepted(await _world.ResumeAsync(release)).Id)).Phase);
    }

    [Fact]
    public async Task A_lost_roll_back_at_0_percent_is_asked_for_until_the_version_is_not_coming_any_more()
    {
        var release = _world.Release();
        var action = Accepted(await _world.RollbackAsync(release));
        _world.Target.State = new TargetObservation(0, false, null, _world.Time.GetUtcNow()) { IsComing = true, Underway = "0 of 4 pods are new." };
        _world.Target.OnApply = (_, _) => throw new TargetUnreachableException("connection reset");

        Assert.Equal(ActionPhase.Unconfirmed, (await _world.RunAsync(action.Id)).Phase);

        _world.Target.OnApply = null;
        await _world.AdoptAsync();
        Assert.Equal((ActionPhase.Confirmed, 2), ((await _world.ActionAsync(action.Id)).Phase, _world.Target.Asked.Count));
        Assert.Equal(ReleasePhase.RolledBack, (await _world.StoredAsync(release)).Phase);
    }

    [Fact]
    public async Task A_roll_back_that_leaves_the_version_on_its_way_is_none()
    {
        var release = _world.Release();
        var action = Accepted(await _world.RollbackAsync(release));
        Answer(0, isComing: true);

        var done = await _world.RunAsync(action.Id);

        Assert.Equal(
            (ActionPhase.Failed, "gateway accepted, but after 10 s it still shows 0 % and is still to give the version out. Look at the target, then ask again."), (done.Phase, done.Outcome));
        Assert.NotEqual(ReleasePhase.RolledBack, (await _world.StoredAsync(release)).Phase);
    }

    /// <summary>The target accepts what it is asked, and shows this.</summary>
    private void Answer(double share, string? stuck = null, bool isComing = false) => _world.Target.OnApply = (change, _) =>
    {
        _world.Target.State = new TargetObservation(share, false, change.ActionId, _world.Time.GetUtcNow()) { Stuck = stuck, IsComing = isComing };
        return Task.CompletedTask;
    };
}
