using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Targets.AppStore;
using OpsConsole.Web.Playground.Rollouts;
using static OpsConsole.Tests.Core.Actions.Gate.GateWorld;

namespace OpsConsole.Tests.Core.Actions.Gate;

/// <summary>A halt on a real store that never takes a share back, through its real adapter.</summary>
public sealed class HaltOnStoreTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("store").FullName;
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private AppStore _store = null!;

    public async ValueTask InitializeAsync()
    {
        _store = new AppStore(StorePlatform.Ios, _folder, TimeProvider.System);
        await _store.StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_share_the_record_does_not_know_of_is_halted_where_it_is()
    {
        var world = new GateWorld();
        var release = world.Release(service: AppStore.App, target: "app-store");
        world.Targets.Add(new StoreAdapter(_http, _store.Options, TimeProvider.System));
        var promotion = Accepted(await world.PromoteAsync(release));
        _store.Rollouts.Put(AppStore.App, new RolloutChange(promotion.Id, release.Version, release.PreviousVersion, 50, Halted: false));
        world.Restart();

        // The clock stands still: the store answers in its own time, and no limit comes near.
        var halt = Accepted(await world.HaltAsync(release));
        await world.Executor.RunAsync(halt.Id, TestContext.Current.CancellationToken);

        Assert.Equal(ActionPhase.Confirmed, (await world.ActionAsync(halt.Id)).Phase);
        var rollout = _store.Rollouts.Find(AppStore.App)!;
        Assert.Equal((50d, true), (rollout.ExposurePercent, rollout.Halted));
        var stored = await world.StoredAsync(release);
        Assert.Equal((ReleasePhase.Halted, 2, 50d), (stored.Phase, stored.StageIndex, stored.ExposurePercent));
    }
}
