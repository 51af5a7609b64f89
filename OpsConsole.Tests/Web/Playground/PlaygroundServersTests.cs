using System.Net;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Sources.PrometheusText;
using OpsConsole.Core.Targets.AppStore;
using OpsConsole.Tests.Core.Targets;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Playground;
using OpsConsole.Web.Playground.Rollouts;
using OpsConsole.Web.Playground.Traffic;

namespace OpsConsole.Tests.Web.Playground;

/// <summary>The estate as a whole, without the console.</summary>
public sealed class PlaygroundServersTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("estate").FullName;
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private MisbehavingServer _console = null!;
    private PlaygroundServers _servers = null!;

    public async ValueTask InitializeAsync()
    {
        _console = await MisbehavingServer.AnswersAsync(HttpStatusCode.OK, "{\"flags\":[],\"value\":true}");
        _servers = new PlaygroundServers(_folder, _console.Address, "token", "token", TimeProvider.System);
        await _servers.StartAsync(TestContext.Current.CancellationToken);
        Split("shop", "2.15.0", "2.14.3", 25);
        Split("search", "89.0.0", "88.0.0", 25);
        _servers.PlayStore.Rollouts.Put("pocket", new RolloutChange(Guid.NewGuid(), "7.4.0", "7.3.1", 100, Halted: false));
        _servers.AppStore.Rollouts.Put("pocket", new RolloutChange(Guid.NewGuid(), "7.4.0", "7.3.1", 0, Halted: false));
    }

    public async ValueTask DisposeAsync()
    {
        await _servers.DisposeAsync();
        await _console.DisposeAsync();
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_user_always_meets_the_same_version_and_the_shares_are_as_asked()
    {
        List<string> served = [];
        for (var i = 0; i < LoadGenerator.Users; i++)
        {
            var first = await ServedByAsync(LoadGenerator.UserAt(i));
            Assert.Equal(first, await ServedByAsync(LoadGenerator.UserAt(i)));
            served.Add(first);
        }

        Assert.InRange(served.Count(version => version == "search/89.0.0"), LoadGenerator.Users / 8, LoadGenerator.Users / 2);
        Assert.All(served, version => Assert.Contains(version, new[] { "search/88.0.0", "search/89.0.0" }));
    }

    [Fact]
    public async Task A_changed_weight_counts_from_the_next_request()
    {
        Split("search", "89.0.0", "88.0.0", 100);
        Assert.Equal("search/89.0.0", await ServedByAsync("anyone"));

        Split("search", "89.0.0", "88.0.0", 0);
        Assert.Equal("search/88.0.0", await ServedByAsync("anyone"));
    }

    [Fact]
    public async Task What_is_not_there_is_a_bad_gateway()
    {
        using var response = await _http.GetAsync(new Uri(_servers.Gateway.Address, "nothing/here"));

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
    }

    [Fact]
    public async Task Phones_take_updates_and_crash_where_the_build_does()
    {
        var android = _servers.Populations.Single(population => population.Platform == StorePlatform.Android);

        await Task.WhenAll(android.Devices.Take(50).Select(device => android.UseAsync(device, CancellationToken.None)));

        var (version, report) = Assert.Single(android.TakeReports());
        Assert.Equal("7.4.0", version);
        Assert.Equal(50, report.Counts.Sessions);
        Assert.Equal(5, report.Counts.Crashes);
        Assert.Equal(45, report.Counts.SignUps);
        Assert.Equal(45, report.CrashFreeUsers);
    }

    [Fact]
    public async Task Phones_keep_the_old_app_while_the_store_does_not_offer_the_new_one()
    {
        var ios = _servers.Populations.Single(population => population.Platform == StorePlatform.Ios);

        await Task.WhenAll(ios.Devices.Take(20).Select(device => ios.UseAsync(device, CancellationToken.None)));

        var (version, report) = Assert.Single(ios.TakeReports());
        Assert.Equal("7.3.1", version);
        Assert.Equal(0, report.Counts.Crashes);
    }

    [Fact]
    public async Task Traffic_reaches_every_version_and_is_counted_there()
    {
        using var stop = new CancellationTokenSource();
        var traffic = _servers.RunTrafficAsync(stop.Token);

        await Eventually.TrueAsync(
            async () =>
            {
                foreach (var running in _servers.Versions)
                {
                    var counted = await _http.GetStringAsync(running.Metrics);
                    if (PrometheusValue.Read(counted, "http_request_duration_seconds_count{class=\"2xx\"}") < 3)
                    {
                        return false;
                    }
                }

                return true;
            },
            TimeSpan.FromSeconds(30));

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => traffic);
    }

    [Fact]
    public void Everyone_comes_in_turn_and_every_fifth_request_buys()
    {
        var turns = Enumerable.Range(0, LoadGenerator.Users * 5);

        Assert.All(turns.GroupBy(turn => LoadGenerator.UserAt(turn)), user =>
            Assert.Equal(1, user.Count(turn => LoadGenerator.ShopPath(turn) == "shop/checkout")));
    }

    [Fact]
    public async Task What_the_objectives_count_is_measured_on_the_traffic()
    {
        using var stop = new CancellationTokenSource();
        var traffic = _servers.RunTrafficAsync(stop.Token);
        using var schedule = new CancellationTokenSource(TimeSpan.FromSeconds(40));
        var kind = PrometheusTextSource.Kind(() => new HttpClient(new SocketsHttpHandler { UseProxy = false }), TimeProvider.System);
        var sources = _servers.Versions.Select(v => PlaygroundBindings.For(v)).Select(b => (Binding: b, Source: kind.Create(b))).ToList();
        var wanted = PlaygroundObjectives.All(_console.Address).Select(o => o.Definition.Signal!).ToHashSet();
        Dictionary<string, SignalSample> measured = [];
        await Eventually.TrueAsync(
            async () =>
            {
                foreach (var (_, source) in sources)
                {
                    Assert.Null(await source.ReadAsync(
                        sample =>
                        {
                            Assert.NotEqual(SampleKind.Error, sample.Kind);
                            if (sample is { Kind: SampleKind.Measured, Count: > 0 })
                            {
                                measured[sample.Address.Signal.Value] = sample;
                            }
                        },
                        schedule.Token));
                }

                return wanted.All(measured.ContainsKey);
            },
            TimeSpan.FromSeconds(40),
            () => "Not measured: " + string.Join(", ", wanted.Except(measured.Keys)));

        Assert.Equal(5, wanted.Count);
        Assert.All(wanted, signal => Assert.InRange(measured[signal].Value, 0, 100));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => traffic);
    }

    [Fact]
    public void Everyone_signs_in_now_and_then()
    {
        var turns = Enumerable.Range(0, LoadGenerator.Users * 25);

        Assert.All(turns.GroupBy(turn => LoadGenerator.UserAt(turn)), user =>
            Assert.Equal(1, user.Count(turn => LoadGenerator.ShopPath(turn) == "shop/sign-in")));
    }

    private void Split(string service, string version, string previous, double percent) =>
        _servers.Gateway.Splits.Put(service, new RolloutChange(Guid.NewGuid(), version, previous, percent, Halted: false));

    private async Task<string> ServedByAsync(string user)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_servers.Gateway.Address, "search/search?q=radio"));
        request.Headers.Add("X-User", user);
        using var response = await _http.SendAsync(request);
        return response.Headers.GetValues("X-Served-By").Single();
    }
}
