using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Storage.Mappings;
using OpsConsole.Core.Switches;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Storage;

public abstract class ActionStoreContract(PostgresFixture? embedded) : StoreContract(embedded)
{
    private IActionStore Store => Database.Actions;

    [Fact]
    public async Task One_step_is_saved_whole()
    {
        var release = await RegisteredAsync();
        var action = Executing(release);

        Assert.Equal(ActionSave.Saved, await Store.SaveAsync(New(action) with { Audit = [Sample.Audit()], Events = [Sample.Event(release.Id)] }, Token));
        release.EnterNextStage(Sample.Noon.AddSeconds(2));
        action.Move(ActionPhase.Confirmed, Sample.Noon.AddSeconds(2), "read back");
        Assert.Equal(ActionSave.Saved, await Store.SaveAsync(new() { Action = action, Release = release, Audit = [Sample.Audit(outcome: "confirmed")], Events = [Sample.Event(release.Id)] }, Token));

        var read = (await Store.FindAsync(action.Id, Token))!;
        Assert.Equal((ActionPhase.Confirmed, "read back", null, action.Revision), (read.Phase, read.Outcome, read.InFlightKey, read.Revision));
        Assert.Equal(InstantConverter.ToMicroseconds(action.FinishedAt!.Value), read.FinishedAt);
        Assert.Equal(TimeSpan.FromSeconds(2), read.TimeToConfirmed);
        Assert.Equal(ReleasePhase.RollingOut, (await Database.Releases.FindAsync(release.Id, Token))!.Phase);
        Assert.Equal(2, (await Database.Audit.PageAsync(new AuditQuery(), Token)).Total);
        Assert.Equal(3, (await Database.Releases.EventsAsync(release.Id, 10, Token)).Count);
    }

    [Fact]
    public async Task Text_that_the_database_cannot_hold_does_not_keep_an_action_off_the_record()
    {
        var release = await RegisteredAsync();
        var action = Executing(release, ActionVerb.Halt);
        action.Move(ActionPhase.Executing, Sample.Noon, "asked\0 \ud83d");

        Assert.Equal(ActionSave.Saved, await Store.SaveAsync(New(action), Token));
        action.Move(ActionPhase.Failed, Sample.Noon, "The target\0 refused.");
        Assert.Equal(ActionSave.Saved, await Store.SaveAsync(new() { Action = action }, Token));

        Assert.Equal("The target refused.", (await Store.FindAsync(action.Id, Token))!.Outcome);
    }

    [Fact]
    public async Task What_was_judged_on_a_release_that_has_changed_since_is_not_saved()
    {
        var release = await RegisteredAsync();
        var seen = (await Database.Releases.FindAsync(release.Id, Token))!;
        release.EnterNextStage(Sample.Noon.AddSeconds(1));
        Assert.True(await Database.Releases.SaveAsync(release, Sample.Event(release.Id), Token));

        var late = Executing(seen);
        Assert.Equal(ActionSave.Conflict, await Store.SaveAsync(New(late) with { JudgedOn = seen, Audit = [Sample.Audit()] }, Token));
        Assert.Null(await Store.FindAsync(late.Id, Token));
        Assert.Equal(0, (await Database.Audit.PageAsync(new AuditQuery(), Token)).Total);
        Assert.Equal(ActionSave.Saved, await Store.SaveAsync(New(Executing(release)) with { JudgedOn = release }, Token));
    }

    [Fact]
    public async Task A_second_action_on_the_same_release_leaves_nothing_behind()
    {
        var release = await RegisteredAsync();
        await Store.SaveAsync(New(Executing(release)), Token);
        var second = Executing(release, ActionVerb.Halt);

        var saved = await Store.SaveAsync(New(second) with { Audit = [Sample.Audit()], Events = [Sample.Event(release.Id)] }, Token);

        Assert.Equal(ActionSave.AlreadyInFlight, saved);
        Assert.Null(await Store.FindAsync(second.Id, Token));
        Assert.Equal(0, (await Database.Audit.PageAsync(new AuditQuery(), Token)).Total);
        Assert.Single(await Database.Releases.EventsAsync(release.Id, 10, Token));
    }

    [Fact]
    public async Task Of_actions_at_the_same_moment_one_wins()
    {
        var release = await RegisteredAsync();

        var saves = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Store.SaveAsync(New(Executing(release)) with { Audit = [Sample.Audit()] }, Token)));

        Assert.Single(saves, s => s == ActionSave.Saved);
        Assert.Equal(7, saves.Count(s => s == ActionSave.AlreadyInFlight));
        Assert.Equal(1, (await Database.Audit.PageAsync(new AuditQuery(), Token)).Total);
    }

    [Fact]
    public async Task A_stopping_action_takes_the_place_of_a_promotion()
    {
        var release = await RegisteredAsync();
        var promotion = Executing(release);
        await Store.SaveAsync(New(promotion), Token);
        promotion.Move(ActionPhase.PreEmpted, Sample.Noon.AddSeconds(1), "halted");
        var halt = Executing(release, ActionVerb.Halt);

        Assert.Equal(ActionSave.Saved, await Store.SaveAsync(New(halt) with { PreEmpted = promotion }, Token));

        Assert.Equal(ActionPhase.PreEmpted, (await Store.FindAsync(promotion.Id, Token))!.Phase);
        Assert.Equal(halt.Id, (await Store.FindInFlightAsync(halt.SubjectKey, Token))!.Id);
    }

    [Fact]
    public async Task Pre_empting_what_has_ended_meanwhile_is_a_conflict_and_changes_nothing()
    {
        var release = await RegisteredAsync();
        var promotion = Executing(release);
        await Store.SaveAsync(New(promotion), Token);
        var seen = (await Store.FindAsync(promotion.Id, Token))!;
        promotion.Move(ActionPhase.Confirmed, Sample.Noon.AddSeconds(1));
        await Store.SaveAsync(new() { Action = promotion }, Token);
        seen.Move(ActionPhase.PreEmpted, Sample.Noon.AddSeconds(2));
        var halt = Executing(release, ActionVerb.Halt);

        Assert.Equal(ActionSave.Conflict, await Store.SaveAsync(New(halt) with { PreEmpted = seen }, Token));

        Assert.Null(await Store.FindAsync(halt.Id, Token));
        Assert.Equal(ActionPhase.Confirmed, (await Store.FindAsync(promotion.Id, Token))!.Phase);
    }

    [Fact]
    public async Task A_release_that_changed_meanwhile_is_a_conflict_and_changes_nothing()
    {
        var release = await RegisteredAsync();
        var action = Executing(release);
        await Store.SaveAsync(New(action), Token);
        var other = (await Database.Releases.FindAsync(release.Id, Token))!;
        other.Halt(Sample.Noon);
        await Database.Releases.SaveAsync(other, Sample.Event(release.Id), Token);
        release.EnterNextStage(Sample.Noon);
        action.Move(ActionPhase.Confirmed, Sample.Noon);

        Assert.Equal(ActionSave.Conflict, await Store.SaveAsync(new() { Action = action, Release = release, Audit = [Sample.Audit()] }, Token));

        Assert.Equal(ActionPhase.Executing, (await Store.FindAsync(action.Id, Token))!.Phase);
        Assert.Equal(0, (await Database.Audit.PageAsync(new AuditQuery(), Token)).Total);
    }

    [Fact]
    public async Task A_switch_is_killed_with_its_action()
    {
        var key = "personal-recommendations";
        await Database.Switches.AddAsync(Sample.Switch(key), Token);
        var value = (await Database.Switches.FindAsync(key, Token))!;
        value.Kill("anna", "errors", Sample.Noon);
        var action = Sample.Action(null, ActionVerb.Kill, key);
        action.Move(ActionPhase.Confirmed, Sample.Noon);

        Assert.Equal(ActionSave.Saved, await Store.SaveAsync(New(action) with { Switch = value }, Token));

        var read = (await Database.Switches.FindAsync(key, Token))!;
        Assert.Equal((true, "anna", "errors", 1), (read.Killed, read.ChangedBy, read.Reason, read.Revision));
    }

    [Fact]
    public async Task A_switch_is_killed_in_one_environment_with_its_action_and_its_actions_are_found_newest_first()
    {
        var key = "new-sync";
        await Database.Switches.AddAsync(Sample.Switch(key), Token);
        var place = new SwitchEnvironment { Key = key, Environment = "staging", ChangedAt = Sample.Noon };
        place.Kill("anna", "errors", Sample.Noon);
        var kill = Sample.Action(null, ActionVerb.Kill, key);
        kill.Move(ActionPhase.Confirmed, Sample.Noon);
        Assert.Equal(ActionSave.Saved, await Store.SaveAsync(New(kill) with { SwitchIn = place }, Token));

        // Someone else says the same of a place that they took for new.
        var again = new SwitchEnvironment { Key = key, Environment = "staging", ChangedAt = Sample.Noon };
        again.Kill("ben", "errors", Sample.Noon);
        var second = Sample.Action(null, ActionVerb.Kill, key);
        second.Move(ActionPhase.Confirmed, Sample.Noon);
        Assert.Equal(ActionSave.Conflict, await Store.SaveAsync(New(second) with { SwitchIn = again }, Token));

        var read = Assert.Single(await Database.Switches.EnvironmentsAsync(key, Token));
        Assert.Equal((true, "anna", 1), (read.Killed, read.ChangedBy, read.Revision));
        read.Restore("anna", "fixed", Sample.Noon);
        var restore = Sample.Action(null, ActionVerb.Restore, key, Sample.Noon.AddMinutes(1));
        restore.Move(ActionPhase.Confirmed, Sample.Noon);
        Assert.Equal(ActionSave.Saved, await Store.SaveAsync(New(restore) with { SwitchIn = read }, Token));

        Assert.Equal([restore.Id, kill.Id], (await Store.ForSwitchAsync(key, 10, Token)).Select(a => a.Id));
        Assert.Equal([restore.Id], (await Store.ForSwitchAsync(key, 1, Token)).Select(a => a.Id));
        Assert.Empty(await Store.ForSwitchAsync("other", 10, Token));
    }

    [Fact]
    public async Task The_same_new_action_saved_twice_is_there_once()
    {
        var release = await RegisteredAsync();
        var action = Executing(release);

        Assert.Equal(ActionSave.Saved, await Store.SaveAsync(New(action) with { Audit = [Sample.Audit()] }, Token));
        Assert.NotEqual(ActionSave.Saved, await Store.SaveAsync(New(action) with { Audit = [Sample.Audit()] }, Token));
        Assert.Equal(1, (await Database.Audit.PageAsync(new AuditQuery(), Token)).Total);
    }

    [Fact]
    public async Task What_was_not_read_from_the_store_cannot_be_changed_in_it() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => Store.SaveAsync(new() { Action = Sample.Action(null, ActionVerb.Kill, "x") }, Token));

    [Fact]
    public async Task In_flight_are_listed_oldest_first_and_unconfirmed_ones_stay()
    {
        var first = await InFlightAsync("a", ActionPhase.Unconfirmed, Sample.Noon);
        var second = await InFlightAsync("b", ActionPhase.Executing, Sample.Noon.AddMinutes(1));
        await InFlightAsync("c", ActionPhase.Failed, Sample.Noon.AddMinutes(2));

        Assert.Equal([first.Id, second.Id], (await Store.ListInFlightAsync(Token)).Select(a => a.Id));
    }

    [Fact]
    public async Task Actions_of_a_release_are_newest_first_and_the_latest_is_found()
    {
        var release = await RegisteredAsync();
        var older = Sample.Action(release, at: Sample.Noon);
        older.Move(ActionPhase.Failed, Sample.Noon);
        var newer = Sample.Action(release, at: Sample.Noon.AddMinutes(1));
        newer.Move(ActionPhase.Failed, Sample.Noon);
        await Store.SaveAsync(New(newer), Token);
        await Store.SaveAsync(New(older), Token);
        var without = await RegisteredAsync("search");

        Assert.Equal([newer.Id, older.Id], (await Store.ForReleaseAsync(release.Id, Token)).Select(a => a.Id));
        var latest = await Store.LatestAsync([release.Id, without.Id], Token);
        Assert.Equal(newer.Id, Assert.Single(latest).Value.Id);
        Assert.Empty(await Store.LatestAsync([], Token));
    }

    [Fact]
    public async Task Measured_time_is_of_the_last_200_confirmed_on_that_target()
    {
        var release = await RegisteredAsync();
        for (var i = 1; i <= 210; i++)
        {
            // The ten oldest took an hour; they no longer count.
            await ConfirmedAsync(release, i <= 10 ? TimeSpan.FromHours(1) : TimeSpan.FromMilliseconds(i - 10), Sample.Noon.AddDays(i));
        }

        var measured = (await Store.MeasureAsync("gateway", ActionVerb.Promote, Token))!;

        Assert.Equal((200, TimeSpan.FromMilliseconds(100.5), TimeSpan.FromMilliseconds(190)), (measured.Count, measured.Median, measured.P95));
        Assert.Equal(InstantConverter.ToMicroseconds(Sample.Noon.AddDays(210)), measured.LastAt);
        Assert.Null(await Store.MeasureAsync("gateway", ActionVerb.Halt, Token));
        Assert.Null(await Store.MeasureAsync(null, ActionVerb.Promote, Token));
    }

    private static ActionChange New(ReleaseAction action) => new() { Action = action, IsNew = true };

    private static ReleaseAction Executing(Release release, ActionVerb verb = ActionVerb.Promote)
    {
        var action = Sample.Action(release, verb);
        action.Move(ActionPhase.Executing, Sample.Noon);
        return action;
    }

    private async Task<Release> RegisteredAsync(string service = "shop")
    {
        var release = Sample.Release(service);
        await Database.Releases.AddAsync(release, "pipeline", Token);
        return release;
    }

    private async Task<ReleaseAction> InFlightAsync(string key, ActionPhase phase, DateTimeOffset at)
    {
        var action = Sample.Action(null, ActionVerb.Kill, key, at);
        action.Move(phase, at);
        Assert.Equal(ActionSave.Saved, await Store.SaveAsync(New(action), Token));
        return action;
    }

    private async Task ConfirmedAsync(Release release, TimeSpan took, DateTimeOffset finished)
    {
        var action = Sample.Action(release, at: finished - took);
        action.Move(ActionPhase.Confirmed, finished);
        Assert.Equal(ActionSave.Saved, await Store.SaveAsync(New(action), Token));
    }
}

public sealed class ActionStoreOnEmbeddedPostgres(PostgresFixture postgres) : ActionStoreContract(postgres);

public sealed class ActionStoreOnConfiguredPostgres() : ActionStoreContract(null);

public sealed class ActionStoreOnConfiguredSqlServer() : ActionStoreContract(null), IOnSqlServer;
