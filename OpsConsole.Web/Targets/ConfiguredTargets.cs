using Microsoft.Extensions.Options;
using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Web.Targets;

/// <summary>Connects the configured targets when the console starts, before anything is carried out on them.</summary>
internal sealed class ConfiguredTargets(IOptions<TargetOptions> options, TargetConnector connector, ITargetRegistry targets) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var adapter in options.Value.Flags.Select(t => connector.Connect(t)).Concat(options.Value.Targets.Select(t => connector.Connect(t))))
        {
            targets.Add(adapter);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
