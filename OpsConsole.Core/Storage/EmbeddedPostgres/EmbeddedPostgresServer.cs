using System.Globalization;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace OpsConsole.Core.Storage.EmbeddedPostgres;

/// <summary>A PostgreSQL of the console's own, reached over a socket in a folder that only its owner can enter, with no network port.</summary>
public sealed class EmbeddedPostgresServer : IAsyncDisposable
{
    private const string Name = "opsconsole";

    /// <summary>Small on purpose: the console shares the machine with what it watches.</summary>
    private static readonly string[] Settings =
    [
        "listen_addresses=", "unix_socket_permissions=0700", "port=5432", "max_connections=100", "shared_buffers=64MB",
        "max_wal_size=256MB", "min_wal_size=64MB", "max_parallel_workers_per_gather=0", "jit=off", "timezone=UTC", "log_timezone=UTC",
        "log_min_messages=warning",
    ];

    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(25);

    /// <summary>How long the processes of a server that ended by force may take to notice it.</summary>
    private static readonly TimeSpan LastProcessTime = TimeSpan.FromSeconds(20);

    private readonly PostgresFolder _folder;
    private readonly PostgresBinaries _binaries;
    private readonly ILogger _log;
    private readonly TimeProvider _time;

    private EmbeddedPostgresServer(PostgresFolder folder, PostgresBinaries binaries, ILogger log, TimeProvider time)
    {
        _folder = folder;
        _binaries = binaries;
        _log = log;
        _time = time;
    }

    /// <summary>How to connect to the console's database.</summary>
    public string ConnectionString => ConnectionTo(Name);

    /// <summary>Where the data is.</summary>
    public string Cluster => _folder.Cluster;

    /// <summary>Process of the server, or null when it does not run.</summary>
    public int? ProcessId => PostgresProcesses.Recorded(Cluster) is { } pid && PostgresProcesses.IsRunning(pid, Cluster) ? pid : null;

    /// <summary>Makes the cluster on first run, stops what a console that was killed left running, and starts the server.</summary>
    /// <param name="dataFolder">Absolute path; the cluster is kept in <c>postgres</c> under it.</param>
    /// <param name="binFolder">Where PostgreSQL's programs are, or null to look for them.</param>
    /// <param name="log">Told every step.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StorageStartException">It cannot be started until someone changes something.</exception>
    public static async Task<EmbeddedPostgresServer> StartAsync(
        string dataFolder, string? binFolder, ILogger log, TimeProvider time, CancellationToken cancellationToken)
    {
        var folder = await PostgresFolder.OpenAsync(dataFolder, line => log.LogWarning("Database: {Line}", line), cancellationToken);
        EmbeddedPostgresServer server;
        try
        {
            server = new EmbeddedPostgresServer(folder, await PostgresBinaries.FindAsync(binFolder, folder.Major, cancellationToken), log, time);
        }
        catch
        {
            folder.Dispose();
            throw;
        }

        try
        {
            await server.StopLeftOverAsync(cancellationToken);
            await server.MakeClusterAsync(cancellationToken);
            await server.LaunchAsync(cancellationToken);
            await server.MakeDatabaseAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the server again if it does not run.</summary>
    /// <returns>True when it had to be started.</returns>
    /// <exception cref="StorageStartException">It did not start.</exception>
    public async Task<bool> EnsureRunningAsync(CancellationToken cancellationToken)
    {
        if (ProcessId is not null)
        {
            return false;
        }

        _log.LogWarning("Database: PostgreSQL has ended; starting it again");
        await ForgetDeadServerAsync(cancellationToken);
        await LaunchAsync(cancellationToken);
        return true;
    }

    /// <summary>How to connect to another database of the same server.</summary>
    public string ConnectionTo(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = _folder.Socket,
        Port = 5432,
        Username = Name,
        Database = database,
        Timeout = 5,
        CancellationTimeout = 1000,
        MaxPoolSize = 30,
        ApplicationName = Name,
    }.ConnectionString;

    /// <summary>Stops the server, disconnecting whoever is connected, and lets the folder go.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await StopAsync(CancellationToken.None);
        }
        finally
        {
            _folder.Dispose();
        }
    }

    private async Task StopLeftOverAsync(CancellationToken cancellationToken)
    {
        if (ProcessId is null)
        {
            await ForgetDeadServerAsync(cancellationToken);
            return;
        }

        // The folder's lock is held here, so no console uses it: the one that did was killed.
        _log.LogInformation("Database: stopping the PostgreSQL that an earlier console left running");
        await StopAsync(cancellationToken);
        if (ProcessId is { } pid)
        {
            throw new StorageStartException($"The PostgreSQL that an earlier console left running in {Cluster} (process {pid}) does not stop: end it and start the console again.");
        }
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var mode in new[] { "fast", "immediate" })
        {
            if (ProcessId is null)
            {
                return;
            }

            var seconds = ((int)StopTime.TotalSeconds - 5).ToString(CultureInfo.InvariantCulture);
            await RunAsync("pg_ctl", ["stop", "-D", Cluster, "-m", mode, "-w", "-t", seconds], StopTime, cancellationToken);
        }
    }

    /// <summary>Waits until the last process of a server that ended by force is gone, then removes the note that it runs if its number is no longer its own.</summary>
    private async Task ForgetDeadServerAsync(CancellationToken cancellationToken)
    {
        for (var waited = TimeSpan.Zero; PostgresProcesses.Of(Cluster).Count > 0; waited += TimeSpan.FromMilliseconds(100))
        {
            if (waited > LastProcessTime)
            {
                throw new StorageStartException($"Processes of a PostgreSQL that ended are still at work in {Cluster}.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), _time, cancellationToken);
        }

        if (OperatingSystem.IsLinux() && File.Exists(PostgresProcesses.PidFile(Cluster)))
        {
            // Safe: the folder's lock is held and no process works in the cluster. PostgreSQL itself would take any process of that number for a server.
            File.Delete(PostgresProcesses.PidFile(Cluster));
            File.Delete(Path.Combine(_folder.Socket, ".s.PGSQL.5432.lock"));
        }
    }

    private async Task MakeClusterAsync(CancellationToken cancellationToken)
    {
        if (Directory.Exists(Cluster))
        {
            return;
        }

        _log.LogInformation("Database: making a new PostgreSQL {Major} cluster in {Cluster}", _binaries.Major, Cluster);
        var unfinished = Cluster + ".new";
        if (Directory.Exists(unfinished))
        {
            Directory.Delete(unfinished, recursive: true);
        }

        var made = await RunAsync(
            "initdb",
            ["-D", unfinished, "-U", Name, "--encoding=UTF8", "--locale=C", "--auth-local=trust", "--auth-host=reject"],
            TimeSpan.FromMinutes(2),
            cancellationToken);
        if (!made.Succeeded)
        {
            throw new StorageStartException($"PostgreSQL could not make its cluster in {Cluster}: {made.LastLine}.");
        }

        Directory.Move(unfinished, Cluster);
    }

    private async Task LaunchAsync(CancellationToken cancellationToken)
    {
        _log.LogInformation("Database: starting PostgreSQL {Major} in {Cluster}", _binaries.Major, Cluster);
        var told = LogLines().Count();
        var options = string.Join(' ', Settings.Append($"unix_socket_directories={_folder.Socket}").Select(s => $"-c {Quoted(s)}"));
        var started = await RunAsync(
            "pg_ctl", ["start", "-D", Cluster, "-l", _folder.Log, "-o", options, "-w", "-t", "60"], TimeSpan.FromSeconds(70), cancellationToken);
        if (!started.Succeeded)
        {
            throw new StorageStartException($"PostgreSQL did not start in {Cluster}: {LogLines().Skip(told).LastOrDefault(l => l.Contains("FATAL", StringComparison.Ordinal)) ?? started.LastLine}");
        }
    }

    private async Task MakeDatabaseAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(ConnectionTo("postgres") + ";Pooling=false");
        await connection.OpenAsync(cancellationToken);
        await using var ask = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = $1", connection) { Parameters = { new() { Value = Name } } };
        if (await ask.ExecuteScalarAsync(cancellationToken) is null)
        {
            await using var create = new NpgsqlCommand($"CREATE DATABASE {Name}", connection);
            await create.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private IEnumerable<string> LogLines() => File.Exists(_folder.Log) ? File.ReadLines(_folder.Log) : [];

    private Task<ProgramAnswer> RunAsync(string program, string[] arguments, TimeSpan limit, CancellationToken cancellationToken) =>
        PostgresProgram.RunAsync(_binaries.Program(program), arguments, _folder.Account, limit, cancellationToken);

    /// <summary>For the shell through which <c>pg_ctl</c> starts the server.</summary>
    private static string Quoted(string text) => "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
