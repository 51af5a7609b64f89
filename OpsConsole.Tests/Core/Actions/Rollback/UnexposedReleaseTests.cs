using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Releases;
using OpsConsole.Tests.Core.Actions.Gate;
using static OpsConsole.Tests.Core.Actions.Gate.GateWorld;

namespace OpsConsole.Tests.Core.Actions.Rollback;

/// <summary>A release that nobody has can always be ended.</summary>
public sealed class UnexposedReleaseTests
{
    private readonly GateWorld _world = new();

    [Theory]
    [InlineData("gateway")]
    [InlineData("app-store")]
    [InlineData("not-connected")]
    public async Task It_ends_in_the_record_without_its_target(string target)
    {
        var release = _world.Release(stage: -1, target: target);
        _world.Target.OnApply = (_, _) => throw new TargetRefusedException("There is no rollout of this service here.");

        Assert.Empty(_world.Gate.Preview(ActionVerb.Rollback, _world.Board.Find(release.Id)!, Given.OnCall));
        var done = await _world.RunAsync(Accepted(await _world.RollbackAsync(release)).Id);

        Assert.Equal((ActionPhase.Confirmed, "2.15.0 was never exposed, so there was nothing to take back."), (done.Phase, done.Outcome));
        Assert.Equal(ReleasePhase.RolledBack, (await _world.StoredAsync(release)).Phase);
        Assert.Equal(["intent", "confirmed"], _world.Record.Audit.Select(a => a.Outcome));
        Assert.Single(_world.Record.Events, e => e.Kind == ReleaseEventKind.RolledBack);
        Assert.Empty(_world.Target.Asked);
        Assert.Equal(0, _world.Target.Reads);
    }

    [Fact]
    public async Task It_ends_in_the_record_after_a_promotion_that_the_target_refused()
    {
        var release = _world.Release(stage: -1);
        _world.Target.OnApply = (_, _) => throw new TargetRefusedException("There is no rollout of this service here.");
        Assert.Equal(ActionPhase.Failed, (await _world.RunAsync(Accepted(await _world.PromoteAsync(release)).Id)).Phase);
        _world.Build();

        Assert.Equal(ActionPhase.Confirmed, (await _world.RunAsync(Accepted(await _world.RollbackAsync(release)).Id)).Phase);
        Assert.Single(_world.Target.Asked);
    }

    [Fact]
    public async Task After_a_promotion_that_was_stopped_on_its_way_the_target_is_asked()
    {
        var release = _world.Release(stage: -1);
        Accepted(await _world.PromoteAsync(release));
        _world.Build();

        var rollback = Accepted(await _world.RollbackAsync(release));
        await _world.RunAsync(rollback.Id);

        Assert.Equal((rollback.Id, 0d), (Assert.Single(_world.Target.Asked).ActionId, _world.Target.Asked[0].ExposurePercent));
    }

    [Theory]
    [InlineData(100, false, "The ReplicaSet timed out.")]
    [InlineData(0, true, "The ReplicaSet timed out.")]
    [InlineData(0, true, null)]
    public async Task After_a_promotion_that_failed_and_left_the_version_there_the_target_is_asked(double share, bool isComing, string? stuck)
    {
        var release = _world.Release(stage: -1);
        _world.Target.OnApply = (change, _) =>
        {
            _world.Target.State = new TargetObservation(share, false, change.ActionId, _world.Time.GetUtcNow()) { IsComing = isComing, Stuck = stuck };
            return Task.CompletedTask;
        };
        Assert.Equal(ActionPhase.Failed, (await _world.RunAsync(Accepted(await _world.PromoteAsync(release)).Id)).Phase);
        _world.Target.OnApply = null;
        _world.Build();

        var done = await _world.RunAsync(Accepted(await _world.RollbackAsync(release)).Id);

        Assert.Equal(ActionPhase.Confirmed, done.Phase);
        Assert.Equal(0d, _world.Target.Asked.Single(a => a.ActionId == done.Id).ExposurePercent);
    }

    [Fact]
    public async Task It_ends_in_the_record_after_a_promotion_that_failed_and_left_nothing_there()
    {
        var release = _world.Release(stage: -1);
        _world.Target.OnApply = (_, _) => Task.CompletedTask;
        Assert.Equal(ActionPhase.Failed, (await _world.RunAsync(Accepted(await _world.PromoteAsync(release)).Id)).Phase);
        _world.Build();

        Assert.Equal(ActionPhase.Confirmed, (await _world.RunAsync(Accepted(await _world.RollbackAsync(release)).Id)).Phase);
        Assert.Single(_world.Target.Asked);
    }

    [Theory]
    [InlineData(false, "Nobody has it as far as is on record. A promotion was asked of its target before, so the target is read, and asked to take 2.15.0 back where it may be there.")]
    [InlineData(true, "Nothing: nobody has it, and the target is not asked.")]
    public async Task The_dialog_says_whether_the_target_is_asked_after_a_promotion_that_failed(bool wasRefused, string says)
    {
        var release = _world.Release(stage: -1);
        _world.Target.OnApply = wasRefused ? (_, _) => throw new TargetRefusedException("There is no rollout of this service here.") : (_, _) => Task.CompletedTask;
        Assert.Equal(ActionPhase.Failed, (await _world.RunAsync(Accepted(await _world.PromoteAsync(release)).Id)).Phase);
        _world.Build();

        var brief = (await _world.Gate.BriefAsync(ActionVerb.Rollback, release.Id, Given.OnCall, default))!;

        Assert.Equal((says, wasRefused ? "The release ends before anyone has it." : "The release ends."), (brief.WhatStays, brief.WhatHappens));
    }

    [Theory]
    [InlineData(false, "The release ends; the promotion in flight is stopped.")]
    [InlineData(true, "The release ends.")]
    public async Task The_dialog_says_of_nobody_that_they_do_not_have_it_while_a_promotion_goes_on_or_the_record_is_away(bool isAway, string says)
    {
        var release = _world.Release(stage: -1);
        if (!isAway)
        {
            Accepted(await _world.PromoteAsync(release));
            _world.Build();
        }

        _world.Record.Away = isAway;

        Assert.Equal(says, (await _world.Gate.BriefAsync(ActionVerb.Rollback, release.Id, Given.OnCall, default))!.WhatHappens);
    }

    [Fact]
    public async Task The_dialog_says_that_the_target_is_not_asked()
    {
        var release = _world.Release(stage: -1, target: "app-store");

        var brief = (await _world.Gate.BriefAsync(ActionVerb.Rollback, release.Id, Given.OnCall, default))!;

        Assert.Empty(brief.Refusals);
        Assert.Equal("Nothing: nobody has it, and the target is not asked.", brief.WhatStays);
    }
}
