using System.Data.Common;
using Microsoft.Data.SqlClient;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using OpsConsole.Core.Storage;

namespace OpsConsole.Tests.Shared;

/// <summary>Held on the SQL Server that <see cref="ConfiguredServers.SqlServerVariable"/> names.</summary>
public interface IOnSqlServer;

/// <summary>Database servers that the tests are told of. Each test makes a database there, named <c>opsconsole_test_…</c>, and drops it.</summary>
public static class ConfiguredServers
{
    /// <summary>Connection string of a PostgreSQL whose login may make databases.</summary>
    public const string PostgresVariable = "OPSCONSOLE_TEST_POSTGRES";

    /// <summary>Connection string of a SQL Server whose login may make databases. Needs a build with <c>CompleteRegistry=true</c>.</summary>
    public const string SqlServerVariable = "OPSCONSOLE_TEST_SQLSERVER";

    /// <summary>A migrated, empty database; skips the test where no server is named.</summary>
    public static Task<TestDatabase> CreateAsync(DatabaseProvider provider, CancellationToken cancellationToken)
    {
        var variable = provider == DatabaseProvider.SqlServer ? SqlServerVariable : PostgresVariable;
        var server = Environment.GetEnvironmentVariable(variable);
        Assert.SkipWhen(string.IsNullOrEmpty(server), $"{variable} names no server.");
        return CreateAsync(provider, server!, cancellationToken);
    }

    private static async Task<TestDatabase> CreateAsync(DatabaseProvider provider, string server, CancellationToken cancellationToken)
    {
        var name = "opsconsole_test_" + Guid.NewGuid().ToString("N");
        TestDatabase database;
        if (provider == DatabaseProvider.SqlServer)
        {
            await ExecuteAsync(new SqlConnection(Unpooled(server)), $"CREATE DATABASE [{name}]", cancellationToken);

            // As the documentation asks for: readers do not wait for writers.
            await ExecuteAsync(new SqlConnection(Unpooled(server)), $"ALTER DATABASE [{name}] SET READ_COMMITTED_SNAPSHOT ON", cancellationToken);
            database = new TestDatabase(
                new SqlConnectionStringBuilder(server) { InitialCatalog = name, MaxPoolSize = 8 }.ConnectionString,
                () => ExecuteAsync(new SqlConnection(Unpooled(server)), $"ALTER DATABASE [{name}] SET SINGLE_USER WITH ROLLBACK IMMEDIATE; DROP DATABASE [{name}]", CancellationToken.None),
                provider);
        }
        else
        {
            await ExecuteAsync(new NpgsqlConnection(server + ";Pooling=false"), $"CREATE DATABASE {name}", cancellationToken);
            database = new TestDatabase(
                new NpgsqlConnectionStringBuilder(server) { Database = name }.ConnectionString,
                () => ExecuteAsync(new NpgsqlConnection(server + ";Pooling=false"), $"DROP DATABASE {name} WITH (FORCE)", CancellationToken.None));
        }

        try
        {
            await new SchemaMigration(database.Contexts, NullLogger<SchemaMigration>.Instance).ApplyAsync(cancellationToken);
            return database;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    private static string Unpooled(string server) => new SqlConnectionStringBuilder(server) { Pooling = false }.ConnectionString;

    private static async Task ExecuteAsync(DbConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using (connection)
        {
            await connection.OpenAsync(cancellationToken);
            await using var command = connection.CreateCommand();
            (command.CommandText, command.CommandTimeout) = (sql, 120);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
