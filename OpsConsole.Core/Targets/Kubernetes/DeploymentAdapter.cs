using System.Text.Json.Nodes;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Remote;

namespace OpsConsole.Core.Targets.Kubernetes;

/// <summary>Has a Deployment replace its pods by those of another version, and counts the pods that answer requests.</summary>
/// <remarks>
/// The API keeps no idempotency keys, so the Deployment is read first, and nothing is asked for that is so already.
/// A Deployment holds no share of itself: between none and all it stays only where it is paused.
/// </remarks>
internal sealed class DeploymentAdapter(TargetSettings settings, RemoteConnections connections) : IDeliveryTargetAdapter
{
    private readonly KubeConnection _kube = new(settings, connections);

    public string Target => settings.Target;

    public TargetCapabilities Capabilities => DeploymentKind.Capabilities;

    /// <inheritdoc/>
    public Task ApplyAsync(TargetChange change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        var images = Images(change.Service);
        return _kube.BringAsync(token => ReadAsync(change.Service, images, token), now => Next(change, images, now.Deployment, now.Sets), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<TargetObservation> ObserveAsync(string service, string environment, string version, CancellationToken cancellationToken)
    {
        var (now, sets) = await ReadAsync(service, Images(service), cancellationToken).ConfigureAwait(false);
        sets.RequireKnown();
        var share = now.Desired == 0 && sets.Ready == 0 ? (now.Version == version ? 100 : 0) : sets.ShareOf(version);
        return new TargetObservation(share, now is { IsPaused: true, IsTakenUp: true, Object.IsHeld: false }, now.Object.ActionId, connections.Time.GetUtcNow())
        {
            Besides = sets.Ready == 0 ? "No pod of the Deployment is ready, so nobody is answered." : null,
            Underway = now.Underway,
            Stuck = now.Stuck,
            IsComing = now.Version == version,
        };
    }

    private KubeStep? Next(TargetChange change, ImageTemplate images, DeploymentState now, KubeReplicaSets sets)
    {
        if (change is { Halted: false, ExposurePercent: <= 0 } && !KubeReplicaSets.Concerns(change, now.Version, now.Object))
        {
            return null;
        }

        Action<JsonObject> edit = change switch
        {
            { Halted: true } => KubeObject.Pause(true),
            { ExposurePercent: <= 0 } when now.Version == change.Version => KubeObject.Pause(false) + sets.Undo(change, "Deployment"),
            { ExposurePercent: <= 0 } => KubeObject.Pause(false),
            { ExposurePercent: >= 100 } => KubeObject.Pause(false) + images.Set(change.Version),

            // Going on after a halt exposes nobody new, and a Deployment that is not paused does.
            _ when now.IsPaused && now.Version == change.Version => wanted => KubeObject.Hold(wanted, held: true),
            _ => throw new TargetRefusedException(
                $"A Deployment cannot hold {Wording.Percent(change.ExposurePercent)}: it replaces pod after pod until all have the version. Give the release one stage of 100 %, or the service a Rollout of Argo."),
        };
        return now.Object.Patch(change.ActionId, edit) is { } patch ? new KubeStep(_kube.DeploymentPath(settings.NameOf(change.Service)), patch) : null;
    }

    private async Task<(DeploymentState Deployment, KubeReplicaSets Sets)> ReadAsync(string service, ImageTemplate images, CancellationToken cancellationToken)
    {
        var deployment = await _kube.DeploymentAsync(settings.NameOf(service), images, cancellationToken).ConfigureAwait(false);
        return (deployment, await _kube.ReplicaSetsAsync(deployment.Object, images, cancellationToken).ConfigureAwait(false));
    }

    private ImageTemplate Images(string service) => new(settings[KubeSettings.Image], settings.NameOf(service));
}
