using OpsConsole.Core.Switches;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Storage;

public abstract class SwitchStoreContract(PostgresFixture? embedded) : StoreContract(embedded)
{
    [Fact]
    public async Task Added_once_and_listed_by_key()
    {
        Assert.True(await Database.Switches.AddAsync(Sample.Switch("b"), Token));
        Assert.True(await Database.Switches.AddAsync(Sample.Switch("a"), Token));
        Assert.False(await Database.Switches.AddAsync(Sample.Switch("a"), Token));

        Assert.Equal(["a", "b"], (await Database.Switches.ListAsync(Token)).Select(s => s.Key));
        Assert.False((await Database.Switches.FindAsync("a", Token))!.Killed);
        Assert.Null(await Database.Switches.FindAsync("c", Token));
    }

    [Fact]
    public async Task Added_by_many_at_once_it_is_there_once()
    {
        var added = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Database.Switches.AddAsync(Sample.Switch(), Token)));

        Assert.Single(added, a => a);
    }

    [Fact]
    public async Task A_switch_is_made_and_put_away_with_its_lines_and_only_as_it_was_read()
    {
        Assert.True(await Database.Switches.AddAsync(Sample.Switch("c"), Line("c", "switch.create"), Token));
        Assert.False(await Database.Switches.AddAsync(Sample.Switch("c"), Line("c", "switch.create"), Token));
        var (one, two) = ((await Database.Switches.FindAsync("c", Token))!, (await Database.Switches.FindAsync("c", Token))!);
        one.Archive("ann", Sample.Noon);
        two.Archive("ben", Sample.Noon);

        Assert.True(await Database.Switches.SaveArchivedAsync(one, Line("c", "switch.archive"), Token));
        Assert.False(await Database.Switches.SaveArchivedAsync(two, Line("c", "switch.archive"), Token));
        one.Archive(null, Sample.Noon);
        Assert.True(await Database.Switches.SaveArchivedAsync(one, Line("c", "switch.unarchive"), Token));

        Assert.Null((await Database.Switches.FindAsync("c", Token))!.ArchivedAt);
        var lines = await Database.Audit.PageAsync(new OpsConsole.Core.Audit.AuditQuery { Subject = "switch:c" }, Token);
        Assert.Equal(["switch.unarchive", "switch.archive", "switch.create"], lines.Items.Select(l => l.Event));
    }

    [Fact]
    public async Task Targeting_is_kept_for_each_environment_made_once_and_changed_only_as_it_was_read()
    {
        await Database.Switches.AddAsync(Sample.Switch("d"), Token);
        Assert.True(await Database.Switches.SaveTargetingAsync(Place("staging", 5), Line("d", "switch.target"), Token));
        Assert.False(await Database.Switches.SaveTargetingAsync(Place("staging", 6), Line("d", "switch.target"), Token));
        Assert.True(await Database.Switches.SaveTargetingAsync(Place("production", 7), Line("d", "switch.target"), Token));
        var read = (await Database.Switches.EnvironmentsAsync("d", Token)).Single(p => p.Environment == "staging");
        var late = (await Database.Switches.EnvironmentsAsync("d", Token)).Single(p => p.Environment == "staging");
        read.Target(TargetingText.Write(new Targeting([], 50)), "ann", Sample.Noon);
        Assert.True(await Database.Switches.SaveTargetingAsync(read, Line("d", "switch.target"), Token));
        late.Target(null, "ben", Sample.Noon);
        Assert.False(await Database.Switches.SaveTargetingAsync(late, Line("d", "switch.target"), Token));

        Assert.Equal(
            [("production", 7.0, 1), ("staging", 50.0, 2)],
            (await Database.Switches.EnvironmentsAsync("d", Token)).Select(p => (p.Environment, TargetingText.ReadStored(p.TargetingJson).Percent, p.Revision)));
        Assert.Equal(3, (await Database.Audit.PageAsync(new OpsConsole.Core.Audit.AuditQuery { Subject = "switch:d" }, Token)).Total);
    }

    private static SwitchEnvironment Place(string environment, double percent)
    {
        var place = new SwitchEnvironment { Key = "d", Environment = environment, ChangedAt = Sample.Noon };
        place.Target(TargetingText.Write(new Targeting([], percent)), "ann", Sample.Noon);
        return place;
    }

    private static OpsConsole.Core.Audit.AuditEntry Line(string key, string happened) =>
        new() { At = Sample.Noon, Actor = "ann", Role = "Admin", Event = happened, Subject = $"switch:{key}", SubjectTitle = $"switch {key}", Outcome = "done" };
}

public sealed class SwitchStoreOnEmbeddedPostgres(PostgresFixture postgres) : SwitchStoreContract(postgres);

public sealed class SwitchStoreOnConfiguredPostgres() : SwitchStoreContract(null);

public sealed class SwitchStoreOnConfiguredSqlServer() : SwitchStoreContract(null), IOnSqlServer;
