using OpsConsole.Tests.Shared;
using OpsConsole.Web.Playground.Rollouts;

namespace OpsConsole.Tests.Web.Playground;

public sealed class RolloutTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("playground").FullName;
    private readonly FakeTime _time = new();

    private string File => Path.Combine(_folder, "gateway.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Raising_the_weight_only_moves_users_who_had_the_previous_version()
    {
        var table = Table();
        string[] users = [.. Enumerable.Range(0, 2000).Select(i => "user-" + i)];
        HashSet<string> before = [];
        foreach (var percent in new[] { 5.0, 25, 50, 100 })
        {
            Assert.Null(table.Apply("shop", Change(percent)));
            var moved = users.Where(user => table.Find("shop")!.VersionFor(user) == "2.15.0").ToHashSet();

            Assert.Superset(before, moved);
            Assert.InRange(moved.Count, users.Length * percent / 100 * 0.8, users.Length * percent / 100 * 1.2);
            before = moved;
        }

        Assert.Equal(users.Length, before.Count);
    }

    [Fact]
    public void Nobody_has_the_version_at_zero()
    {
        var table = Table();
        table.Apply("shop", Change(50));
        table.Apply("shop", Change(0, halted: true));

        Assert.DoesNotContain(Enumerable.Range(0, 500), i => table.Find("shop")!.VersionFor("user-" + i) == "2.15.0");
    }

    [Fact]
    public void What_is_kept_survives_a_restart()
    {
        var change = Change(25, halted: true);
        Table().Apply("shop", change);

        var again = new RolloutTable(File, canShrink: true, _time);

        Assert.Equal(25, again.Find("shop")!.ExposurePercent);
        Assert.True(again.Find("shop")!.Halted);
        Assert.Equal(change.ActionId, again.Find("shop")!.LastActionId);
        Assert.True(again.Find("shop")!.HasApplied(change.ActionId));
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_broken_file_is_taken_as_none()
    {
        System.IO.File.WriteAllText(File, "{ half");

        Assert.Null(new RolloutTable(File, canShrink: true, _time).Find("shop"));
    }

    [Fact]
    public void The_same_action_twice_changes_nothing_also_when_another_came_between()
    {
        var table = Table();
        var first = Change(50);
        table.Apply("shop", first);
        table.Apply("shop", Change(0));

        Assert.Null(table.Apply("shop", first));

        Assert.Equal(0, table.Find("shop")!.ExposurePercent);
    }

    [Fact]
    public void A_halted_rollout_is_not_raised_until_the_halt_is_lifted()
    {
        var table = Table();
        table.Apply("shop", Change(5));
        table.Apply("shop", Change(5, halted: true));

        Assert.NotNull(table.Apply("shop", Change(25, halted: true)));
        Assert.Equal(5, table.Find("shop")!.ExposurePercent);

        Assert.Null(table.Apply("shop", Change(25)));
        Assert.Equal(25, table.Find("shop")!.ExposurePercent);
    }

    [Fact]
    public void A_halted_rollout_can_be_taken_back()
    {
        var table = Table();
        table.Apply("shop", Change(25, halted: true));

        Assert.Null(table.Apply("shop", Change(0, halted: true)));
    }

    [Fact]
    public void A_store_takes_nothing_back()
    {
        var store = Table(canShrink: false);
        store.Apply("shop", Change(25));

        Assert.NotNull(store.Apply("shop", Change(5)));
        Assert.NotNull(store.Apply("shop", Change(0, halted: true)));
        Assert.Null(store.Apply("shop", Change(25, halted: true)));
        Assert.Equal(25, store.Find("shop")!.ExposurePercent);
    }

    [Fact]
    public void Remembered_actions_are_bounded()
    {
        var table = Table();
        for (var i = 0; i < 200; i++)
        {
            table.Apply("shop", Change(5));
        }

        Assert.InRange(table.Find("shop")!.Applied.Length, 1, 64);
    }

    private static RolloutChange Change(double percent, bool halted = false) => new(Guid.NewGuid(), "2.15.0", "2.14.3", percent, halted);

    private RolloutTable Table(bool canShrink = true)
    {
        var table = new RolloutTable(File, canShrink, _time);
        table.Put("shop", Change(0));
        return table;
    }
}
