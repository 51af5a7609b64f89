using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Remote;
using OpsConsole.Core.Targets.Aws;

namespace OpsConsole.Core.Targets.AwsEcs;

/// <summary>Has a service of ECS run the task definition of a version, and reads back which of its tasks run it.</summary>
/// <remarks>The API keeps no idempotency key for a change of a service, so what it is to run is read first, and nothing is asked for that is so already.</remarks>
internal sealed class EcsAdapter : IDeliveryTargetAdapter
{
    private readonly TargetSettings _settings;
    private readonly TimeProvider _time;
    private readonly AwsJson _ecs;
    private readonly TaskDefinitions _definitions;

    public EcsAdapter(TargetSettings settings, RemoteConnections connections)
    {
        (_settings, _time) = (settings, connections.Time);
        _ecs = new AwsJson(settings, connections, "ECS", "ecs", "AmazonEC2ContainerServiceV20141113");
        _definitions = new TaskDefinitions(_ecs, settings[EcsKind.VersionTag]);
    }

    public string Target => _settings.Target;

    public TargetCapabilities Capabilities => EcsKind.Capabilities;

    /// <inheritdoc/>
    public async Task ApplyAsync(TargetChange change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        var version = Wanted(change);
        var name = _settings.NameOf(change.Service);
        var service = await FindAsync(name, cancellationToken).ConfigureAwait(false) ?? throw new TargetRefusedException(Unknown(name));
        if (service.WhyNot is { } why)
        {
            throw new TargetRefusedException(why);
        }

        var now = service.Primary!;
        if (change.ExposurePercent <= 0 && !await IsThereAsync(service, change.Version, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        var family = EcsService.Family(service.TaskDefinition);
        var running = service.Deployments.Select(d => d.TaskDefinition).ToList();
        var arn = await _definitions.FindAsync(family, version, running, isBack: change.ExposurePercent <= 0, cancellationToken).ConfigureAwait(false) ?? throw new TargetRefusedException(_definitions.WhyNot(family, version));
        if (now.TaskDefinition == arn && !now.HasFailed)
        {
            return;
        }

        // What the circuit breaker ended starts no more tasks, and asking for the same task definition changes nothing unless it is forced.
        _ecs.Accept(await _ecs.AskAsync(
            "UpdateService",
            new { cluster = _settings[EcsKind.Cluster], service = name, taskDefinition = arn, forceNewDeployment = now.TaskDefinition == arn },
            cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public async Task<TargetObservation> ObserveAsync(string service, string environment, string version, CancellationToken cancellationToken)
    {
        var name = _settings.NameOf(service);
        var seen = await FindAsync(name, cancellationToken).ConfigureAwait(false) ?? throw new TargetUnreachableException(Unknown(name)) { Answered = true };
        if (seen.WhyNot is { } why)
        {
            throw new TargetUnreachableException(why);
        }

        var of = 0;
        foreach (var deployment in seen.Deployments.Where(d => d.Running > 0))
        {
            of += await _definitions.IsAsync(deployment.TaskDefinition, version, cancellationToken).ConfigureAwait(false) ? deployment.Running : 0;
        }

        return new TargetObservation(seen.Running == 0 ? 0 : 100.0 * of / seen.Running, false, null, _time.GetUtcNow())
        {
            Underway = seen.Underway,
            Besides = seen.Running == 0 ? "No task of this service runs." : null,
            Stuck = seen.Primary!.HasFailed ? $"ECS gave up replacing the tasks: {(seen.Primary.RolloutReason ?? "it does not say why").TrimEnd('.')}." : null,
            IsComing = !seen.Primary.HasFailed && await _definitions.IsAsync(seen.Primary.TaskDefinition, version, cancellationToken).ConfigureAwait(false),
        };
    }

    private static string Wanted(TargetChange change) => change switch
    {
        { Halted: true } => throw new TargetRefusedException(EcsKind.InsteadOfHalt),
        { ExposurePercent: >= 100 } => change.Version,
        { ExposurePercent: > 0 } => throw new TargetRefusedException("A rolling update of ECS cannot hold a share: it goes on until every task is replaced. Ask for 100 %."),
        _ => change.PreviousVersion ?? throw new TargetRefusedException("The release has no version before it that could run in its place."),
    };

    private async Task<bool> IsThereAsync(EcsService service, string version, CancellationToken cancellationToken)
    {
        foreach (var deployment in service.Deployments.Where(d => d.IsPrimary || d.Running > 0))
        {
            if (await _definitions.IsAsync(deployment.TaskDefinition, version, cancellationToken).ConfigureAwait(false))
            {
                return true;
            }
        }

        return false;
    }

    private async Task<EcsService?> FindAsync(string name, CancellationToken cancellationToken)
    {
        var found = await _ecs.ReadAsync("DescribeServices", new { cluster = _settings[EcsKind.Cluster], services = new[] { name } }, EcsService.Read, cancellationToken).ConfigureAwait(false);
        return found.Count > 0 ? found[0] : null;
    }

    private string Unknown(string name) => $"ECS has no service {name} in the cluster {_settings[EcsKind.Cluster]}.";
}
