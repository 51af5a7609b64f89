using Microsoft.EntityFrameworkCore.Design;

namespace OpsConsole.Core.Storage;

/// <summary>Makes the PostgreSQL context for <c>dotnet ef</c>, which needs the model and no connection.</summary>
internal sealed class PostgresDesignTime : IDesignTimeDbContextFactory<PostgresOpsConsoleDbContext>
{
    public PostgresOpsConsoleDbContext CreateDbContext(string[] args) =>
        new(DatabaseOptions.Postgres("Host=localhost;Database=opsconsole"));
}

/// <summary>Makes the SQL Server context for <c>dotnet ef</c>, which needs the model and no connection.</summary>
internal sealed class SqlServerDesignTime : IDesignTimeDbContextFactory<SqlServerOpsConsoleDbContext>
{
    public SqlServerOpsConsoleDbContext CreateDbContext(string[] args) =>
        new(DatabaseOptions.SqlServer("Server=localhost;Database=opsconsole"));
}
