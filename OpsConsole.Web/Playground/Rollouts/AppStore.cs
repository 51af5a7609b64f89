using OpsConsole.Core.Targets.AppStore;
using OpsConsole.Web.Playground.Servers;

namespace OpsConsole.Web.Playground.Rollouts;

/// <summary>An app store with phased releases: it offers versions, and never takes one back.</summary>
internal sealed class AppStore(StorePlatform platform, string folder, TimeProvider time) : IAsyncDisposable
{
    private readonly string _token = RolloutControl.NewToken();
    private LoopbackServer? _server;

    /// <summary>The one app in it.</summary>
    public const string App = "pocket";

    public RolloutTable Rollouts { get; } = new(Path.Combine(folder, PathName(platform) + "-store.json"), canShrink: false, time);

    public StoreOptions Options => new() { Platform = platform, Address = Address, Token = _token };

    public Uri Address => _server?.Address ?? throw new InvalidOperationException("The store is not started.");

    /// <summary>Where devices ask which version they may install: <c>{address}?device={id}</c>.</summary>
    public Uri Updates => new(Address, $"stores/{PathName(platform)}/update");

    public async Task StartAsync(CancellationToken cancellationToken) => _server = await LoopbackServer.StartAsync(
        app =>
        {
            app.UseRouting();
            app.MapRollouts("rollouts", _token, Rollouts, (service, _) => service == App);
            app.MapGet($"/stores/{PathName(platform)}/update", Update);
        },
        cancellationToken);

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? default;

    private static string PathName(StorePlatform platform) => platform == StorePlatform.Ios ? "ios" : "android";

    /// <summary>What a device may install now, as text. A halted rollout is offered to nobody; a device that has it already does not ask to have it taken away.</summary>
    private IResult Update(string? device)
    {
        if (string.IsNullOrEmpty(device))
        {
            return Results.BadRequest();
        }

        var rollout = Rollouts.Find(App);
        return rollout is null ? Results.NotFound()
            : Results.Text(rollout.Halted ? rollout.PreviousVersion ?? rollout.Version : rollout.VersionFor(device));
    }
}
