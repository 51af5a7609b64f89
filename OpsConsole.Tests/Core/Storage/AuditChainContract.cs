using Microsoft.Extensions.Logging.Abstractions;
using System.Data.Common;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Storage;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Storage;

/// <summary>The chain over the audit as a database keeps it, and what is found when someone with every right on the database changes it.</summary>
public abstract class AuditChainContract(PostgresFixture? embedded) : StoreContract(embedded)
{
    [Fact]
    public async Task Lines_of_many_writers_make_one_chain()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async writer =>
        {
            for (var i = 0; i < 10; i++)
            {
                await Database.Audit.AppendAsync(Sample.Audit($"release:{writer}", at: Sample.Noon.AddSeconds(i)), Token);
            }
        }));

        var report = await VerifyAsync();
        Assert.Empty(report.Faults);
        Assert.Equal(80, report.Lines);
    }

    [Fact]
    public async Task Every_text_and_time_that_is_kept_is_verified_as_it_was_written()
    {
        await Database.Audit.AppendAsync(
            new AuditEntry
            {
                At = Sample.Noon.AddTicks(7), Actor = "Ärne \ud83d\ude80", Role = "OnCall", Event = "halt", Subject = "release:1", SubjectTitle = "shop\0 2.15.0", Outcome = "refused",
                Reason = "", Detail = "two\r\nlines", ActionId = Guid.CreateVersion7(), EvidenceSeal = new string('a', 64),
            },
            Token);

        Assert.Empty((await VerifyAsync()).Faults);
    }

    [Fact]
    public async Task What_was_not_saved_has_no_place()
    {
        var release = Sample.Release();
        await Database.Releases.AddAsync(release, "anna", Token);
        var (first, second) = (Executing(release), Executing(release));
        Assert.Equal(ActionSave.Saved, await Database.Actions.SaveAsync(Change(first), Token));
        Assert.Equal(ActionSave.AlreadyInFlight, await Database.Actions.SaveAsync(Change(second), Token));

        var report = await VerifyAsync();
        Assert.Empty(report.Faults);
        Assert.Equal(1, report.Lines);

        static ReleaseAction Executing(Release release)
        {
            var action = Sample.Action(release);
            action.Move(ActionPhase.Executing, Sample.Noon);
            return action;
        }

        static ActionChange Change(ReleaseAction action) => new() { Action = action, IsNew = true, Audit = [Sample.Audit()] };
    }

    [Theory]
    [InlineData("UPDATE audit SET outcome = 'refused' WHERE subject = 'release:3'", AuditFaultKind.Changed)]
    [InlineData("UPDATE audit SET at = at + interval '1 microsecond' WHERE subject = 'release:3'", AuditFaultKind.Changed)]
    [InlineData("DELETE FROM audit WHERE subject = 'release:3'", AuditFaultKind.LineRemoved)]
    [InlineData("DELETE FROM audit WHERE subject = 'release:9'", AuditFaultKind.LineRemoved)]
    [InlineData("DELETE FROM audit_chain WHERE sequence = 4; DELETE FROM audit WHERE subject = 'release:3'", AuditFaultKind.PlacesRemoved)]
    [InlineData("DELETE FROM audit_chain WHERE sequence > 8; DELETE FROM audit WHERE subject IN ('release:8', 'release:9')", AuditFaultKind.EndRemoved)]
    [InlineData("DELETE FROM audit_chain WHERE sequence > 8; DELETE FROM audit WHERE subject IN ('release:8', 'release:9'); UPDATE audit_head SET sequence = 8, hash = (SELECT hash FROM audit_chain WHERE sequence = 8)", AuditFaultKind.EndRemoved)]
    [InlineData("INSERT INTO audit (at, actor, role, event, subject, subject_title, outcome, append_key) VALUES (now(), 'eve', 'Admin', 'promote', 'release:1', 'shop', 'approved', gen_random_uuid())", AuditFaultKind.NotChained)]
    public async Task Whoever_changes_the_database_is_found_out(string sql, AuditFaultKind found)
    {
        for (var i = 0; i < 10; i++)
        {
            await Database.Audit.AppendAsync(Sample.Audit($"release:{i}", at: Sample.Noon.AddSeconds(i)), Token);
        }

        var head = await Database.Chain.HeadAsync(Token);
        var notes = new Notes(new AuditNote(head.Sequence, head.Hash, Sample.Noon));
        Assert.Empty((await VerifyAsync(notes)).Faults);

        await WithoutTriggersAsync(sql);

        Assert.Equal(found, Assert.Single((await VerifyAsync(notes)).Faults).Kind);
    }

    [Theory]
    [InlineData("UPDATE audit_chain SET hash = line_key::text")]
    [InlineData("DELETE FROM audit_chain")]
    [InlineData("TRUNCATE audit_chain")]
    public async Task The_database_itself_refuses_to_change_the_chain(string sql)
    {
        Assert.SkipWhen(Database.IsSqlServer && sql.StartsWith("TRUNCATE", StringComparison.Ordinal), "SQL Server lets only who may change the table truncate it; the console's role may not.");
        await Database.Audit.AppendAsync(Sample.Audit(), Token);
        Assert.Contains("append-only", (await Assert.ThrowsAnyAsync<DbException>(() => Database.ExecuteAsync(InDialect(sql)))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_from_before_there_was_a_chain_are_put_into_it_once()
    {
        const int Before = 1_203;
        await Database.Audit.AppendAsync(Sample.Audit(), Token);
        await WithoutTriggersAsync(
            "DELETE FROM audit_chain; UPDATE audit_head SET sequence = 0, begun = false, hash = repeat('0', 64); " +
            $"INSERT INTO audit (at, actor, role, event, subject, subject_title, outcome, append_key) SELECT now(), 'a', 'Admin', 'promote', CONCAT('release:', n), 'shop', 'approved', gen_random_uuid() FROM " +
            (Database.IsSqlServer ? $"(SELECT TOP ({Before - 1}) ROW_NUMBER() OVER (ORDER BY (SELECT 1)) AS n FROM sys.all_columns) AS numbers" : $"generate_series(2, {Before}) n"));

        for (var start = 0; start < 2; start++)
        {
            await new SchemaMigration(Database.Contexts, NullLogger<SchemaMigration>.Instance).ApplyAsync(Token);
            var report = await VerifyAsync();
            Assert.Empty(report.Faults);
            Assert.Equal(Before, report.Lines);
        }

        await Database.Audit.AppendAsync(Sample.Audit(), Token);
        Assert.Equal(Before + 1, (await VerifyAsync()).Lines);
    }

    private Task<int> WithoutTriggersAsync(string sql)
    {
        var which = Database.IsSqlServer ? "ALL" : "USER";
        return Database.ExecuteAsync(
            $"ALTER TABLE audit DISABLE TRIGGER {which}; ALTER TABLE audit_chain DISABLE TRIGGER {which}; {InDialect(sql)}; ALTER TABLE audit ENABLE TRIGGER {which}; ALTER TABLE audit_chain ENABLE TRIGGER {which}");
    }

    /// <summary>The few words of these tests that SQL Server says differently.</summary>
    private string InDialect(string sql) => !Database.IsSqlServer ? sql : sql
        .Replace("at + interval '1 microsecond'", "DATEADD(microsecond, 1, at)", StringComparison.Ordinal)
        .Replace("line_key::text", "CAST(line_key AS nvarchar(64))", StringComparison.Ordinal)
        .Replace("repeat(", "REPLICATE(", StringComparison.Ordinal)
        .Replace("begun = false", "begun = 0", StringComparison.Ordinal)
        .Replace("now()", "SYSDATETIMEOFFSET()", StringComparison.Ordinal)
        .Replace("gen_random_uuid()", "NEWID()", StringComparison.Ordinal);

    private async Task<AuditReport> VerifyAsync(IAuditNotes? notes = null)
    {
        using var verifier = new AuditVerifier(Database.Chain, notes ?? new Notes(), TimeProvider.System);
        return await verifier.VerifyAsync(Token);
    }

    private sealed class Notes(params AuditNote[] notes) : IAuditNotes
    {
        public Task<IReadOnlyList<AuditNote>> ReadAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<AuditNote>>(notes);

        public Task AddAsync(AuditNote note, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}

public sealed class AuditChainOnEmbeddedPostgres(PostgresFixture postgres) : AuditChainContract(postgres);

public sealed class AuditChainOnConfiguredPostgres() : AuditChainContract(null);

public sealed class AuditChainOnConfiguredSqlServer() : AuditChainContract(null), IOnSqlServer;
