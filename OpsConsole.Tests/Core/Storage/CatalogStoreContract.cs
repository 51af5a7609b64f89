using OpsConsole.Core.Audit;
using OpsConsole.Core.Catalog;
using OpsConsole.Core.Storage;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Storage;

public abstract class CatalogStoreContract(PostgresFixture? embedded) : StoreContract(embedded)
{
    private CatalogStore Catalog => new(Database.Record);

    [Fact]
    public async Task Versions_are_kept_whole_and_the_latest_holds()
    {
        Assert.Null(await Catalog.LatestAsync(Token));
        Assert.Equal(0, await Catalog.NumberAsync(Token));

        Assert.True(await AddAsync(1, new CatalogFile("shop.yaml", "service: shop # ä\n")));
        Assert.True(await AddAsync(2, new CatalogFile("pocket.yaml", "service: pocket"), new CatalogFile("shop.yaml", "service: shop")));

        var latest = (await Catalog.LatestAsync(Token))!;
        Assert.Equal((2, "mira", "2 changes"), (latest.Number, latest.AppliedBy, latest.Summary));
        Assert.Equal([new("pocket.yaml", "service: pocket"), new CatalogFile("shop.yaml", "service: shop")], latest.Files);
        Assert.Equal(2, await Catalog.NumberAsync(Token));
        Assert.Equal([2, 1], (await Catalog.ListAsync(10, Token)).Select(h => h.Number));
        Assert.Equal([2], (await Catalog.ListAsync(1, Token)).Select(h => h.Number));
    }

    [Fact]
    public async Task Of_two_with_the_same_number_one_gets_in_and_the_other_leaves_nothing()
    {
        var added = await Task.WhenAll(AddAsync(1, new CatalogFile("a.yaml", "a")), AddAsync(1, new CatalogFile("b.yaml", "b")));

        Assert.Single(added, true);
        Assert.Single((await Database.Audit.PageAsync(new AuditQuery { Event = "catalog.apply" }, Token)).Items);
        Assert.Single(await Catalog.ListAsync(10, Token));
    }

    private Task<bool> AddAsync(int number, params CatalogFile[] files) => Catalog.AddAsync(
        new CatalogVersion { Number = number, Files = files, Digest = new string('a', 64), AppliedBy = "mira", AppliedAt = Sample.Noon, Summary = $"{number} changes" },
        Sample.Audit("catalog", "mira", "catalog.apply", "done", Sample.Noon),
        Token);
}

public sealed class CatalogStoreOnEmbeddedPostgres(PostgresFixture postgres) : CatalogStoreContract(postgres);

public sealed class CatalogStoreOnConfiguredPostgres() : CatalogStoreContract(null);

public sealed class CatalogStoreOnConfiguredSqlServer() : CatalogStoreContract(null), IOnSqlServer;
