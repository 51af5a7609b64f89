using System.Data.Common;
using OpsConsole.Core.Audit;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Storage;

public abstract class AuditStoreContract(PostgresFixture? embedded) : StoreContract(embedded)
{
    private IAuditStore Store => Database.Audit;

    [Fact]
    public async Task Newest_first_and_filtered()
    {
        await Store.AppendAsync(Sample.Audit("release:1", "anna", "promote", "intent", Sample.Noon), Token);
        await Store.AppendAsync(Sample.Audit("release:1", "anna", "promote", "confirmed", Sample.Noon.AddSeconds(1)), Token);
        await Store.AppendAsync(Sample.Audit("switch:x", "ben", "kill", "refused", Sample.Noon.AddSeconds(2)), Token);

        await AssertAsync(new(), "refused", "confirmed", "intent");
        await AssertAsync(new() { Actor = "anna" }, "confirmed", "intent");
        await AssertAsync(new() { Event = "kill" }, "refused");
        await AssertAsync(new() { Event = "sign-in, kill" }, "refused");
        await AssertAsync(new() { Event = "kill,promote" }, "refused", "confirmed", "intent");
        await AssertAsync(new() { Outcome = "confirmed" }, "confirmed");
        await AssertAsync(new() { Subject = "release:1" }, "confirmed", "intent");
        await AssertAsync(new() { From = Sample.Noon.AddSeconds(1), To = Sample.Noon.AddSeconds(2) }, "confirmed");
        var second = await Store.PageAsync(new AuditQuery { Skip = 1, Take = 1 }, Token);
        Assert.Equal(("confirmed", 3L), (second.Items.Single().Outcome, second.Total));
    }

    [Theory]
    [InlineData("errors\0 grow", "errors grow")]
    [InlineData("errors {half} grow", "errors \ufffd grow")]
    [InlineData("errors \ud83d\ude80 grow", "errors \ud83d\ude80 grow")]
    public async Task Any_text_is_kept(string text, string kept)
    {
        // An attribute cannot carry half a character.
        text = text.Replace("{half}", "\ud83d", StringComparison.Ordinal);
        await Store.AppendAsync(new AuditEntry { At = Sample.Noon, Actor = "anna", Role = "OnCall", Event = "halt", Subject = "release:1", SubjectTitle = text, Outcome = "refused", Reason = text, Detail = text }, Token);

        var read = (await Store.PageAsync(new AuditQuery(), Token)).Items.Single();
        Assert.Equal((kept, kept, kept), (read.SubjectTitle, read.Reason, read.Detail));
    }

    [Theory]
    [InlineData("UPDATE audit SET outcome = 'confirmed'")]
    [InlineData("DELETE FROM audit")]
    [InlineData("TRUNCATE audit")]
    public async Task The_database_itself_refuses_to_change_it(string sql)
    {
        Assert.SkipWhen(Database.IsSqlServer && sql.StartsWith("TRUNCATE", StringComparison.Ordinal), "SQL Server lets only who may change the table truncate it; the console's role may not.");
        await Store.AppendAsync(Sample.Audit(), Token);

        var refused = await Assert.ThrowsAnyAsync<DbException>(() => Database.ExecuteAsync(sql));

        Assert.Contains("append-only", refused.Message, StringComparison.Ordinal);
        Assert.Equal("intent", (await Store.PageAsync(new AuditQuery(), Token)).Items.Single().Outcome);
    }

    private async Task AssertAsync(AuditQuery query, params string[] outcomes)
    {
        var page = await Store.PageAsync(query, Token);
        Assert.Equal(outcomes, page.Items.Select(a => a.Outcome));
        Assert.Equal(outcomes.Length, page.Total);
    }
}

public sealed class AuditStoreOnEmbeddedPostgres(PostgresFixture postgres) : AuditStoreContract(postgres);

public sealed class AuditStoreOnConfiguredPostgres() : AuditStoreContract(null);

public sealed class AuditStoreOnConfiguredSqlServer() : AuditStoreContract(null), IOnSqlServer;
