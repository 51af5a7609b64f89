using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Connections;
using OpsConsole.Core.Remote;

namespace OpsConsole.Core.Targets;

/// <summary>A kind of delivery target that is connected by configuration, once for each environment.</summary>
/// <param name="Name">As the configuration names it, for example <c>cloudflare-workers</c>.</param>
/// <param name="Settings">What it needs to be told.</param>
/// <param name="Create">Makes the adapter of one environment from settings without faults.</param>
public sealed record DeliveryTargetKind(string Name, IReadOnlyList<ConnectionSetting> Settings, Func<TargetSettings, RemoteConnections, IDeliveryTargetAdapter> Create)
{
    /// <summary>What is wrong with settings beyond what holds for each alone, one sentence each.</summary>
    public Func<TargetSettings, IEnumerable<string>> Faults { get; init; } = static _ => [];
}
