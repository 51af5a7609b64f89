using Microsoft.Extensions.Options;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Sources.Outbound;
using OpsConsole.Core.Switches;
using OpsConsole.Core.Targets;
using OpsConsole.Core.Targets.Flags;
using OpsConsole.Web.Startup;

namespace OpsConsole.Web.Targets;

/// <summary>Connects the configured targets when the console starts, before anything is carried out on them.</summary>
internal sealed class ConfiguredTargets(
    IOptions<TargetOptions> options, IOptions<OutboundOptions> outbound, ITargetRegistry targets, ISwitchStore switches, IReleaseStore releases, SwitchBoard flags, TimeProvider time) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var target in options.Value.Flags)
        {
            targets.Add(new FlagAdapter(target, switches, releases, flags, time));
        }

        foreach (var (kind, settings) in options.Value.Targets)
        {
            // Whoever names the address of a target allows it by that, and still nothing that is never connected to.
            var rules = OutboundRules.Read([.. outbound.Value.Allow, .. settings.Hosts()], out _);
            var connections = new TargetConnections(new GuardedConnections(() => rules).Handler, time);
            targets.Add(new EnvironmentTarget(kind.Create(settings, connections), settings.Environment));
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
