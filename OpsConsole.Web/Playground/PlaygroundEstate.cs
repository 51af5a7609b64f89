using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Storage;
using OpsConsole.Core.Targets.AppStore;
using OpsConsole.Core.Targets.Gateway;
using OpsConsole.Web.Identity;
using OpsConsole.Web.Jobs;
using OpsConsole.Web.Playground.Devices;

namespace OpsConsole.Web.Playground;

/// <summary>Where the playground keeps what must survive a restart.</summary>
internal sealed record PlaygroundFolder(string Path);

/// <summary>Brings the playground up beside the console, and takes it down with it. Development only.</summary>
internal sealed class PlaygroundEstate(
    PlaygroundFolder folder,
    StorageReady storage,
    PlaygroundRegister register,
    PlaygroundPipeline pipeline,
    PlaygroundCorrection correction,
    PlaygroundObjectives objectives,
    PlaygroundLibrary library,
    RunningServices running,
    ITargetRegistry targets,
    ISourceSchedule sources,
    ServiceTokens tokens,
    IServer server,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<PlaygroundEstate> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            if (await ConsoleAddressAsync(stoppingToken) is not { } console)
            {
                logger.LogInformation("playground: off, since the console listens on no address that can be reached over HTTP");
                return;
            }

            await storage.WaitAsync(stoppingToken);
            await RunAsync(console, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The console stops.
        }
#pragma warning disable CA1031 // The console is more than its playground: without it, it goes on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            logger.LogError(e, "playground: stopped by a fault. Restart the console to have it again, or turn it off with OpsConsole__Playground=false.");
        }
    }

    private async Task RunAsync(Uri console, CancellationToken stoppingToken)
    {
        await using var servers = new PlaygroundServers(
            folder.Path, console, tokens.Issue("playground shop", Role.Viewer), tokens.Issue("playground pocket", Role.FlagClient), time);
        await servers.StartAsync(stoppingToken);
        running.Versions = servers.Versions;
        foreach (var version in servers.Versions)
        {
            logger.LogInformation("playground: {Service} {Version} on {Address}", version.Service, version.Version, version.Address);
        }

        logger.LogInformation("playground: gateway on {Address}, controlled at {Control}", servers.Gateway.Address, servers.Gateway.Options.Address);
        logger.LogInformation("playground: app stores on {AppStore} and {PlayStore}", servers.AppStore.Address, servers.PlayStore.Address);

        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
        targets.Add(new GatewayAdapter(http, servers.Gateway.Options, time));
        targets.Add(new StoreAdapter(http, servers.AppStore.Options, time));
        targets.Add(new StoreAdapter(http, servers.PlayStore.Options, time));

        var releases = await RegisterAsync(servers, console, stoppingToken);
        foreach (var version in servers.Versions)
        {
            await sources.AddAsync(PlaygroundBindings.For(version), stoppingToken);
            await sources.AddAsync(PlaygroundBindings.ChecksOf(version), stoppingToken);
        }

        var reporter = new SignalReporter(http, console, tokens.Issue("playground phones", AccessScope.Parse("*:signals:push")), servers.Populations, time, logger);
        logger.LogInformation(
            "playground: traffic starts: {Users} users, {Phones} phones. All of it is at {Console}",
            Traffic.LoadGenerator.Users, servers.Populations.Sum(population => population.Devices.Count), console);
        await FirstToEndAsync(
            [token => servers.RunTrafficAsync(token), token => reporter.RunAsync(token), token => pipeline.RunAsync(releases, token), token => correction.RunAsync(token)],
            stoppingToken);
    }

    /// <summary>Registers, however long the record cannot be written.</summary>
    private async Task<IReadOnlyList<Guid>> RegisterAsync(PlaygroundServers servers, Uri console, CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await register.AddSwitchesAsync(stoppingToken);
                await objectives.DefineAsync(console, stoppingToken);
                await library.SaveAsync(stoppingToken);
                return await register.RegisterAsync(servers, console, stoppingToken);
            }
#pragma warning disable CA1031 // Whatever keeps the record from being written may be gone in a moment.
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                logger.LogWarning("playground: not registered yet ({Reason}); trying again", e.Message);
                await Task.Delay(Pause, time, stoppingToken);
            }
        }
    }

    /// <summary>Runs all of them; when one ends, by a fault or because the console stops, the others end too.</summary>
    private static async Task FirstToEndAsync(Func<CancellationToken, Task>[] parts, CancellationToken stoppingToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        Task[] running = [.. parts.Select(part => part(stop.Token))];
        var first = await Task.WhenAny(running);
        await stop.CancelAsync();
        await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }

    /// <summary>The console's own address, seen from this machine; null when it has none.</summary>
    private async Task<Uri?> ConsoleAddressAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (lifetime.ApplicationStarted.Register(started.SetResult))
        {
            await started.Task.WaitAsync(stoppingToken);
        }

        return server.Features.Get<IServerAddressesFeature>()?.Addresses.Select(Reachable).FirstOrDefault(address => address is not null);
    }

    /// <summary>A http address that this machine can call; an address for all interfaces is called over loopback.</summary>
    internal static Uri? Reachable(string address)
    {
        var text = address.Replace("://+", "://127.0.0.1", StringComparison.Ordinal).Replace("://*", "://127.0.0.1", StringComparison.Ordinal);
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttp)
        {
            return null;
        }

        return uri.Host is "0.0.0.0" or "[::]" ? new UriBuilder(uri) { Host = "127.0.0.1" }.Uri : uri;
    }
}
