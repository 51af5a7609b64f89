using System.Text.RegularExpressions;

namespace OpsConsole.Core.Storage.EmbeddedPostgres;

/// <summary>An installed PostgreSQL.</summary>
/// <param name="Folder">Where <c>initdb</c>, <c>pg_ctl</c> and <c>postgres</c> are.</param>
/// <param name="Major">Its major version, for example 15.</param>
public sealed partial record PostgresBinaries(string Folder, int Major)
{
    /// <summary>What a person is told where there is none.</summary>
    public const string HowToInstall =
        "PostgreSQL is not installed here: install it (Debian and Ubuntu: apt-get install postgresql; Fedora: dnf install postgresql-server; macOS: brew install postgresql), or name a database with ConnectionStrings:OpsConsole and Database:Provider.";

    private static readonly string[] Needed = ["initdb", "pg_ctl", "postgres"];

    /// <summary>The installation to use: the configured one, else that of the wanted major version, else the newest.</summary>
    /// <param name="configured">A folder from the configuration; then no other is looked at.</param>
    /// <param name="major">The version that an existing cluster was made by, or null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StorageStartException">There is none, or none of that version.</exception>
    public static async Task<PostgresBinaries> FindAsync(string? configured, int? major, CancellationToken cancellationToken)
    {
        var found = new List<PostgresBinaries>();
        foreach (var folder in (configured is null ? Folders() : [configured]).Where(HasAll))
        {
            if (await MajorAsync(folder, cancellationToken) is { } version)
            {
                found.Add(new PostgresBinaries(folder, version));
            }
        }

        if (found.Count == 0)
        {
            throw new StorageStartException(configured is null ? HowToInstall : $"There is no PostgreSQL in {configured}, which Database:PostgresFolder names.");
        }

        if (major is null)
        {
            return found.MaxBy(b => b.Major)!;
        }

        return found.Find(b => b.Major == major) ?? throw new StorageStartException(
            $"The console's database was made by PostgreSQL {major}, and only {string.Join(" and ", found.Select(b => b.Major).Distinct())} is installed: install version {major}, or move the data with pg_upgrade.");
    }

    /// <summary>Path of one of its programs.</summary>
    public string Program(string name) => Path.Combine(Folder, name);

    /// <summary>Where it may be: on the path, and where distributions keep versions side by side.</summary>
    private static IEnumerable<string> Folders()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        string[] versioned = ["/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin", "/usr/local/opt/postgresql@*/bin"];
        return path.Concat(versioned.SelectMany(Expand)).Distinct();
    }

    private static IEnumerable<string> Expand(string pattern)
    {
        var parent = Path.GetDirectoryName(Path.GetDirectoryName(pattern))!;
        var wanted = Path.GetFileName(Path.GetDirectoryName(pattern))!;
        return Directory.Exists(parent) ? Directory.GetDirectories(parent, wanted).Select(d => Path.Combine(d, "bin")) : [];
    }

    private static bool HasAll(string folder) => Array.TrueForAll(Needed, name => File.Exists(Path.Combine(folder, name)));

    private static async Task<int?> MajorAsync(string folder, CancellationToken cancellationToken)
    {
        var answer = await PostgresProgram.RunAsync(Path.Combine(folder, "postgres"), ["--version"], account: null, TimeSpan.FromSeconds(10), cancellationToken);
        return answer.Succeeded && Version().Match(answer.Output) is { Success: true } match
            ? int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)
            : null;
    }

    [GeneratedRegex(@"\(PostgreSQL\) (\d{1,4})", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Version();
}
