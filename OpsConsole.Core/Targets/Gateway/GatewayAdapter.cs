using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Core.Targets.Gateway;

/// <summary>Changes the weight of a version on a gateway and reads it back.</summary>
public sealed class GatewayAdapter(HttpClient http, GatewayOptions options, TimeProvider time) : IDeliveryTargetAdapter
{
    private readonly RolloutClient _client = new(http, options, time, "The gateway", "splits");

    public string Target => options.Target;

    public string? Kind => "gateway";

    public TargetCapabilities Capabilities => GatewayCapabilities.Value;

    public Task ApplyAsync(TargetChange change, CancellationToken cancellationToken) => _client.PutAsync(change, cancellationToken);

    public Task<TargetObservation> ObserveAsync(string service, string environment, string version, CancellationToken cancellationToken) =>
        _client.GetAsync(service, version, cancellationToken);
}
