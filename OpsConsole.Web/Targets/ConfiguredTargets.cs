using Microsoft.Extensions.Options;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Switches;
using OpsConsole.Core.Targets.Flags;

namespace OpsConsole.Web.Targets;

/// <summary>Connects the configured targets when the console starts, before anything is carried out on them.</summary>
internal sealed class ConfiguredTargets(
    IOptions<TargetOptions> options, ITargetRegistry targets, ISwitchStore switches, IReleaseStore releases, SwitchBoard flags, TimeProvider time) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var target in options.Value.Flags)
        {
            targets.Add(new FlagAdapter(target, switches, releases, flags, time));
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
