using System.Data.Common;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Storage;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Storage;

/// <summary>Lines of the audit that are given up after their time, and those that someone says were.</summary>
public abstract class AuditRetentionContract(PostgresFixture? embedded) : StoreContract(embedded)
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private AuditRetentionStore Store => new(Database.Record);

    [Fact]
    public async Task Lines_are_given_up_after_their_time_and_the_chain_stays_whole()
    {
        var notes = await HistoryAsync();

        Assert.Equal(10, await RetainAsync(notes, TimeSpan.FromDays(100)));

        Assert.Equal("4", await Database.QueryAsync("SELECT COUNT(*) FROM audit"));
        var report = await VerifyAsync(notes);
        Assert.Empty(report.Faults);
        Assert.Equal((14L, 10L), (report.Lines, report.GivenUp));
        Assert.Empty((await VerifyAsync(new Notes())).Faults);
        Assert.Equal(new AuditRetentionState(14, 11, 10), await Store.StateAsync(Token));

        Assert.Equal(0, await RetainAsync(notes, TimeSpan.FromDays(100)));
        Assert.Equal("4", await Database.QueryAsync("SELECT COUNT(*) FROM audit"));
    }

    [Fact]
    public async Task Nothing_is_given_up_that_no_note_shows_to_be_old_or_where_no_time_is_set()
    {
        var notes = await HistoryAsync();

        Assert.Equal(0, await RetainAsync(notes, null));
        Assert.Equal(0, await RetainAsync(notes, TimeSpan.FromDays(210)));
        Assert.Equal(0, await RetainAsync(new Notes(), TimeSpan.FromDays(100)));
        Assert.Equal("13", await Database.QueryAsync("SELECT COUNT(*) FROM audit"));

        // All ten are older than that; notes show it of five.
        Assert.Equal(5, await RetainAsync(notes, TimeSpan.FromDays(160)));
        Assert.Empty((await VerifyAsync(notes)).Faults);
    }

    [Theory]
    [InlineData("DELETE FROM audit WHERE subject = 'release:11'", 12L)]
    [InlineData("DELETE FROM audit WHERE event = 'audit.retention'", 1L)]
    public async Task Whoever_removes_another_line_is_found_out(string sql, long place)
    {
        var notes = await HistoryAsync();
        await RetainAsync(notes, TimeSpan.FromDays(100));

        await WithoutTriggersAsync(sql);

        var fault = (await VerifyAsync(notes)).Faults[0];
        Assert.Equal((AuditFaultKind.LineRemoved, (long?)place), (fault.Kind, fault.Sequence));
    }

    [Fact]
    public async Task A_forged_word_that_young_lines_were_given_up_neither_removes_them_nor_hides_it()
    {
        var notes = await HistoryAsync();
        await Database.Audit.AppendAsync(GivenUpLine.Of(13, Now, Now), Token);

        // The old ones go, as they may; the database keeps the young.
        Assert.Equal(10, await Store.GiveUpAsync(13, Now, AuditRetention.Batch, Token));
        Assert.Empty((await VerifyAsync(notes)).Faults);

        await WithoutTriggersAsync("DELETE FROM audit WHERE subject = 'release:11'");
        var fault = Assert.Single((await VerifyAsync(notes)).Faults);
        Assert.Equal((AuditFaultKind.LineRemoved, (long?)12), (fault.Kind, fault.Sequence));
        Assert.Contains("not old enough", fault.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_line_that_says_so_the_database_gives_nothing_up()
    {
        await HistoryAsync();

        var refused = await Assert.ThrowsAnyAsync<DbException>(() => Store.GiveUpAsync(10, Now, AuditRetention.Batch, Token));

        Assert.Contains("No line says", refused.Message, StringComparison.Ordinal);
        Assert.Equal("13", await Database.QueryAsync("SELECT COUNT(*) FROM audit"));
    }

    [Fact]
    public async Task The_way_that_the_database_leaves_open_does_not_lead_to_young_lines()
    {
        Assert.SkipWhen(Database.IsSqlServer, "Held with PostgreSQL's words.");
        await HistoryAsync();

        var refused = await Assert.ThrowsAnyAsync<DbException>(() => Database.ExecuteAsync("SET opsconsole.giving_up = 'yes'; DELETE FROM audit"));

        Assert.Contains("append-only", refused.Message, StringComparison.Ordinal);
        Assert.Equal("13", await Database.QueryAsync("SELECT COUNT(*) FROM audit"));
    }

    /// <summary>Ten lines of 200 days ago that were noted 150 days ago, and three of now.</summary>
    private async Task<Notes> HistoryAsync()
    {
        for (var i = 0; i < 10; i++)
        {
            await Database.Audit.AppendAsync(Sample.Audit($"release:{i}", at: Now.AddDays(-200)), Token);
        }

        var early = new AuditNote(5, (await Database.Chain.ReadAsync(4, 1, Token))[0].Link.Hash, Now.AddDays(-199));
        var old = await Database.Chain.HeadAsync(Token);
        for (var i = 10; i < 13; i++)
        {
            await Database.Audit.AppendAsync(Sample.Audit($"release:{i}", at: Now), Token);
        }

        var young = await Database.Chain.HeadAsync(Token);
        return new Notes(early, new AuditNote(10, old.Hash, Now.AddDays(-150)), new AuditNote(13, young.Hash, Now));
    }

    private Task<long> RetainAsync(IAuditNotes notes, TimeSpan? keep) =>
        new AuditRetention(Store, Database.Audit, notes, new AuditRetentionTime(keep), TimeProvider.System).RunAsync(Token);

    private Task<int> WithoutTriggersAsync(string sql)
    {
        var which = Database.IsSqlServer ? "ALL" : "USER";
        return Database.ExecuteAsync($"ALTER TABLE audit DISABLE TRIGGER {which}; {sql}; ALTER TABLE audit ENABLE TRIGGER {which}");
    }

    private async Task<AuditReport> VerifyAsync(IAuditNotes notes)
    {
        using var verifier = new AuditVerifier(Database.Chain, notes, TimeProvider.System);
        return await verifier.VerifyAsync(Token);
    }

    private sealed class Notes(params AuditNote[] notes) : IAuditNotes
    {
        public Task<IReadOnlyList<AuditNote>> ReadAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<AuditNote>>(notes);

        public Task AddAsync(AuditNote note, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}

public sealed class AuditRetentionOnEmbeddedPostgres(PostgresFixture postgres) : AuditRetentionContract(postgres);

public sealed class AuditRetentionOnConfiguredPostgres() : AuditRetentionContract(null);

public sealed class AuditRetentionOnConfiguredSqlServer() : AuditRetentionContract(null), IOnSqlServer;
