using Microsoft.Extensions.Options;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Remote;
using OpsConsole.Core.Remote.Outbound;
using OpsConsole.Core.Switches;
using OpsConsole.Core.Targets;
using OpsConsole.Core.Targets.Flags;
using OpsConsole.Web.Startup;

namespace OpsConsole.Web.Targets;

/// <summary>Makes the adapters of targets, wherever they are described.</summary>
internal sealed class TargetConnector(IOptions<OutboundOptions> outbound, ISwitchStore switches, IReleaseStore releases, SwitchBoard flags, TimeProvider time)
{
    /// <summary>The adapter of the console's own switches.</summary>
    public IDeliveryTargetAdapter Connect(FlagTargetOptions target) => new FlagAdapter(target, switches, releases, flags, time);

    /// <summary>The adapter of a target in its environment. Whoever names its address allows it by that, and still nothing that is never connected to.</summary>
    public IDeliveryTargetAdapter Connect(ConfiguredTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return Connect(target, target.Settings.Hosts());
    }

    /// <summary>The adapter of a target that is only thought of: it may connect to the kind's own address, and to what is allowed without it.</summary>
    public IDeliveryTargetAdapter ConnectDraft(ConfiguredTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return Connect(target, new TargetSettings(target.Kind, target.Settings.Target, target.Settings.Environment, new Dictionary<string, string>()).Hosts());
    }

    private EnvironmentTarget Connect(ConfiguredTarget target, IEnumerable<string> hosts)
    {
        var rules = OutboundRules.Read([.. outbound.Value.Allow, .. hosts], out _);
        var connections = new RemoteConnections(new GuardedConnections(() => rules).Handler, time);
        return new EnvironmentTarget(target.Kind.Create(target.Settings, connections), target.Settings.Environment, target.Kind.Name);
    }
}
