using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Npgsql;
using OpsConsole.Core.Storage;
using OpsConsole.Core.Storage.EmbeddedPostgres;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Storage;

/// <summary>The console's own PostgreSQL: first run, restart, sudden death, and a second console.</summary>
public sealed class EmbeddedPostgresTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("opsconsole-embedded-").FullName;
    private readonly LogLines _log = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Data_survives_a_restart_and_every_step_is_told()
    {
        await using (var first = await StartAsync())
        {
            await ExecuteAsync(first, "CREATE TABLE kept (x int); INSERT INTO kept VALUES (42)");
        }

        await using var second = await StartAsync();

        Assert.Equal(42, await ExecuteAsync(second, "SELECT x FROM kept"));
        Assert.Equal("UTF8", await ExecuteAsync(second, "SHOW server_encoding"));
        Assert.Single(_log.Lines, l => l.Contains("making a new PostgreSQL", StringComparison.Ordinal));
        Assert.Equal(2, _log.Lines.Count(l => l.Contains("starting PostgreSQL", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task There_is_no_network_port_and_no_way_in_for_others()
    {
        await using var server = await StartAsync();

        Assert.Equal("", await ExecuteAsync(server, "SHOW listen_addresses"));
        var socket = new NpgsqlConnectionStringBuilder(server.ConnectionString).Host!;
        if (!OperatingSystem.IsWindows())
        {
            const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
                | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
            Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(socket) & Others);
            Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(server.Cluster) & Others);
        }
    }

    [Fact]
    public async Task A_server_that_is_killed_comes_back_with_its_data()
    {
        await using var server = await StartAsync();
        await ExecuteAsync(server, "CREATE TABLE kept (x int); INSERT INTO kept VALUES (42)");
        Assert.False(await server.EnsureRunningAsync(Token));

        Kill(server.ProcessId!.Value);
        await Eventually.TrueAsync(() => server.ProcessId is null);
        Assert.True(await server.EnsureRunningAsync(Token));

        Assert.Equal(42, await ExecuteAsync(server, "SELECT x FROM kept"));
    }

    [Fact]
    public async Task A_second_console_on_the_same_folder_is_refused_and_the_first_goes_on()
    {
        await using var server = await StartAsync();

        var refused = await Assert.ThrowsAsync<StorageStartException>(StartAsync);

        Assert.Contains("Another console is using", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1, await ExecuteAsync(server, "SELECT 1"));
    }

    [Fact]
    public async Task A_long_path_gets_its_socket_elsewhere()
    {
        var deep = Path.Combine(_folder, new string('d', 120));
        string socket;
        await using (var server = await EmbeddedPostgresServer.StartAsync(await ReadyAsync(deep), null, _log, TimeProvider.System, Token))
        {
            socket = new NpgsqlConnectionStringBuilder(server.ConnectionString).Host!;
            Assert.False(socket.StartsWith(_folder, StringComparison.Ordinal));
            Assert.Equal(1, await ExecuteAsync(server, "SELECT 1"));
        }

        Assert.False(Directory.Exists(socket));
    }

    [Fact]
    public async Task An_interrupted_first_run_is_begun_again()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "postgres", "cluster.new", "base"));

        await using var server = await StartAsync();

        Assert.Equal(1, await ExecuteAsync(server, "SELECT 1"));
    }

    [Fact]
    public async Task A_note_of_a_process_that_is_another_now_does_not_stop_it_or_the_start()
    {
        await using (await StartAsync())
        {
        }

        // As after a power cut, when the number has been given to something else: this test itself.
        await File.WriteAllTextAsync(Path.Combine(_folder, "postgres", "cluster", "postmaster.pid"), Environment.ProcessId + "\n", Token);

        await using var server = await StartAsync();

        Assert.NotEqual(Environment.ProcessId, server.ProcessId);
        Assert.Equal(1, await ExecuteAsync(server, "SELECT 1"));
    }

    [Fact]
    public async Task Missing_binaries_are_one_sentence()
    {
        var empty = Directory.CreateDirectory(Path.Combine(_folder, "bin")).FullName;

        var missing = await Assert.ThrowsAsync<StorageStartException>(() => PostgresBinaries.FindAsync(empty, null, Token));

        Assert.Contains(empty, missing.Message, StringComparison.Ordinal);
        Assert.Contains("apt-get install postgresql", PostgresBinaries.HowToInstall, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_of_another_version_is_not_touched()
    {
        await ReadyAsync(_folder);
        var cluster = Directory.CreateDirectory(Path.Combine(_folder, "postgres", "cluster")).FullName;
        await File.WriteAllTextAsync(Path.Combine(cluster, "PG_VERSION"), "9\n", Token);

        var refused = await Assert.ThrowsAsync<StorageStartException>(StartAsync);

        Assert.Contains("made by PostgreSQL 9", refused.Message, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(cluster));
    }

    [Fact]
    public async Task A_server_that_cannot_start_says_why()
    {
        await using (await StartAsync())
        {
        }

        await File.AppendAllTextAsync(Path.Combine(_folder, "postgres", "cluster", "postgresql.conf"), "\nno_such_setting = 1\n", Token);

        var refused = await Assert.ThrowsAsync<StorageStartException>(StartAsync);

        Assert.Contains("PostgreSQL did not start", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Skips the test where PostgreSQL is not installed.</summary>
    private static async Task<string> ReadyAsync(string folder)
    {
        try
        {
            await PostgresBinaries.FindAsync(null, null, Token);
        }
        catch (StorageStartException e)
        {
            PostgresFixture.NotInstalled(e.Message);
        }

        return folder;
    }

    private async Task<EmbeddedPostgresServer> StartAsync() =>
        await EmbeddedPostgresServer.StartAsync(await ReadyAsync(_folder), null, _log, TimeProvider.System, Token);

    private static async Task<object?> ExecuteAsync(EmbeddedPostgresServer server, string sql)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString + ";Pooling=false");
        await connection.OpenAsync(Token);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Token);
    }

    private static void Kill(int pid)
    {
        using var process = Process.GetProcessById(pid);
        process.Kill();
    }

    private sealed class LogLines : ILogger
    {
        private readonly List<string> _lines = [];

        public IReadOnlyList<string> Lines => _lines;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Add(formatter(state, exception));
    }
}
