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
    private const string Kind = "Database:Provider", Schema = "Database:Migrate";

    /// <summary>Reads and checks the settings.</summary>
    /// <exception cref="StorageStartException">They do not fit together; the message says what to set.</exception>
    public static StorageSettings Read(IConfiguration configuration, IHostEnvironment environment, IOptions<ConsoleOptions> options)
    {
        if (Faults(configuration) is { Count: > 0 } faults)
        {
            throw new StorageStartException(string.Join(" ", faults));
        }

        TryProvider(configuration[Kind], out var provider);
        var migrate = configuration[Schema] is not { Length: > 0 } text || bool.Parse(text);
        var folder = Path.GetFullPath(options.Value.DataFolder, environment.ContentRootPath);
        return new StorageSettings(provider, Connection(configuration), folder, configuration["Database:PostgresFolder"], migrate);
    }

    /// <summary>Everything that does not fit together, one sentence each.</summary>
    public static IReadOnlyList<string> Faults(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        List<string> faults = [];
        var (named, connection) = (configuration[Kind], Connection(configuration));
        var known = TryProvider(named, out var provider);
        if (!known)
        {
            faults.Add($"{Kind} is '{named}', and must be Embedded, Postgres or SqlServer.");
        }
        else if (provider == DatabaseProvider.Embedded && connection.Length > 0)
        {
            faults.Add($"ConnectionStrings:OpsConsole names a database, and {Kind} must say which kind it is: Postgres or SqlServer.");
        }
        else if (provider != DatabaseProvider.Embedded && connection.Length == 0)
        {
            faults.Add($"{Kind} is {provider}, and ConnectionStrings:OpsConsole must name the database.");
        }

        var migrate = true;
        if (configuration[Schema] is { Length: > 0 } text && !bool.TryParse(text, out migrate))
        {
            faults.Add($"{Schema} is '{text}', and must be true or false.");
        }
        else if (!migrate && known && provider == DatabaseProvider.Embedded)
        {
            faults.Add($"{Schema} is false, and the embedded database has nobody else to migrate it: leave it out.");
        }

        return faults;
    }

    private static string Connection(IConfiguration configuration) => configuration.GetConnectionString("OpsConsole") ?? "";

    private static bool TryProvider(string? named, out DatabaseProvider provider)
    {
        provider = DatabaseProvider.Embedded;
        return string.IsNullOrWhiteSpace(named) || (Enum.TryParse(named, ignoreCase: true, out provider) && Enum.IsDefined(provider) && !char.IsDigit(named[0]));
    }
}
