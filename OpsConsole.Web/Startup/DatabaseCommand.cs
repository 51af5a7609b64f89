using OpsConsole.Core.Storage;

namespace OpsConsole.Web.Startup;

/// <summary><c>database</c> on the command line: writes the SQL that whoever runs the database needs. It connects to nothing.</summary>
internal static class DatabaseCommand
{
    private const int Done = 0, Misunderstood = 2;

    public static bool Is(string[] args) => args is ["database", ..];

    /// <summary>0: written; 2: the command was not understood.</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors)
    {
        Func<DatabaseProvider, string>? write = args switch
        {
            ["database", "script", ..] => DeploymentScript.Schema,
            ["database", "roles", ..] => DeploymentScript.Roles,
            _ => null,
        };
        if (write is null || Provider(args[2..]) is not { } provider)
        {
            await errors.WriteLineAsync("""
                database script --provider PostgreSQL|SqlServer     write the schema as this version needs it; the script can be run again
                database roles --provider PostgreSQL|SqlServer      write the roles and their rights; run it before and after each migration

                Both write to the standard output and connect to nothing.
                """);
            return Misunderstood;
        }

        await output.WriteAsync(write(provider));
        return Done;
    }

    private static DatabaseProvider? Provider(string[] rest) => rest is ["--provider", var name]
        ? name.ToUpperInvariant() switch
        {
            "POSTGRES" or "POSTGRESQL" => DatabaseProvider.Postgres,
            "SQLSERVER" => DatabaseProvider.SqlServer,
            _ => null,
        }
        : null;
}
