using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Kill;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Switches;
using OpsConsole.Tests.Core.Actions.Gate;
using static OpsConsole.Tests.Core.Actions.Gate.GateWorld;

namespace OpsConsole.Tests.Core.Actions.Kill;

/// <summary>Kills in one environment beside kills everywhere.</summary>
public sealed class EnvironmentKillTests
{
    private const string Key = "recommendations";

    private readonly GateWorld _world = new();

    public EnvironmentKillTests()
    {
        var value = SwitchAsync().GetAwaiter().GetResult();
        _world.Flags.Load([value], [new SwitchEnvironment { Key = Key, Environment = "staging", ChangedAt = value.ChangedAt }]);
        _world.Board.Show(value.Summary());
    }

    [Fact]
    public async Task A_kill_in_one_environment_is_off_there_and_on_elsewhere_and_is_on_record_with_where()
    {
        var release = _world.Release();

        var kill = await DoneAsync(await KillAsync("production"));

        Assert.Equal(("production", "Read back as killed in production: recommendations is off in production."), (kill.Environment, kill.Outcome));
        Assert.False((await SwitchAsync()).Killed);
        Assert.True((await PlaceAsync("production"))!.Killed);
        Assert.True(_world.Flags.Find(Key, "production")!.Killed);
        Assert.False(_world.Flags.Find(Key, "staging")!.Killed);
        Assert.All(_world.Record.Audit, line => Assert.Equal("switch recommendations in production", line.SubjectTitle));
        Assert.Equal(ReleaseEventKind.SwitchKilled, Assert.Single(_world.Record.Events).Kind);
        _world.Build();
        Assert.Equal((true, "production"), (_world.Board.Find(release.Id)!.Switch!.Killed, _world.Board.Find(release.Id)!.Switch!.Environment));
    }

    [Fact]
    public async Task A_release_elsewhere_shows_nothing_of_a_kill_in_another_environment()
    {
        var release = _world.Release();

        await DoneAsync(await KillAsync("staging"));

        _world.Build();
        Assert.False(_world.Board.Find(release.Id)!.Switch!.Killed);
        Assert.Empty(_world.Record.Events);
    }

    [Fact]
    public async Task Killing_where_everywhere_is_killed_is_in_force_already_and_answered_with_that_kill()
    {
        var everywhere = await DoneAsync(await KillAsync());

        Assert.Equal(everywhere.Id, Accepted(await KillAsync("production")).Id);
        Assert.Null(await PlaceAsync("production"));
    }

    [Fact]
    public async Task A_second_kill_in_the_same_environment_is_answered_with_the_first_and_one_elsewhere_is_its_own()
    {
        var first = Accepted(await KillAsync("production"));
        Assert.Equal(first.Id, Accepted(await KillAsync("production")).Id);
        await DoneAsync(new GateAnswer.Accepted(first));
        Assert.Equal(first.Id, Accepted(await KillAsync("production")).Id);

        Assert.NotEqual(first.Id, Accepted(await KillAsync("staging")).Id);
    }

    [Fact]
    public async Task A_kill_everywhere_does_not_wait_for_one_in_an_environment_and_ends_it_as_what_it_is()
    {
        var there = Accepted(await KillAsync("production"));

        var everywhere = Accepted(await KillAsync());

        Assert.NotEqual(there.Id, everywhere.Id);
        Assert.Equal(ActionPhase.Confirmed, (await _world.ActionAsync(there.Id)).Phase);
        await DoneAsync(new GateAnswer.Accepted(everywhere));
        Assert.True((await SwitchAsync()).Killed);
        Assert.True((await PlaceAsync("production"))!.Killed);
    }

    [Fact]
    public async Task One_environment_cannot_be_restored_while_everywhere_is_killed_and_is_told_what_to_do()
    {
        await DoneAsync(await KillAsync());

        var refused = Assert.IsType<GateAnswer.Refused>(await RestoreAsync("production"));

        var refusal = Assert.IsType<KilledEverywhereRefusal>(Assert.Single(refused.Refusals));
        Assert.Contains("restore it everywhere, after killing it in each environment where it must stay off", refusal.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restoring_everywhere_leaves_what_is_killed_in_single_environments()
    {
        await DoneAsync(await KillAsync("production"));
        await DoneAsync(await KillAsync());

        await DoneAsync(await RestoreAsync());

        Assert.True(_world.Flags.Find(Key, "production")!.Killed);
        Assert.False(_world.Flags.Find(Key, "staging")!.Killed);
        await DoneAsync(await RestoreAsync("production"));
        Assert.False(_world.Flags.Find(Key, "production")!.Killed);
        Assert.Equal(["not-killed"], Refused(await RestoreAsync("production")));
    }

    [Fact]
    public async Task A_kill_takes_the_place_of_a_restore_in_its_own_environment()
    {
        await DoneAsync(await KillAsync("production"));
        var restore = Accepted(await RestoreAsync("production"));

        var kill = Accepted(await KillAsync("production"));

        Assert.Equal(ActionPhase.PreEmpted, (await _world.ActionAsync(restore.Id)).Phase);
        await DoneAsync(new GateAnswer.Accepted(kill));
        Assert.True(_world.Flags.Find(Key, "production")!.Killed);
    }

    [Theory]
    [InlineData("prodution", "did you mean production?")]
    [InlineData("moon", "there are production, staging;")]
    [InlineData("", "there are production, staging;")]
    public async Task An_environment_that_nothing_is_in_is_refused_with_those_that_there_are(string name, string says)
    {
        var refused = Assert.IsType<GateAnswer.Refused>(await KillAsync(name));

        Assert.Contains(says, Assert.IsType<UnknownEnvironmentRefusal>(Assert.Single(refused.Refusals)).Sentence, StringComparison.Ordinal);
        Assert.Null(await PlaceAsync(name));
    }

    [Fact]
    public async Task Targeting_is_untouched_by_kill_and_restore()
    {
        var place = (await PlaceAsync("production")) ?? new SwitchEnvironment { Key = Key, Environment = "production", ChangedAt = _world.Time.GetUtcNow() };
        var json = TargetingText.Write(new Targeting([], 5));
        place.Target(json, "ann", _world.Time.GetUtcNow());
        Assert.True(await _world.Record.SaveTargetingAsync(place, Line(), default));

        await DoneAsync(await KillAsync("production"));
        await DoneAsync(await RestoreAsync("production"));

        Assert.Equal(json, (await PlaceAsync("production"))!.TargetingJson);
        Assert.Equal(5, _world.Flags.Find(Key, "production")!.Targeting.Percent);
    }

    [Fact]
    public async Task What_was_put_away_cannot_be_killed_and_says_why()
    {
        var value = await SwitchAsync();
        value.Archive("ann", _world.Time.GetUtcNow());
        _world.Record.Put(value);

        Assert.Equal(["archived-switch"], Refused(await KillAsync()));
    }

    [Fact]
    public async Task The_dialog_says_where_and_what_stays()
    {
        var briefing = (await _world.Gate.BriefSwitchAsync(ActionVerb.Kill, Key, "production", Given.OnCall, default))!;

        Assert.Equal("Kill recommendations in production", briefing.Title);
        Assert.Contains("Other environments keep it.", briefing.WhatStays, StringComparison.Ordinal);
        Assert.Empty(briefing.Refusals);
        Assert.Equal(["unknown-environment"], Given.Codes((await _world.Gate.BriefSwitchAsync(ActionVerb.Kill, Key, "moon", Given.OnCall, default))!.Refusals));
    }

    [Fact]
    public async Task A_release_whose_own_environment_is_killed_offers_to_restore_that_one_and_to_kill_everywhere()
    {
        var release = _world.Release();
        await DoneAsync(await KillAsync("production"));
        _world.Build();
        var shown = _world.Board.Find(release.Id)!;

        Assert.Empty(_world.Gate.Preview(ActionVerb.Restore, shown, Given.OnCall));
        Assert.Empty(_world.Gate.Preview(ActionVerb.Kill, shown, Given.OnCall));
        Assert.Equal("Restore recommendations in production", (await _world.Gate.BriefAsync(ActionVerb.Restore, release.Id, Given.OnCall, default))!.Title);
    }

    private static OpsConsole.Core.Audit.AuditEntry Line() => new() { At = Given.Now, Actor = "ann", Role = "Admin", Event = "switch.target", Subject = "switch:recommendations", SubjectTitle = "switch recommendations", Outcome = "done" };

    private Task<GateAnswer> KillAsync(string? environment = null) => _world.Gate.RequestAsync(new KillCommand(Key, "errors grow") { Environment = environment }, Given.OnCall, default);

    private Task<GateAnswer> RestoreAsync(string? environment = null) => _world.Gate.RequestAsync(new RestoreCommand(Key, "fixed") { Environment = environment }, Given.OnCall, default);

    private async Task<ReleaseAction> DoneAsync(GateAnswer answer)
    {
        var done = await _world.RunAsync(Accepted(answer).Id);
        Assert.Equal(ActionPhase.Confirmed, done.Phase);
        _world.Time.Advance(TimeSpan.FromSeconds(1));
        return done;
    }

    private async Task<KillSwitch> SwitchAsync() => (await _world.Record.FindAsync(Key, default))!;

    private async Task<SwitchEnvironment?> PlaceAsync(string environment) => (await _world.Record.EnvironmentsAsync(Key, default)).FirstOrDefault(p => p.Environment == environment);
}
