using System.Globalization;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;

namespace OpsConsole.Core.Storage.EmbeddedPostgres;

/// <summary>Where the private cluster lives: <c>cluster</c> (the data), <c>socket</c> (the way in), <c>server.log</c> and the lock that keeps a second console out.</summary>
internal sealed class PostgresFolder : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Where data goes when the console runs as root and the account that PostgreSQL runs as cannot get to the data folder.</summary>
    private const string Fallback = "/var/lib/opsconsole";

    /// <summary>Longest path of a socket on every Unix, less one for the ending zero of the shortest limit.</summary>
    private const int LongestSocket = 102;

    private readonly FileStream _lock;
    private string? _temporarySocket;

    private PostgresFolder(string root, string? account, FileStream held)
    {
        Root = root;
        Account = account;
        _lock = held;
        Socket = Path.Combine(root, "socket");
    }

    public string Root { get; }

    /// <summary>The account that PostgreSQL runs as when it is not the console's own.</summary>
    public string? Account { get; }

    public string Cluster => Path.Combine(Root, "cluster");

    /// <summary>Folder of the socket, which its owner (and root) alone can enter.</summary>
    public string Socket { get; private set; }

    public string Log => Path.Combine(Root, "server.log");

    /// <summary>The major version that made the cluster, or null where there is none yet.</summary>
    public int? Major => File.Exists(VersionFile) && int.TryParse(File.ReadAllText(VersionFile).Trim(), CultureInfo.InvariantCulture, out var major) ? major : null;

    private string VersionFile => Path.Combine(Cluster, "PG_VERSION");

    /// <summary>Makes the folder ready and holds it until disposed.</summary>
    /// <exception cref="StorageStartException">Another console holds it, or it cannot be made or reached.</exception>
    public static async Task<PostgresFolder> OpenAsync(string dataFolder, Action<string> tell, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new StorageStartException("The embedded PostgreSQL runs on Linux and macOS only: name a database with ConnectionStrings:OpsConsole and Database:Provider.");
        }

        try
        {
            var account = Environment.IsPrivilegedProcess ? UnprivilegedAccount() : null;
            var root = Path.Combine(await ReachableAsync(dataFolder, account, tell, cancellationToken), "postgres");
            Directory.CreateDirectory(root, Private);
            var folder = new PostgresFolder(root, account, Hold(root));
            try
            {
                await folder.PrepareAsync(cancellationToken);
                return folder;
            }
            catch
            {
                folder.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new StorageStartException($"The data folder {dataFolder} cannot be used: {e.Message}", e);
        }
    }

    public void Dispose()
    {
        if (_temporarySocket is { } temporary && Directory.Exists(temporary))
        {
            Directory.Delete(temporary, recursive: true);
        }

        _lock.Dispose();
    }

    private static string UnprivilegedAccount()
    {
        var known = File.ReadLines("/etc/passwd").Select(line => line.Split(':')[0]).ToHashSet();
        return known.Contains("postgres") ? "postgres" : known.Contains("nobody") ? "nobody"
            : throw new StorageStartException("PostgreSQL does not run as root, and there is neither a user postgres nor nobody to run it as: start the console as another user.");
    }

    /// <summary>The data folder, or where the account cannot get to it, a folder of its own that it can get to.</summary>
    [UnsupportedOSPlatform("windows")]
    private static async Task<string> ReachableAsync(string dataFolder, string? account, Action<string> tell, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(dataFolder);
        if (account is null)
        {
            return dataFolder;
        }

        LetThrough(dataFolder);
        if (await CanEnterAsync(dataFolder, account, cancellationToken))
        {
            return dataFolder;
        }

        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(dataFolder))))[..12];
        var instead = Path.Combine(Fallback, name);
        Directory.CreateDirectory(instead);
        LetThrough(Fallback);
        LetThrough(instead);
        if (!await CanEnterAsync(instead, account, cancellationToken))
        {
            throw new StorageStartException($"PostgreSQL runs as the user {account} when the console is started by root, and that user can enter neither {dataFolder} nor {instead}: start the console as another user, or set OpsConsole:DataFolder to a folder that everyone may pass through.");
        }

        tell($"the user {account}, as which PostgreSQL runs when root starts the console, cannot enter {dataFolder}; the database is kept in {instead}");
        return instead;
    }

    /// <summary>Lets others pass through a folder, not look into it.</summary>
    [UnsupportedOSPlatform("windows")]
    private static void LetThrough(string folder) =>
        File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.OtherExecute);

    private static async Task<bool> CanEnterAsync(string folder, string account, CancellationToken cancellationToken) =>
        (await PostgresProgram.RunAsync("/bin/sh", ["-c", "cd -- \"$1\"", "sh", folder], account, TimeSpan.FromSeconds(10), cancellationToken)).Succeeded;

    private static FileStream Hold(string root)
    {
        try
        {
            return new FileStream(Path.Combine(root, "console.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new StorageStartException($"Another console is using {root}: stop it, or give this one a folder of its own with OpsConsole:DataFolder.", e);
        }
    }

    [UnsupportedOSPlatform("windows")]
    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (Encoding.UTF8.GetByteCount(Path.Combine(Socket, ".s.PGSQL.5432")) > LongestSocket)
        {
            Socket = _temporarySocket = Directory.CreateTempSubdirectory("opsconsole-").FullName;
        }

        Directory.CreateDirectory(Socket, Private);
        if (File.Exists(Log) && new FileInfo(Log).Length > 1_000_000)
        {
            File.Move(Log, Log + ".1", overwrite: true);
        }

        if (Account is null)
        {
            return;
        }

        var owned = await PostgresProgram.RunAsync("chown", ["-R", Account + ":", Root, Socket], account: null, TimeSpan.FromSeconds(60), cancellationToken);
        if (!owned.Succeeded)
        {
            throw new StorageStartException($"{Root} cannot be given to the user {Account}: {owned.LastLine}.");
        }
    }
}
