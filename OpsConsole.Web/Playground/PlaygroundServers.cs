using OpsConsole.Core.Targets.AppStore;
using OpsConsole.Web.Playground.Devices;
using OpsConsole.Web.Playground.Rollouts;
using OpsConsole.Web.Playground.Search;
using OpsConsole.Web.Playground.Servers;
using OpsConsole.Web.Playground.Shop;
using OpsConsole.Web.Playground.Traffic;

namespace OpsConsole.Web.Playground;

/// <summary>Everything of the playground that runs: services in two versions, the gateway, the stores, the phones and the users.</summary>
internal sealed class PlaygroundServers : IAsyncDisposable
{
    private readonly HttpClient _inside = Client();
    private readonly HttpClient _outside = Client();
    private readonly TimeProvider _time;
    private readonly string _folder;
    private readonly PocketFlags _pocketFlags;
    private LoopbackServer? _backing;

    /// <summary>Nothing runs yet. What is kept is kept in <paramref name="folder"/>; the shop and the phones read their flags from <paramref name="console"/>, each with a token of its own.</summary>
    public PlaygroundServers(string folder, Uri console, string flagToken, string pocketToken, TimeProvider time)
    {
        _time = time;
        _folder = folder;
        Flags = new FlagReader(_inside, console, flagToken, PlaygroundReleases.Shop, time);
        _pocketFlags = new PocketFlags(_outside, console, pocketToken, time);
        Gateway = new TrafficGateway(_inside, folder, time);
        AppStore = new AppStore(StorePlatform.Ios, folder, time);
        PlayStore = new AppStore(StorePlatform.Android, folder, time);
    }

    public FlagReader Flags { get; }

    public TrafficGateway Gateway { get; }

    public AppStore AppStore { get; }

    public AppStore PlayStore { get; }

    /// <summary>The running versions of the services, with where each shows its metrics.</summary>
    public IReadOnlyList<RunningVersion> Versions { get; private set; } = [];

    public IReadOnlyList<DevicePopulation> Populations { get; private set; } = [];

    /// <summary>The rollouts that a target keeps.</summary>
    public RolloutTable TableOf(string target) => target switch
    {
        "gateway" => Gateway.Splits,
        "app-store" => AppStore.Rollouts,
        "play-store" => PlayStore.Rollouts,
        _ => throw new ArgumentOutOfRangeException(nameof(target), target, "The playground has no such target."),
    };

    /// <summary>Starts the servers. Traffic starts with <see cref="RunTrafficAsync"/>.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _backing = await BackingServices.StartAsync(_time, cancellationToken);
        var oldShop = new ShopService(_inside, _backing.Address, _time, personal: null);
        var newShop = new ShopService(_inside, _backing.Address, _time, () => Flags.IsOn(Recommendations.Flag, codeDefault: false));
        var oldSearch = new SearchService(_time, findsBeginnings: false);
        var newSearch = new SearchService(_time, findsBeginnings: true);
        await oldShop.StartAsync(cancellationToken);
        await newShop.StartAsync(cancellationToken);
        await oldSearch.StartAsync(cancellationToken);
        await newSearch.StartAsync(cancellationToken);
        Versions =
        [
            new(PlaygroundReleases.Shop, "2.14.3", oldShop.Address, oldShop.Metrics, oldShop),
            new(PlaygroundReleases.Shop, "2.15.0", newShop.Address, newShop.Metrics, newShop),
            new(PlaygroundReleases.Search, "88.0.0", oldSearch.Address, oldSearch.Metrics, oldSearch),
            new(PlaygroundReleases.Search, "89.0.0", newSearch.Address, newSearch.Metrics, newSearch),
        ];
        foreach (var version in Versions)
        {
            Gateway.Route(version.Service, version.Version, version.Address);
        }

        // Accounts have one version, and are behind the gateway like everything that devices call.
        Gateway.Route(Accounts, AccountsVersion, _backing.Address);
        Gateway.Splits.Put(Accounts, new RolloutChange(Guid.CreateVersion7(), AccountsVersion, null, 100, Halted: false));
        await Gateway.StartAsync(cancellationToken);
        await AppStore.StartAsync(cancellationToken);
        await PlayStore.StartAsync(cancellationToken);
        var app = new PocketApp(_outside, Gateway.Address, _pocketFlags, _time);
        Populations = [Population(StorePlatform.Ios, AppStore, app), Population(StorePlatform.Android, PlayStore, app)];
    }

    /// <summary>Users, phones and the shop's reading of its flags, until cancelled.</summary>
    public Task RunTrafficAsync(CancellationToken cancellationToken) => Task.WhenAll(
    [
        Flags.RunAsync(cancellationToken),
        new LoadGenerator(_outside, Gateway.Address, _time).RunAsync(cancellationToken),
        .. Populations.Select(population => population.RunAsync(cancellationToken)),
    ]);

    public async ValueTask DisposeAsync()
    {
        IEnumerable<IAsyncDisposable?> running = [Gateway, AppStore, PlayStore, .. Versions.Select(version => version.Process), _backing];
        foreach (var one in running)
        {
            if (one is not null)
            {
                await one.DisposeAsync();
            }
        }

        _outside.Dispose();
        _inside.Dispose();
    }

    private const string Accounts = "accounts";
    private const string AccountsVersion = "1.0.0";

    private DevicePopulation Population(StorePlatform platform, AppStore store, PocketApp app) => new(
        _outside, platform, store.Updates, app, PlaygroundReleases.StableApp, Path.Combine(_folder, $"devices-{(platform == StorePlatform.Ios ? "ios" : "android")}.json"), _time);

    /// <summary>Straight to loopback: no proxy, no cookies, no redirects.</summary>
    private static HttpClient Client() => new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ConnectTimeout = TimeSpan.FromSeconds(2),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
    })
    { Timeout = TimeSpan.FromSeconds(10) };
}

/// <summary>One running version of a service.</summary>
/// <param name="Service">Which service.</param>
/// <param name="Version">Which version of it.</param>
/// <param name="Address">Where it listens; its metrics are at <c>metrics</c>.</param>
/// <param name="Counters">What it counts of itself.</param>
/// <param name="Process">What is stopped to stop it.</param>
internal sealed record RunningVersion(string Service, string Version, Uri Address, ServiceMetrics Counters, IAsyncDisposable Process)
{
    public Uri Metrics => new(Address, "metrics");
}
