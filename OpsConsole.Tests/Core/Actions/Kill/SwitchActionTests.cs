using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Kill;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Switches;
using OpsConsole.Tests.Core.Actions.Gate;
using static OpsConsole.Tests.Core.Actions.Gate.GateWorld;

namespace OpsConsole.Tests.Core.Actions.Kill;

public sealed class SwitchActionTests
{
    private readonly GateWorld _world = new();

    [Fact]
    public async Task A_kill_acts_with_the_transaction_that_records_it_and_is_confirmed_by_reading_it_back()
    {
        var release = _world.Release();

        var kill = Accepted(await KillAsync());

        Assert.Equal(ActionPhase.Executing, kill.Phase);
        Assert.True((await SwitchAsync()).Killed);
        Assert.True(_world.Flags.Find("recommendations")!.Killed);
        var done = await _world.RunAsync(kill.Id);
        Assert.Equal(ActionPhase.Confirmed, done.Phase);
        Assert.NotNull(done.TimeToConfirmed);
        Assert.Equal(["intent", "confirmed"], _world.Record.Audit.Select(a => a.Outcome));
        Assert.Equal((ReleaseEventKind.SwitchKilled, release.Id), (Assert.Single(_world.Record.Events).Kind, _world.Record.Events[0].ReleaseId));
        _world.Build();
        Assert.True(_world.Board.Find(release.Id)!.Switch!.Killed);
        Assert.Equal(25, (await _world.StoredAsync(release)).ExposurePercent);
    }

    [Fact]
    public async Task A_second_kill_is_answered_with_the_first_under_way_or_done()
    {
        var first = Accepted(await KillAsync());
        Assert.Equal(first.Id, Accepted(await KillAsync()).Id);
        await _world.RunAsync(first.Id);
        Assert.Equal(first.Id, Accepted(await KillAsync()).Id);
        Assert.Equal(1, (await SwitchAsync()).Revision);
    }

    [Fact]
    public async Task A_switch_killed_by_other_means_can_be_killed_on_record()
    {
        var value = await SwitchAsync();
        value.Kill("someone", "by hand", _world.Time.GetUtcNow());
        _world.Record.Put(value);

        Accepted(await KillAsync());
    }

    [Fact]
    public async Task Restore_turns_it_on_again_and_a_kill_takes_its_place_while_it_is_under_way()
    {
        Assert.Equal(["not-killed"], Refused(await RestoreAsync()));
        await _world.RunAsync(Accepted(await KillAsync()).Id);
        var restore = Accepted(await RestoreAsync());
        Assert.False((await SwitchAsync()).Killed);

        var kill = Accepted(await KillAsync());

        Assert.Equal(ActionPhase.PreEmpted, (await _world.ActionAsync(restore.Id)).Phase);
        await _world.RunAsync(restore.Id);
        await _world.RunAsync(kill.Id);
        Assert.True((await SwitchAsync()).Killed);
        Assert.Equal(ActionPhase.Confirmed, (await _world.ActionAsync(kill.Id)).Phase);
    }

    [Fact]
    public async Task A_crash_after_the_kill_was_saved_is_found_out_at_the_next_start()
    {
        var kill = Accepted(await KillAsync());
        _world.Restart();
        _world.Time.Advance(TimeSpan.FromSeconds(3));

        await _world.AdoptAsync();

        Assert.Equal(ActionPhase.Confirmed, (await _world.ActionAsync(kill.Id)).Phase);
    }

    [Fact]
    public async Task A_kill_that_lost_a_race_is_judged_anew_and_gets_through()
    {
        var once = true;
        _world.Record.BeforeSave = change =>
        {
            if (change.IsNew && once)
            {
                once = false;
                var value = SwitchAsync().GetAwaiter().GetResult();
                value.Restore("someone", "at the same time", _world.Time.GetUtcNow());
                _world.Record.Put(value);
            }
        };

        Accepted(await KillAsync());
        Assert.True((await SwitchAsync()).Killed);
    }

    private Task<GateAnswer> KillAsync() => _world.Gate.RequestAsync(new KillCommand("recommendations", "errors grow"), Given.OnCall, default);

    private Task<GateAnswer> RestoreAsync() => _world.Gate.RequestAsync(new RestoreCommand("recommendations", "fixed"), Given.OnCall, default);

    private async Task<KillSwitch> SwitchAsync() => (await _world.Record.FindAsync("recommendations", default))!;
}
