using OpsConsole.Core.Audit;
using OpsConsole.Core.Switches;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Storage;

public abstract class FlagClientStoreContract(PostgresFixture? embedded) : StoreContract(embedded)
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Added_with_its_line_and_listed_newest_first()
    {
        var (old, young) = (Client(Noon), Client(Noon.AddMinutes(1)));
        await Database.FlagClients.AddAsync(old, Line("flag-client.create"), Token);
        await Database.FlagClients.AddAsync(young, Line("flag-client.create"), Token);

        Assert.Equal([young.Id, old.Id], (await Database.FlagClients.ListAsync(Token)).Select(c => c.Id));
        var found = (await Database.FlagClients.FindAsync(old.Id, Token))!;
        Assert.Equal((old.Name, old.Environment, old.TokenHash, old.CreatedAt, old.CreatedBy), (found.Name, found.Environment, found.TokenHash, found.CreatedAt, found.CreatedBy));
        Assert.Null(found.RevokedAt);
        Assert.Null(found.LastUsedAt);
        Assert.Null(await Database.FlagClients.FindAsync(Guid.NewGuid(), Token));
        Assert.Equal(2, (await LinesAsync("flag-client.create")).Count);
    }

    [Fact]
    public async Task Revoked_once_with_one_line()
    {
        var client = Client(Noon);
        await Database.FlagClients.AddAsync(client, Line("flag-client.create"), Token);

        Assert.True(await Database.FlagClients.RevokeAsync(client.Id, "ann", Noon.AddHours(1), Line("flag-client.revoke"), Token));
        Assert.False(await Database.FlagClients.RevokeAsync(client.Id, "bob", Noon.AddHours(2), Line("flag-client.revoke"), Token));
        Assert.False(await Database.FlagClients.RevokeAsync(Guid.NewGuid(), "bob", Noon, Line("flag-client.revoke"), Token));

        var found = (await Database.FlagClients.FindAsync(client.Id, Token))!;
        Assert.Equal((Noon.AddHours(1), "ann"), (found.RevokedAt, found.RevokedBy));
        Assert.Single(await LinesAsync("flag-client.revoke"));
    }

    [Fact]
    public async Task The_last_use_only_moves_forward()
    {
        var (used, other) = (Client(Noon), Client(Noon));
        await Database.FlagClients.AddAsync(used, Line("flag-client.create"), Token);
        await Database.FlagClients.AddAsync(other, Line("flag-client.create"), Token);

        await Database.FlagClients.NoteUseAsync(new Dictionary<Guid, DateTimeOffset> { [used.Id] = Noon.AddMinutes(5), [Guid.NewGuid()] = Noon }, Token);
        await Database.FlagClients.NoteUseAsync(new Dictionary<Guid, DateTimeOffset> { [used.Id] = Noon.AddMinutes(3) }, Token);

        Assert.Equal(Noon.AddMinutes(5), (await Database.FlagClients.FindAsync(used.Id, Token))!.LastUsedAt);
        Assert.Null((await Database.FlagClients.FindAsync(other.Id, Token))!.LastUsedAt);
    }

    private async Task<IReadOnlyList<AuditEntry>> LinesAsync(string happened) => (await Database.Audit.PageAsync(new AuditQuery { Event = happened }, Token)).Items;

    private static AuditEntry Line(string happened) => Sample.Audit("flag-client:1", "ann", happened, "done");

    private static FlagClient Client(DateTimeOffset at) => new()
    {
        Id = Guid.CreateVersion7(at), Name = "shop web", Environment = "production", TokenHash = FlagClientTable.Hash(FlagClientTable.NewToken()), CreatedAt = at, CreatedBy = "ann",
    };
}

public sealed class FlagClientStoreOnEmbeddedPostgres(PostgresFixture postgres) : FlagClientStoreContract(postgres);

public sealed class FlagClientStoreOnConfiguredPostgres() : FlagClientStoreContract(null);

public sealed class FlagClientStoreOnConfiguredSqlServer() : FlagClientStoreContract(null), IOnSqlServer;
