using OpsConsole.Core.Storage;

namespace OpsConsole.Tests.Shared;

/// <summary>Contexts of both providers that know the model and have no server.</summary>
internal static class Providers
{
    public static OpsConsoleDbContext Postgres() => new PostgresOpsConsoleDbContext(DatabaseOptions.Postgres("Host=localhost;Database=opsconsole"));

    public static OpsConsoleDbContext SqlServer() => new SqlServerOpsConsoleDbContext(DatabaseOptions.SqlServer("Server=localhost;Database=opsconsole"));
}
