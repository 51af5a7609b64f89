using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Core.Targets;

/// <summary>Holds an adapter to the one environment that its credential is for.</summary>
/// <param name="adapter">The adapter.</param>
/// <param name="only">The environment.</param>
/// <param name="kind">What kind of target it is.</param>
public sealed class EnvironmentTarget(IDeliveryTargetAdapter adapter, string only, string? kind = null) : IDeliveryTargetAdapter
{
    public string Target => adapter.Target;

    public string? Kind => kind ?? adapter.Kind;

    public string? Environment => only;

    public TargetCapabilities Capabilities => adapter.Capabilities;

    /// <inheritdoc/>
    public T? As<T>()
        where T : class => adapter.As<T>();

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
