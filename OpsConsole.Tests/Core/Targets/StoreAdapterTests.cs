using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Targets.AppStore;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Playground.Devices;
using OpsConsole.Web.Playground.Rollouts;

namespace OpsConsole.Tests.Core.Targets;

/// <summary>The adapter against the playground's real stores.</summary>
public sealed class StoreAdapterTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("store").FullName;
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private AppStore _store = null!;
    private StoreAdapter _adapter = null!;

    public async ValueTask InitializeAsync()
    {
        _store = new AppStore(StorePlatform.Android, _folder, TimeProvider.System);
        _store.Rollouts.Put(AppStore.App, new RolloutChange(Guid.NewGuid(), "7.4.0", "7.3.1", 0, Halted: false));
        await _store.StartAsync(TestContext.Current.CancellationToken);
        _adapter = new StoreAdapter(_http, _store.Options, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(StorePlatform.Ios, "app-store")]
    [InlineData(StorePlatform.Android, "play-store")]
    public void A_store_says_that_it_cannot_roll_back_and_what_helps_instead(StorePlatform platform, string target)
    {
        var adapter = new StoreAdapter(_http, _store.Options with { Platform = platform }, TimeProvider.System);

        Assert.Equal(target, adapter.Target);
        Assert.DoesNotContain(ActionVerb.Rollback, adapter.Capabilities.Verbs);
        Assert.Contains("kill switch", adapter.Capabilities.Instead[ActionVerb.Rollback], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Devices_are_offered_the_version_by_share()
    {
        await _adapter.ApplyAsync(Change(25), default);

        var offers = await OffersAsync();

        Assert.InRange(offers.Count(version => version == "7.4.0"), Device.PerPlatform / 8, Device.PerPlatform / 2);
        Assert.Equal(25, (await _adapter.ObserveAsync("pocket", "production", "7.4.0", default)).ExposurePercent);
    }

    [Fact]
    public async Task A_halt_stops_the_offer_and_is_read_back()
    {
        await _adapter.ApplyAsync(Change(50), default);
        await _adapter.ApplyAsync(Change(50, halted: true), default);

        Assert.All(await OffersAsync(), version => Assert.Equal("7.3.1", version));
        var seen = await _adapter.ObserveAsync("pocket", "production", "7.4.0", default);
        Assert.True(seen.Halted);
        Assert.Equal(50, seen.ExposurePercent);

        await _adapter.ApplyAsync(Change(50), default);
        Assert.Contains("7.4.0", await OffersAsync());
    }

    [Fact]
    public async Task Taking_back_is_refused_in_the_stores_words()
    {
        await _adapter.ApplyAsync(Change(25), default);

        var refused = await Assert.ThrowsAsync<TargetRefusedException>(() => _adapter.ApplyAsync(Change(0, halted: true), default));

        Assert.Contains("cannot be taken back", refused.Message, StringComparison.Ordinal);
        Assert.Equal(25, (await _adapter.ObserveAsync("pocket", "production", "7.4.0", default)).ExposurePercent);
    }

    [Fact]
    public async Task A_store_that_hangs_is_unreachable_after_the_limit()
    {
        await using var hanging = await MisbehavingServer.HangsAsync();
        var time = new FakeTime();
        var adapter = new StoreAdapter(_http, _store.Options with { Address = hanging.Address }, time);

        var apply = adapter.ApplyAsync(Change(25), default);
        await Eventually.TrueAsync(() => hanging.Requests == 1);
        time.Advance(TimeSpan.FromSeconds(5));

        await Assert.ThrowsAsync<TargetUnreachableException>(() => apply);
    }

    private static TargetChange Change(double percent, bool halted = false) => new(Guid.NewGuid(), "pocket", "production", "7.4.0", "7.3.1", percent, halted);

    private async Task<List<string>> OffersAsync()
    {
        List<string> offers = [];
        foreach (var device in Device.All(StorePlatform.Android, "7.3.1", null))
        {
            offers.Add(await _http.GetStringAsync(new Uri($"{_store.Updates}?device={device.Id}")));
        }

        return offers;
    }
}
