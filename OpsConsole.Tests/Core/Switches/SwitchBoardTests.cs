using OpsConsole.Core.Switches;

namespace OpsConsole.Tests.Core.Switches;

public sealed class SwitchBoardTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_kill_is_seen_at_once_and_raises_the_version()
    {
        var board = new SwitchBoard();
        var value = Switch();
        board.Set(value);
        var before = board.Version;

        value.Kill("ann", "too slow", At.AddMinutes(1));
        board.Set(value);

        Assert.True(board.Find("recommendations")!.Killed);
        Assert.True(board.Version > before);
    }

    [Fact]
    public void What_was_read_before_a_kill_does_not_undo_it()
    {
        var board = new SwitchBoard();
        var killed = Switch();
        killed.Kill("ann", "too slow", At.AddMinutes(1));
        board.Set(killed);

        board.Load([Switch()], []);

        Assert.True(board.Find("recommendations")!.Killed);
    }

    [Fact]
    public void It_counts_as_loaded_only_after_the_stored_switches_were_read()
    {
        var board = new SwitchBoard();
        board.Set(Switch());
        Assert.False(board.IsLoaded);

        board.Load([], []);

        Assert.True(board.IsLoaded);
        Assert.Single(board.All);
    }

    [Fact]
    public void The_kill_in_force_keeps_its_own_time()
    {
        var board = new SwitchBoard();
        var (value, place) = (Switch(), new SwitchEnvironment { Key = "recommendations", Environment = "production", ChangedAt = At });
        board.Load([value], [place]);
        DateTimeOffset? KilledAt(string environment = "production") => board.Find("recommendations", environment)!.KilledAt;
        Assert.Null(KilledAt());

        place.Kill("ann", "bad", At.AddMinutes(1));
        place.Target("{}", "ann", At.AddMinutes(2));
        board.Set(place);
        Assert.Equal((At.AddMinutes(1), null), (KilledAt(), KilledAt("staging")));

        value.Kill("ann", "bad", At.AddMinutes(3));
        board.Set(value);
        Assert.Equal((At.AddMinutes(1), At.AddMinutes(3)), (KilledAt(), KilledAt("staging")));

        place.Restore("ann", "good", At.AddMinutes(4));
        board.Set(place);
        Assert.Equal(At.AddMinutes(3), KilledAt());

        value.Restore("ann", "good", At.AddMinutes(5));
        board.Set(value);
        Assert.Null(KilledAt());

        board.Hold("recommendations", "production", At.AddMinutes(6));
        Assert.Equal((At.AddMinutes(6), null), (KilledAt(), KilledAt("staging")));
    }

    [Fact]
    public async Task Changes_from_many_threads_are_all_kept()
    {
        var board = new SwitchBoard();

        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(() => board.Set(Switch("switch-" + i)))));

        Assert.Equal(50, board.All.Count);
        Assert.Equal(50, board.Version);
    }

    private static KillSwitch Switch(string key = "recommendations") => new() { Key = key, Owner = "commerce", TurnsOff = "recommendations", ChangedAt = At };
}
