using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Releases;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Storage;

/// <summary>Approvals, waivers, windows and rejected artifacts.</summary>
public abstract class GateStoresContract(PostgresFixture? embedded) : StoreContract(embedded)
{
    private async Task<(Release Release, ReleaseAction Action)> WaitingAsync(int needed = 2)
    {
        var release = Sample.Release();
        await Database.Releases.AddAsync(release, "ci", Token);
        var action = new ReleaseAction
        {
            Id = Guid.CreateVersion7(Sample.Noon), Verb = ActionVerb.Promote, ReleaseId = release.Id, Target = release.Target, RequestedBy = "mia", Role = "ReleaseManager", Reason = "because",
            EvidenceJson = "{}", EvidenceSeal = new string('a', 64), RequestedAt = Sample.Noon, ApprovalsNeeded = needed, ExpiresAt = Sample.Noon.AddHours(4),
        };
        action.Move(ActionPhase.AwaitingApproval, Sample.Noon, "waits");
        Assert.Equal(ActionSave.Saved, await Database.Actions.SaveAsync(new ActionChange { Action = action, IsNew = true }, Token));
        return (release, action);
    }

    private static Approval Word(ReleaseAction action, string by, string seal = "s1") => new()
    {
        Id = Guid.CreateVersion7(Sample.Noon), ActionId = action.Id, ReleaseId = action.ReleaseId!.Value, By = by, Role = "Admin", Approved = true, Comment = "fine", At = Sample.Noon, Seal = seal,
    };

    [Fact]
    public async Task A_word_is_saved_with_its_action_or_not_at_all()
    {
        var (_, action) = await WaitingAsync();
        var stale = (await Database.Actions.FindAsync(action.Id, Token))!;
        var mine = (await Database.Actions.FindAsync(action.Id, Token))!;
        mine.Move(ActionPhase.AwaitingApproval, Sample.Noon, "1 of 2");
        mine.Refreeze(new EvidenceSeal("""{"a":1}""", new string('b', 64)));
        Assert.Equal(ActionSave.Saved, await Database.Actions.SaveAsync(new ActionChange { Action = mine, Approvals = [Word(action, "ana")], Audit = [Sample.Audit()] }, Token));

        stale.Move(ActionPhase.AwaitingApproval, Sample.Noon, "1 of 2");
        Assert.Equal(ActionSave.Conflict, await Database.Actions.SaveAsync(new ActionChange { Action = stale, Approvals = [Word(action, "bob")], Audit = [Sample.Audit()] }, Token));

        Assert.Equal(["ana"], (await Database.Approvals.ForActionsAsync([action.Id], Token)).Select(w => w.By));
        var stored = (await Database.Actions.FindAsync(action.Id, Token))!;
        Assert.Equal(("""{"a":1}""", new string('b', 64), 2), (stored.EvidenceJson, stored.EvidenceSeal, stored.ApprovalsNeeded));
    }

    [Fact]
    public async Task Nobody_speaks_twice_on_one_seal_and_everyone_again_on_another()
    {
        var (_, action) = await WaitingAsync(3);
        foreach (var (seal, expected) in new[] { ("s1", ActionSave.Saved), ("s1", ActionSave.Conflict), ("s2", ActionSave.Saved) })
        {
            var now = (await Database.Actions.FindAsync(action.Id, Token))!;
            now.Move(ActionPhase.AwaitingApproval, Sample.Noon);
            Assert.Equal(expected, await Database.Actions.SaveAsync(new ActionChange { Action = now, Approvals = [Word(action, "ana", seal)] }, Token));
        }

        Assert.Equal(2, (await Database.Approvals.ForActionsAsync([action.Id], Token)).Count);
    }

    [Fact]
    public async Task Two_who_approve_at_once_do_not_overwrite_each_other()
    {
        var (_, action) = await WaitingAsync();

        var saves = await Task.WhenAll(new[] { "ana", "bob" }.Select(async by =>
        {
            var now = (await Database.Actions.FindAsync(action.Id, Token))!;
            now.Move(ActionPhase.AwaitingApproval, Sample.Noon, by);
            return await Database.Actions.SaveAsync(new ActionChange { Action = now, Approvals = [Word(action, by)] }, Token);
        }));

        Assert.Equal(saves.Count(s => s == ActionSave.Saved), (await Database.Approvals.ForActionsAsync([action.Id], Token)).Count);
    }

    [Fact]
    public async Task The_time_that_people_took_is_not_measured()
    {
        var (_, action) = await WaitingAsync(1);
        foreach (var (phase, minutes) in new[] { (ActionPhase.Executing, 60.0), (ActionPhase.Confirmed, 61.0) })
        {
            action = (await Database.Actions.FindAsync(action.Id, Token))!;
            action.Move(phase, Sample.Noon.AddMinutes(minutes));
            Assert.Equal(ActionSave.Saved, await Database.Actions.SaveAsync(new ActionChange { Action = action }, Token));
        }

        Assert.Equal(TimeSpan.FromMinutes(1), (await Database.Actions.MeasureAsync("gateway", ActionVerb.Promote, Token))!.Median);
        Assert.Equal(action.Id, Assert.Single(await Database.Approvals.DecidedAsync(10, Token)).Id);
    }

    [Fact]
    public async Task A_rejected_artifact_is_in_force_until_it_is_lifted_once()
    {
        var (release, action) = await WaitingAsync();
        action.Move(ActionPhase.Rejected, Sample.Noon);
        var rejected = new RejectedDigest { Id = Guid.CreateVersion7(Sample.Noon), Digest = "sha256:aa", Title = "shop 2.15.0", Reason = "leaks", By = "ana", At = Sample.Noon };
        Assert.Equal(ActionSave.Saved, await Database.Actions.SaveAsync(new ActionChange { Action = action, Rejected = rejected }, Token));

        Assert.Equal("leaks", Assert.Single(await Database.Rejected.InForceAsync(["sha256:aa", "sha256:bb"], Token)).Reason);
        var (first, second) = ((await Database.Rejected.FindAsync(rejected.Id, Token))!, (await Database.Rejected.FindAsync(rejected.Id, Token))!);
        first.Lift("root", "looked into", Sample.Noon);
        second.Lift("other", "me too", Sample.Noon);
        Assert.True(await Database.Rejected.SaveAsync(first, Sample.Audit(), [Sample.Event(release.Id, ReleaseEventKind.Approval)], Token));
        Assert.False(await Database.Rejected.SaveAsync(second, Sample.Audit(), [Sample.Event(release.Id, ReleaseEventKind.Approval)], Token));
        Assert.Single(await Database.Releases.EventsAsync(release.Id, 10, Token), e => e.Kind == ReleaseEventKind.Approval);
        Assert.Empty(await Database.Rejected.InForceAsync(["sha256:aa"], Token));
        Assert.Equal("root", Assert.Single(await Database.Rejected.ListAsync(10, Token)).LiftedBy);
    }

    [Fact]
    public async Task A_waiver_is_kept_with_its_lines_and_taken_back_once()
    {
        var release = Sample.Release();
        await Database.Releases.AddAsync(release, "ci", Token);
        var waiver = new Waiver { Id = Guid.CreateVersion7(Sample.Noon), ReleaseId = release.Id, Gate = "freeze", Reason = "agreed", By = "ana", Role = "Admin", At = Sample.Noon, ExpiresAt = Sample.Noon.AddHours(1) };
        await Database.Waivers.AddAsync(waiver, Sample.Audit(happened: "gate.waive"), Sample.Event(release.Id, ReleaseEventKind.Waiver), Token);

        var (first, second) = ((await Database.Waivers.FindAsync(waiver.Id, Token))!, (await Database.Waivers.FindAsync(waiver.Id, Token))!);
        first.Revoke("bob", Sample.Noon);
        second.Revoke("cid", Sample.Noon);
        Assert.True(await Database.Waivers.SaveAsync(first, Sample.Audit(), Sample.Event(release.Id), Token));
        Assert.False(await Database.Waivers.SaveAsync(second, Sample.Audit(), Sample.Event(release.Id), Token));

        Assert.Equal("bob", Assert.Single(await Database.Waivers.ForReleaseAsync(release.Id, Token)).RevokedBy);
        Assert.Single(await Database.Releases.EventsAsync(release.Id, 10, Token), e => e.Kind == ReleaseEventKind.Waiver);
    }

    [Fact]
    public async Task A_window_keeps_its_times_and_goes_when_it_is_ended()
    {
        var window = new DeployWindow
        {
            Id = Guid.CreateVersion7(Sample.Noon), Name = "office hours", Kind = DeployWindowKind.Allow, Service = "shop", Days = 31, StartsAt = TimeSpan.FromMinutes(570), Lasts = TimeSpan.FromHours(7.5),
            TimeZone = "Europe/Berlin", Reason = "people are there", CreatedBy = "ana", CreatedAt = Sample.Noon,
        };
        await Database.Windows.AddAsync(window, Sample.Audit(), Token);

        var stored = Assert.Single(await Database.Windows.ListAsync(Token));
        Assert.Equal((31, TimeSpan.FromMinutes(570), TimeSpan.FromHours(7.5), "Europe/Berlin"), (stored.Days, stored.StartsAt, stored.Lasts, stored.TimeZone));
        stored.End("bob", Sample.Noon);
        Assert.True(await Database.Windows.SaveAsync(stored, Sample.Audit(), Token));
        Assert.Empty(await Database.Windows.ListAsync(Token));
        Assert.Equal("bob", (await Database.Windows.FindAsync(window.Id, Token))!.EndedBy);
    }
}

public sealed class GateStoresOnEmbeddedPostgres(PostgresFixture postgres) : GateStoresContract(postgres);

public sealed class GateStoresOnConfiguredPostgres() : GateStoresContract(null);

public sealed class GateStoresOnConfiguredSqlServer() : GateStoresContract(null), IOnSqlServer;
