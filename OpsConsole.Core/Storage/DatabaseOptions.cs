using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;

namespace OpsConsole.Core.Storage;

/// <summary>How each provider is set up, the same for the console, its tests and the migration tool.</summary>
public static class DatabaseOptions
{
    private const string History = "schema_migrations";

    /// <summary>SQL Server 2019: nothing is asked of a server that only later ones understand.</summary>
    private const int OldestSqlServer = 150;

    public static DbContextOptions<PostgresOpsConsoleDbContext> Postgres(string connectionString) =>
        new DbContextOptionsBuilder<PostgresOpsConsoleDbContext>()
            .UseNpgsql(connectionString, npgsql => npgsql.MigrationsHistoryTable(History))
            .AddInterceptors(ReadRevisions.Interceptor)
            .Options;

    public static DbContextOptions<SqlServerOpsConsoleDbContext> SqlServer(string connectionString) =>
        new DbContextOptionsBuilder<SqlServerOpsConsoleDbContext>()
            .UseSqlServer(OneResultAtATime(connectionString), server => server.MigrationsHistoryTable(History).UseCompatibilityLevel(OldestSqlServer))
            .AddInterceptors(ReadRevisions.Interceptor)
            .Options;

    /// <summary>Without several results on one connection, whatever the setting says: with them a save inside a transaction has no savepoint to go back to.</summary>
    private static string OneResultAtATime(string connectionString) =>
        new SqlConnectionStringBuilder(connectionString) { MultipleActiveResultSets = false }.ConnectionString;
}
