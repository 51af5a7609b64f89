using Microsoft.Extensions.Options;
using OpsConsole.Core.Storage;

namespace OpsConsole.Web.Startup;

/// <summary>Where the record is kept, read from the configuration.</summary>
/// <param name="Provider"><c>Database:Provider</c>; embedded when nothing is said.</param>
/// <param name="ConnectionString"><c>ConnectionStrings:OpsConsole</c>; empty for the embedded one.</param>
/// <param name="DataFolder">Absolute path of <c>OpsConsole:DataFolder</c>.</param>
/// <param name="PostgresFolder"><c>Database:PostgresFolder</c>: where the embedded PostgreSQL's programs are, when not where they usually are.</param>
/// <param name="Migrate"><c>Database:Migrate</c>: whether the console brings the schema up to its version by itself; it does when nothing is said.</param>
internal sealed record StorageSettings(DatabaseProvider Provider, string ConnectionString, string DataFolder, string? PostgresFolder, bool Migrate = true)
{
    /// <summary>Reads and checks the settings.</summary>
    /// <exception cref="StorageStartException">They do not fit together; the message says what to set.</exception>
    public static StorageSettings Read(IConfiguration configuration, IHostEnvironment environment, IOptions<ConsoleOptions> options)
    {
        var named = configuration["Database:Provider"];
        var connection = configuration.GetConnectionString("OpsConsole") ?? "";
        var provider = DatabaseProvider.Embedded;
        if (!string.IsNullOrWhiteSpace(named) && (!Enum.TryParse(named, ignoreCase: true, out provider) || !Enum.IsDefined(provider) || char.IsDigit(named[0])))
        {
            throw new StorageStartException($"Database:Provider is '{named}', and must be Embedded, Postgres or SqlServer.");
        }

        if (provider == DatabaseProvider.Embedded && connection.Length > 0)
        {
            throw new StorageStartException("ConnectionStrings:OpsConsole names a database, and Database:Provider must say which kind it is: Postgres or SqlServer.");
        }

        if (provider != DatabaseProvider.Embedded && connection.Length == 0)
        {
            throw new StorageStartException($"Database:Provider is {provider}, and ConnectionStrings:OpsConsole must name the database.");
        }

        var migrate = true;
        if (configuration["Database:Migrate"] is { Length: > 0 } text && !bool.TryParse(text, out migrate))
        {
            throw new StorageStartException($"Database:Migrate is '{text}', and must be true or false.");
        }

        if (!migrate && provider == DatabaseProvider.Embedded)
        {
            throw new StorageStartException("Database:Migrate is false, and the embedded database has nobody else to migrate it: leave it out.");
        }

        var folder = Path.GetFullPath(options.Value.DataFolder, environment.ContentRootPath);
        return new StorageSettings(provider, connection, folder, configuration["Database:PostgresFolder"], migrate);
    }
}
