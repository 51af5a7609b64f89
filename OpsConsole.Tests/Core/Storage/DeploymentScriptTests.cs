using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Logging.Abstractions;
using OpsConsole.Core.Gates.Migrations;
using OpsConsole.Core.Gates.Migrations.Sql;
using OpsConsole.Core.Storage;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Storage;

/// <summary>The scripts that whoever runs the database gets.</summary>
public sealed class DeploymentScriptTests(PostgresFixture postgres)
{
    private const string Everything = """
        SELECT string_agg(line, E'\n' ORDER BY line) FROM (
            SELECT format('%s.%s %s %s %s', c.table_name, c.column_name, c.data_type, c.is_nullable, c.column_default) AS line FROM information_schema.columns c WHERE c.table_schema = 'public'
            UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
            UNION ALL SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t WHERE NOT t.tgisinternal
            UNION ALL SELECT regexp_replace(pg_get_functiondef(p.oid), '\s+', ' ', 'g') FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
            UNION ALL SELECT pg_get_constraintdef(k.oid) FROM pg_constraint k WHERE k.connamespace = 'public'::regnamespace) AS all_of_it
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task On_an_empty_database_the_script_makes_what_the_console_makes_and_can_be_run_again()
    {
        await using var migrated = await postgres.CreateDatabaseAsync(Token);
        await using var scripted = await postgres.CreateEmptyDatabaseAsync(Token);
        var script = DeploymentScript.Schema(DatabaseProvider.Postgres);

        await scripted.ExecuteAsync(script);
        Assert.Equal(await migrated.QueryAsync(Everything), await scripted.QueryAsync(Everything));

        await scripted.Audit.AppendAsync(Sample.Audit(), Token);
        await scripted.ExecuteAsync(script);
        Assert.Equal("1", await scripted.QueryAsync("SELECT count(*) FROM audit"));
        await new SchemaMigration(scripted.Contexts, NullLogger<SchemaMigration>.Instance).ApplyAsync(migrate: false, Token);
    }

    [Fact]
    public async Task On_a_database_of_an_earlier_version_it_makes_the_rest()
    {
        await using var migrated = await postgres.CreateDatabaseAsync(Token);
        await using var earlier = await postgres.CreateEmptyDatabaseAsync(Token);
        await using (var context = earlier.Contexts.CreateDbContext())
        {
            await context.GetService<IMigrator>().MigrateAsync("Recovery", Token);
        }

        await earlier.ExecuteAsync(DeploymentScript.Schema(DatabaseProvider.Postgres));

        Assert.Equal(await migrated.QueryAsync(Everything), await earlier.QueryAsync(Everything));
    }

    [Fact]
    public async Task A_console_that_does_not_migrate_says_what_is_missing_and_how_to_get_it()
    {
        await using var empty = await postgres.CreateEmptyDatabaseAsync(Token);

        var stopped = await Assert.ThrowsAsync<StorageStartException>(() => new SchemaMigration(empty.Contexts, NullLogger<SchemaMigration>.Instance).ApplyAsync(migrate: false, Token));

        Assert.Contains("20260301000000_First", stopped.Message, StringComparison.Ordinal);
        Assert.Contains("database script", stopped.Message, StringComparison.Ordinal);
        Assert.Equal("0", await empty.QueryAsync("SELECT count(*) FROM pg_class WHERE relname = 'releases'"));
    }

    [Fact]
    public void The_script_for_SQL_Server_is_read_to_its_end_and_asks_for_what_2019_knows()
    {
        foreach (var text in new[] { DeploymentScript.Schema(DatabaseProvider.SqlServer), DeploymentScript.Roles(DatabaseProvider.SqlServer) })
        {
            var script = SqlScript.Read(text, SqlDialect.SqlServer);
            Assert.Empty(script.Faults);
            Assert.NotEmpty(script.Statements);

            // The settings that filtered indexes need are there before the first of them, and what must stand alone in a batch is run as a text of its own.
            Assert.Contains("QUOTED_IDENTIFIER", text[..text.IndexOf("\nGO", StringComparison.Ordinal)], StringComparison.Ordinal);
            Assert.DoesNotMatch(@"(?m)^\s*CREATE (OR ALTER )?(TRIGGER|PROCEDURE|FUNCTION|VIEW)\b", text);
            Assert.DoesNotMatch(@"(?i)\b(CREATE OR REPLACE|DROP TABLE IF EXISTS \[|IF NOT EXISTS \w+\s*\(|json\s+NOT NULL|GREATEST\(|LEAST\()", text);
            foreach (var batch in System.Text.RegularExpressions.Regex.Split(text, @"(?m)^GO\s*$"))
            {
                var words = SqlScript.Read(batch, SqlDialect.SqlServer).Tokens.Select(t => batch[t.Start..t.End].ToUpperInvariant()).ToList();
                var transactions = words.Zip(words.Skip(1)).Count(w => w is ("BEGIN", "TRANSACTION"));
                Assert.Equal(words.Count(w => w == "BEGIN") - transactions, words.Count(w => w == "END"));
            }
        }
    }

    [Fact]
    public void Every_migration_is_in_the_script_of_each_provider()
    {
        Assert.All(Providers.Postgres().Database.GetMigrations(), m => Assert.Contains(m, DeploymentScript.Schema(DatabaseProvider.Postgres), StringComparison.Ordinal));
        Assert.All(Providers.SqlServer().Database.GetMigrations(), m => Assert.Contains(m, DeploymentScript.Schema(DatabaseProvider.SqlServer), StringComparison.Ordinal));
    }
}
