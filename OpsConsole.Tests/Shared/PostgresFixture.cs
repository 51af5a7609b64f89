using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using OpsConsole.Core.Storage;
using OpsConsole.Core.Storage.EmbeddedPostgres;

[assembly: AssemblyFixture(typeof(OpsConsole.Tests.Shared.PostgresFixture))]

namespace OpsConsole.Tests.Shared;

/// <summary>One PostgreSQL for the whole test run, started when the first test asks for a database. Take it as a constructor parameter of the test class.</summary>
public sealed class PostgresFixture : IAsyncDisposable
{
    private const string Template = "opsconsole_test_template";

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly string _folder = Directory.CreateTempSubdirectory("opsconsole-tests-").FullName;
    private EmbeddedPostgresServer? _server;
    private string? _missing;

    /// <summary>A migrated, empty database of its own. Skips the test by name where PostgreSQL is not installed; fails it there when CI=true.</summary>
    public async Task<TestDatabase> CreateDatabaseAsync(CancellationToken cancellationToken = default)
    {
        var server = await ServerAsync(cancellationToken);
        var name = "opsconsole_test_" + Guid.NewGuid().ToString("N");
        await ExecuteAsync(server.ConnectionTo("postgres"), $"CREATE DATABASE {name} TEMPLATE {Template}", cancellationToken);
        return new TestDatabase(server.ConnectionTo(name), drop: null);
    }

    /// <summary>A database with nothing in it, no schema either.</summary>
    public async Task<TestDatabase> CreateEmptyDatabaseAsync(CancellationToken cancellationToken = default)
    {
        var server = await ServerAsync(cancellationToken);
        var name = "opsconsole_test_" + Guid.NewGuid().ToString("N");
        await ExecuteAsync(server.ConnectionTo("postgres"), $"CREATE DATABASE {name} TEMPLATE template0", cancellationToken);
        return new TestDatabase(server.ConnectionTo(name), drop: null);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
        _gate.Dispose();
    }

    /// <summary>Skips (or, when CI=true, fails) the running test where PostgreSQL is not installed.</summary>
    internal static void NotInstalled(string sentence)
    {
        Assert.False(Environment.GetEnvironmentVariable("CI") == "true", sentence);
        Assert.Skip(sentence);
    }

    private async Task<EmbeddedPostgresServer> ServerAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_missing is null && _server is null)
            {
                await StartAsync(cancellationToken);
            }
        }
        finally
        {
            _gate.Release();
        }

        if (_missing is { } sentence)
        {
            NotInstalled(sentence);
        }

        return _server!;
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            _server = await EmbeddedPostgresServer.StartAsync(_folder, null, NullLogger.Instance, TimeProvider.System, cancellationToken);
        }
        catch (StorageStartException e) when (e.Message == PostgresBinaries.HowToInstall)
        {
            _missing = e.Message;
            return;
        }

        await ExecuteAsync(_server.ConnectionTo("postgres"), $"CREATE DATABASE {Template}", cancellationToken);
        await using var template = new TestDatabase(_server.ConnectionTo(Template) + ";Pooling=false", drop: null);
        await new SchemaMigration(template.Contexts, NullLogger<SchemaMigration>.Instance).ApplyAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(string connectionString, string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
