using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Remote;
using OpsConsole.Core.Targets.Kubernetes;

namespace OpsConsole.Core.Targets.ArgoRollouts;

/// <summary>Leads a Rollout of Argo from pause to pause, back, and reads what its pods or its router give out.</summary>
/// <remarks>The API keeps no idempotency keys: each step follows from how the Rollout stands, so that asking twice finds nothing left to do.</remarks>
internal sealed class RolloutAdapter(TargetSettings settings, RemoteConnections connections) : IDeliveryTargetAdapter
{
    private readonly KubeConnection _kube = new(settings, connections);

    public string Target => settings.Target;

    public TargetCapabilities Capabilities => RolloutKind.Capabilities;

    /// <inheritdoc/>
    public Task ApplyAsync(TargetChange change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        var images = Images(change.Service);
        var steps = new RolloutSteps(change, Path(change.Service), images);
        return _kube.BringAsync(token => ReadAsync(change.Service, images, token), now => steps.Next(now.Rollout, now.Sets), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<TargetObservation> ObserveAsync(string service, string environment, string version, CancellationToken cancellationToken)
    {
        var (now, sets) = await ReadAsync(service, Images(service), cancellationToken).ConfigureAwait(false);
        sets.RequireKnown();
        var share = now.ShareOf(version, sets);
        return new TargetObservation(share, now is { IsPaused: true, IsTakenUp: true, Object.IsHeld: false } && !now.PassesPauses(version, share), now.Object.ActionId, connections.Time.GetUtcNow())
        {
            Underway = now.IsGivenUp && share > 0 ? "It was aborted, and its requests go back to the stable pods." : now.Underway,
            Stuck = now.Stuck,
            IsComing = now.IsComing(version),
        };
    }

    private async Task<(RolloutStatus Rollout, KubeReplicaSets Sets)> ReadAsync(string service, ImageTemplate images, CancellationToken cancellationToken)
    {
        var rollout = await _kube.ReadAsync(Path(service), json => RolloutStatus.Read(json, images), cancellationToken).ConfigureAwait(false);
        var sets = await _kube.ReplicaSetsAsync(rollout.Object, images, cancellationToken).ConfigureAwait(false);

        // Where the pods' template is kept elsewhere, the ReplicaSet that it goes to tells the version.
        var version = rollout.HasWorkloadElsewhere ? rollout.Version ?? sets.VersionOf(rollout.Hashes.Current) : rollout.Version;
        return (rollout with { Version = version, SkipsSteps = rollout.IsInWindow(rollout.Hashes.Current, sets) }, sets);
    }

    private ImageTemplate Images(string service) => new(settings[KubeSettings.Image], settings.NameOf(service));

    private string Path(string service) => _kube.Path("argoproj.io/v1alpha1", "rollouts", settings.NameOf(service));
}
