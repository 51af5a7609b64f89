using Microsoft.Extensions.Options;
using OpsConsole.Core.Storage;
using OpsConsole.Core.Storage.EmbeddedPostgres;

namespace OpsConsole.Web.Startup;

/// <summary>Starts the database, migrates it, says that it is ready, and keeps the embedded one running until the console stops.</summary>
internal sealed class StorageHost(
    IConfiguration configuration,
    IHostEnvironment environment,
    IOptions<ConsoleOptions> options,
    OpsConsoleDbContextFactory contexts,
    SchemaMigration schema,
    StorageReady ready,
    TimeProvider time,
    IHostApplicationLifetime lifetime,
    StartFailure failure,
    ILogger<StorageHost> log) : BackgroundService, IAsyncDisposable
{
    private static readonly TimeSpan Watch = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private EmbeddedPostgresServer? _embedded;

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await StopServerAsync();
    }

    /// <summary>Stops the server also where the console did not get as far as being stopped.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        base.Dispose();
    }

    private async Task StopServerAsync()
    {
        if (Interlocked.Exchange(ref _embedded, null) is { } server)
        {
            log.LogInformation("Database: stopping PostgreSQL");
            await server.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Starting a server takes seconds: the rest of the console starts meanwhile.
        await Task.Yield();
        try
        {
            var settings = StorageSettings.Read(configuration, environment, options);
            await ConnectAsync(settings, stoppingToken);
            await MigrateAsync(settings.Migrate, stoppingToken);
            ready.Set();
            log.LogInformation("Database: ready");
            if (_embedded is { } server)
            {
                await KeepRunningAsync(server, stoppingToken);
            }
        }
        catch (StorageStartException e)
        {
            failure.Record(e);

            // A start that is broken off fails in ways of its own; one that has finished stops in order.
            lifetime.ApplicationStarted.Register(lifetime.StopApplication);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The console stops.
        }
    }

    private async Task ConnectAsync(StorageSettings settings, CancellationToken stoppingToken)
    {
        if (settings.Provider == DatabaseProvider.Embedded)
        {
            _embedded = await EmbeddedPostgresServer.StartAsync(settings.DataFolder, settings.PostgresFolder, log, time, stoppingToken);
            contexts.Connect(DatabaseProvider.Embedded, _embedded.ConnectionString);
        }
        else
        {
            log.LogInformation("Database: using {Provider}", settings.Provider);
            contexts.Connect(settings.Provider, settings.ConnectionString);
        }
    }

    /// <summary>Migrates, or sees that someone has, however long the database is away.</summary>
    private async Task MigrateAsync(bool migrate, CancellationToken stoppingToken)
    {
        for (var pause = Watch; ; pause = Longer(pause))
        {
            try
            {
                await schema.ApplyAsync(migrate, stoppingToken);
                return;
            }
            catch (Exception e) when (SchemaMigration.MayPass(e) && !stoppingToken.IsCancellationRequested)
            {
                log.LogWarning("Database: cannot be reached ({Reason}); trying again in {Seconds} s", e.GetBaseException().Message, pause.TotalSeconds);
                await Task.Delay(pause, time, stoppingToken);
            }
        }
    }

    private async Task KeepRunningAsync(EmbeddedPostgresServer server, CancellationToken stoppingToken)
    {
        var pause = Watch;
        while (true)
        {
            await Task.Delay(pause, time, stoppingToken);
            try
            {
                pause = await server.EnsureRunningAsync(stoppingToken) ? Longer(pause) : Watch;
            }
            catch (StorageStartException e)
            {
                pause = Longer(pause);
                log.LogError("Database: {Sentence} Trying again in {Seconds} s", e.Message, pause.TotalSeconds);
            }
        }
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < LongestPause ? pause * 2 : LongestPause;
}
