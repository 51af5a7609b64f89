using Microsoft.EntityFrameworkCore;

namespace OpsConsole.Core.Storage;

/// <summary>How each provider is set up, the same for the console, its tests and the migration tool.</summary>
public static class DatabaseOptions
{
    private const string History = "schema_migrations";

    public static DbContextOptions<PostgresOpsConsoleDbContext> Postgres(string connectionString) =>
        new DbContextOptionsBuilder<PostgresOpsConsoleDbContext>()
            .UseNpgsql(connectionString, npgsql => npgsql.MigrationsHistoryTable(History))
            .AddInterceptors(ReadRevisions.Interceptor)
            .Options;

    public static DbContextOptions<SqlServerOpsConsoleDbContext> SqlServer(string connectionString) =>
        new DbContextOptionsBuilder<SqlServerOpsConsoleDbContext>()
            .UseSqlServer(connectionString, server => server.MigrationsHistoryTable(History))
            .AddInterceptors(ReadRevisions.Interceptor)
            .Options;
}
