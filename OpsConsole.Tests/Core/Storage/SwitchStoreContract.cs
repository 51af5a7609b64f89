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
}

public sealed class SwitchStoreOnEmbeddedPostgres(PostgresFixture postgres) : SwitchStoreContract(postgres);

public sealed class SwitchStoreOnConfiguredPostgres() : SwitchStoreContract(null);
