using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Storage;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Storage;

/// <summary>The roles as scripted, on PostgreSQL: the owner migrates, the console works, and cannot tamper.</summary>
public sealed class DatabaseRolesTests(PostgresFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_console_works_without_any_right_to_change_the_schema_or_what_is_append_only()
    {
        await using var database = await postgres.CreateEmptyDatabaseAsync(Token);
        await MakeAsync(database);
        await using var console = As(database, DatabaseRoles.Console);

        await new SchemaMigration(console.Contexts, NullLogger<SchemaMigration>.Instance).ApplyAsync(migrate: false, Token);
        var release = Sample.Release();
        await console.Releases.AddAsync(release, "anna", Token);
        await console.Audit.AppendAsync(Sample.Audit(), Token);
        Assert.Single(await console.Releases.ListBoardAsync(Token));
        using var verifier = new AuditVerifier(console.Chain, new NoNotes(), TimeProvider.System);
        Assert.Empty((await verifier.VerifyAsync(Token)).Faults);

        foreach (var tampering in new[]
        {
            "UPDATE audit SET actor = 'eve'", "DELETE FROM audit", "TRUNCATE audit", "ALTER TABLE audit DISABLE TRIGGER USER", "DROP TRIGGER audit_append_only ON audit",
            "UPDATE audit_chain SET hash = ''", "DELETE FROM audit_chain", "TRUNCATE audit_chain", "DELETE FROM audit_head", "TRUNCATE audit_head",
            "UPDATE policies SET name = 'x'", "DELETE FROM approvals", "DELETE FROM evidence",
            "CREATE TABLE mine (id int)", "DROP TABLE audit", "CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN OLD; END $$",
            "DELETE FROM schema_migrations", "SET session_replication_role = replica",
        })
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() => console.ExecuteAsync(tampering));
            Assert.True(refused.SqlState == PostgresErrorCodes.InsufficientPrivilege, $"{tampering}: {refused.MessageText}");
        }
    }

    [Fact]
    public async Task A_console_that_may_not_migrate_says_so_and_names_what_is_missing()
    {
        await using var database = await postgres.CreateEmptyDatabaseAsync(Token);
        await database.ExecuteAsync(DeploymentScript.Roles(DatabaseProvider.Postgres));
        await using var console = As(database, DatabaseRoles.Console);

        var stopped = await Assert.ThrowsAsync<StorageStartException>(() => new SchemaMigration(console.Contexts, NullLogger<SchemaMigration>.Instance).ApplyAsync(Token));

        Assert.Contains("may not change the schema", stopped.Message, StringComparison.Ordinal);
        Assert.Contains("20260301000000_First", stopped.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_reader_reads_everything_and_writes_nothing()
    {
        await using var database = await postgres.CreateEmptyDatabaseAsync(Token);
        await MakeAsync(database);
        await using var reader = As(database, DatabaseRoles.Reader);

        Assert.Equal("", await reader.QueryAsync("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND NOT has_table_privilege(current_user, oid, 'SELECT')"));
        Assert.Equal("", await reader.QueryAsync("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND has_table_privilege(current_user, oid, 'INSERT, UPDATE, DELETE, TRUNCATE')"));
    }

    [Fact]
    public async Task Every_table_that_a_trigger_protects_and_no_other_is_append_only_for_the_console()
    {
        await using var database = await postgres.CreateEmptyDatabaseAsync(Token);
        await MakeAsync(database);

        Assert.Equal(
            string.Join('\n', DatabaseRoles.AppendOnly.Order(StringComparer.Ordinal)),
            await database.QueryAsync("SELECT DISTINCT c.relname::text COLLATE \"C\" FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal ORDER BY 1"));
        Assert.Equal("", await database.QueryAsync($"SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND NOT has_table_privilege('{DatabaseRoles.Console}', oid, 'SELECT')"));
        Assert.Equal("", await database.QueryAsync($"SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner <> '{DatabaseRoles.Owner}'"));
    }

    /// <summary>As the documentation says: roles, the schema by its owner, the roles again.</summary>
    private static async Task MakeAsync(TestDatabase database)
    {
        var roles = DeploymentScript.Roles(DatabaseProvider.Postgres);
        await database.ExecuteAsync(roles);
        await database.ExecuteAsync($"SET ROLE {DatabaseRoles.Owner};\n{DeploymentScript.Schema(DatabaseProvider.Postgres)}");
        await database.ExecuteAsync(roles);
    }

    /// <summary>The same database as someone who has only that role: a login of its own, signed in without a password as everyone on the test's server.</summary>
    private static TestDatabase As(TestDatabase database, string role)
    {
        var login = $"{role}_login";
        database.ExecuteAsync($"""
            DO $$ BEGIN
                IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{login}') THEN CREATE ROLE {login} LOGIN IN ROLE {role}; END IF;
            EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
            END $$;
            """).GetAwaiter().GetResult();
        return new TestDatabase(new NpgsqlConnectionStringBuilder(database.ConnectionString) { Username = login, Pooling = false }.ConnectionString, drop: null);
    }

    private sealed class NoNotes : IAuditNotes
    {
        public Task<IReadOnlyList<AuditNote>> ReadAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<AuditNote>>([]);

        public Task AddAsync(AuditNote note, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
