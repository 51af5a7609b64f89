using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Core.Targets;

/// <summary>Holds an adapter to the one environment that its credential is for.</summary>
public sealed class EnvironmentTarget(IDeliveryTargetAdapter adapter, string only) : IDeliveryTargetAdapter
{
    public string Target => adapter.Target;

    public string? Environment => only;

    public TargetCapabilities Capabilities => adapter.Capabilities;

    /// <inheritdoc/>
    public Task ApplyAsync(TargetChange change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        return change.Environment == only
            ? adapter.ApplyAsync(change, cancellationToken)
            : throw new TargetRefusedException($"{Target} is connected for {only} here, and not for {change.Environment}.");
    }

    /// <inheritdoc/>
    public Task<TargetObservation> ObserveAsync(string service, string environment, string version, CancellationToken cancellationToken) => environment == only
        ? adapter.ObserveAsync(service, environment, version, cancellationToken)
        : throw new TargetUnreachableException($"{Target} is connected for {only} here, and not for {environment}.");
}
