using OpsConsole.Core.Access.Tokens;
using OpsConsole.Core.Audit;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Storage;

public abstract class ServiceTokenStoreContract(PostgresFixture? embedded) : StoreContract(embedded)
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task Added_with_its_line_and_listed_newest_first()
    {
        var (old, young, issued) = (Made(-2), Made(-1), Made(0, shortLived: true));
        await AddAsync(old, young, issued);

        Assert.Equal([young.Id, old.Id], (await Database.ServiceTokens.ListAsync(shortLived: false, 10, Token)).Select(t => t.Id));
        Assert.Equal([issued.Id], (await Database.ServiceTokens.ListAsync(shortLived: true, 10, Token)).Select(t => t.Id));
        Assert.Equal([young.Id], (await Database.ServiceTokens.ListAsync(shortLived: false, 1, Token)).Select(t => t.Id));
        var found = (await Database.ServiceTokens.FindAsync(old.Id, Token))!;
        Assert.Equal((old.Name, old.Scopes, old.TokenHash, old.CreatedBy), (found.Name, found.Scopes, found.TokenHash, found.CreatedBy));
        Assert.Equal((null, null, false), (found.RevokedAt, found.LastUsedAt, found.IsShortLived));
        Assert.Equal(3, (await LinesAsync("token.create")).Count);
    }

    [Fact]
    public async Task One_id_is_given_once_with_one_line()
    {
        var (one, other) = (Made(0), Made(0));

        Assert.True(await Database.ServiceTokens.AddAsync(one, Line("token.create"), Token));
        Assert.False(await Database.ServiceTokens.AddAsync(
            new() { Id = one.Id, Name = "other", TokenHash = other.TokenHash, Scopes = other.Scopes, CreatedAt = other.CreatedAt, CreatedBy = "bob", ExpiresAt = other.ExpiresAt }, Line("token.create"), Token));

        Assert.Equal("ci", (await Database.ServiceTokens.FindAsync(one.Id, Token))!.Name);
        Assert.Single(await LinesAsync("token.create"));
    }

    [Fact]
    public async Task Only_what_can_count_is_loaded()
    {
        var (counts, over, revoked) = (Made(0), Made(-10, days: 5), Made(0));
        await AddAsync(counts, over, revoked);
        await Database.ServiceTokens.RevokeAsync(revoked.Id, "ann", Now, Line("token.revoke"), Token);

        Assert.Equal([counts.Id], (await Database.ServiceTokens.CountingAsync(Token)).Select(t => t.Id));
    }

    [Fact]
    public async Task What_was_issued_from_a_token_while_that_was_revoked_never_counts()
    {
        var lasting = Made(-3);
        await AddAsync(lasting);
        await Database.ServiceTokens.RevokeAsync(lasting.Id, "ann", Now, Line("token.revoke"), Token);
        await AddAsync(Made(0, shortLived: true, from: lasting.Id));

        Assert.Empty(await Database.ServiceTokens.CountingAsync(Token));
        Assert.DoesNotContain(await Database.ServiceTokens.ChangedSinceAsync(Now.AddDays(-1), Token), t => t.RevokedAt is null);
    }

    [Fact]
    public async Task Revoked_once_with_one_line_and_what_was_issued_from_it()
    {
        var lasting = Made(-3);
        var (issued, other) = (Made(-2, shortLived: true, from: lasting.Id), Made(-2));
        await AddAsync(lasting, issued, other);

        Assert.True(await Database.ServiceTokens.RevokeAsync(lasting.Id, "ann", Now, Line("token.revoke"), Token));
        Assert.False(await Database.ServiceTokens.RevokeAsync(lasting.Id, "bob", Now, Line("token.revoke"), Token));
        Assert.False(await Database.ServiceTokens.RevokeAsync(Guid.NewGuid(), "bob", Now, Line("token.revoke"), Token));

        Assert.Equal("ann", (await Database.ServiceTokens.FindAsync(lasting.Id, Token))!.RevokedBy);
        Assert.Equal("ann", (await Database.ServiceTokens.FindAsync(issued.Id, Token))!.RevokedBy);
        Assert.Null((await Database.ServiceTokens.FindAsync(other.Id, Token))!.RevokedBy);
        Assert.Single(await LinesAsync("token.revoke"));
        Assert.Equal(new[] { lasting.Id, issued.Id }.Order(), (await Database.ServiceTokens.ChangedSinceAsync(Now.AddMinutes(-1), Token)).Select(t => t.Id).Order());
    }

    [Fact]
    public async Task The_last_use_only_moves_forward()
    {
        var token = Made(-3);
        await AddAsync(token);

        await Database.ServiceTokens.NoteUseAsync(new Dictionary<Guid, DateTimeOffset> { [token.Id] = Noon.AddMinutes(5), [Guid.NewGuid()] = Noon }, Token);
        await Database.ServiceTokens.NoteUseAsync(new Dictionary<Guid, DateTimeOffset> { [token.Id] = Noon.AddMinutes(3) }, Token);

        Assert.Equal(Noon.AddMinutes(5), (await Database.ServiceTokens.FindAsync(token.Id, Token))!.LastUsedAt);
    }

    [Fact]
    public async Task Only_short_lived_ones_that_are_over_are_forgotten()
    {
        var (lasting, over, young) = (Made(-40, days: 1), Made(-40, days: 1, shortLived: true), Made(0, shortLived: true));
        await AddAsync(lasting, over, young);

        await Database.ServiceTokens.ForgetAsync(Now.AddDays(-30), Token);

        Assert.NotNull(await Database.ServiceTokens.FindAsync(lasting.Id, Token));
        Assert.Null(await Database.ServiceTokens.FindAsync(over.Id, Token));
        Assert.NotNull(await Database.ServiceTokens.FindAsync(young.Id, Token));
    }

    private async Task AddAsync(params ServiceToken[] tokens)
    {
        foreach (var token in tokens)
        {
            await Database.ServiceTokens.AddAsync(token, Line("token.create"), Token);
        }
    }

    private async Task<IReadOnlyList<AuditEntry>> LinesAsync(string happened) => (await Database.Audit.PageAsync(new AuditQuery { Event = happened }, Token)).Items;

    private static AuditEntry Line(string happened) => Sample.Audit("token:1", "ann", happened, "done");

    private static ServiceToken Made(int daysAgo, int days = 90, bool shortLived = false, Guid? from = null)
    {
        var at = Now.AddDays(daysAgo);
        return new()
        {
            Id = Guid.CreateVersion7(at), Name = "ci", TokenHash = ServiceTokenTable.Hash(ServiceTokenTable.NewToken()), Scopes = "*:board:read", CreatedAt = at, CreatedBy = "ann", ExpiresAt = at.AddDays(days),
            IsShortLived = shortLived, IssuedFrom = from,
        };
    }
}

public sealed class ServiceTokenStoreOnEmbeddedPostgres(PostgresFixture postgres) : ServiceTokenStoreContract(postgres);

public sealed class ServiceTokenStoreOnConfiguredPostgres() : ServiceTokenStoreContract(null);

public sealed class ServiceTokenStoreOnConfiguredSqlServer() : ServiceTokenStoreContract(null), IOnSqlServer;
