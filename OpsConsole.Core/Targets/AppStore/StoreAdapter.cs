using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Core.Targets.AppStore;

/// <summary>Changes the user fraction of a phased release in an app store and reads it back.</summary>
public sealed class StoreAdapter(HttpClient http, StoreOptions options, TimeProvider time) : IDeliveryTargetAdapter
{
    private readonly RolloutClient _client = new(http, options, time, "The " + StoreCapabilities.For(options.Platform).Title, "rollouts");

    public string Target => options.Target;

    public string? Kind { get; } = options.Platform == StorePlatform.Ios ? "app-store" : "play-store";

    public TargetCapabilities Capabilities { get; } = StoreCapabilities.For(options.Platform);

    /// <inheritdoc/>
    /// <remarks>The store refuses a smaller share than the rollout has reached, since installed updates stay installed.</remarks>
    public Task ApplyAsync(TargetChange change, CancellationToken cancellationToken) => _client.PutAsync(change, cancellationToken);

    public Task<TargetObservation> ObserveAsync(string service, string environment, string version, CancellationToken cancellationToken) =>
        _client.GetAsync(service, version, cancellationToken);
}
