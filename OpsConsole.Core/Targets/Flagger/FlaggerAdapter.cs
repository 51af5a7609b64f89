using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using OpsConsole.Core.Actions.Confirm;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Catalog;
using OpsConsole.Core.Remote;
using OpsConsole.Core.Targets.Kubernetes;

namespace OpsConsole.Core.Targets.Flagger;

/// <summary>Gives Flagger a version to analyse and to promote, suspends it, and gives it the previous one.</summary>
/// <remarks>Flagger goes from weight to weight by itself: the console begins it, stops it and reads it, and holds no share but by suspending.</remarks>
internal sealed class FlaggerAdapter(TargetSettings settings, RemoteConnections connections) : IDeliveryTargetAdapter, IAskingTarget
{
    private readonly KubeConnection _kube = new(settings, connections);

    public string Target => settings.Target;

    public TargetCapabilities Capabilities => FlaggerKind.Capabilities;

    /// <inheritdoc/>
    public Task ApplyAsync(TargetChange change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        var images = Images(change.Service);
        return _kube.BringAsync(token => ReadAsync(change.Service, images, token), now => Next(change, images, now), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<TargetObservation> ObserveAsync(string service, string environment, string version, CancellationToken cancellationToken)
    {
        var now = await ReadAsync(service, Images(service), cancellationToken).ConfigureAwait(false);
        now.Watched.Sets.RequireKnown();
        now.Primary.Sets.RequireKnown();
        var (canary, underway) = (now.Canary, now.Underway(version));
        return new TargetObservation(
            now.ShareOf(version), canary.IsSuspended && !canary.Object.IsHeld, canary.IsSuspended ? canary.Object.ActionId : now.Watched.Deployment.Object.ActionId, connections.Time.GetUtcNow())
        {
            Underway = underway,
            Stuck = canary.HasFailed && underway is null ? $"Flagger failed it: {canary.Message ?? "no reason given"}" : null,
            IsComing = now.IsComing(version),
        };
    }

    /// <inheritdoc/>
    public bool IsAnswered => settings[FlaggerKind.HookToken].Length > 0;

    /// <inheritdoc/>
    public bool Trusts(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return IsAnswered && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(token)), SHA256.HashData(Encoding.UTF8.GetBytes(settings[FlaggerKind.HookToken])));
    }

    /// <inheritdoc/>
    public string? ServiceOf(string space, string name)
    {
        var service = settings.Services.FirstOrDefault(s => s.Value == name).Key ?? name;
        return space == settings[KubeSettings.Namespace] && settings.NameOf(service) == name && CatalogName.IsValid(service) ? service : null;
    }

    /// <inheritdoc/>
    /// <remarks>Of the Deployment that the Canary watches: that is what Flagger leads up.</remarks>
    public async Task<string?> VersionAsync(string service, CancellationToken cancellationToken)
    {
        var canary = await _kube.ReadAsync(CanaryPath(service), FlaggerCanary.Read, cancellationToken).ConfigureAwait(false);
        return (await _kube.DeploymentAsync(canary.Deployment, Images(service), cancellationToken).ConfigureAwait(false)).Version;
    }

    private KubeStep? Next(TargetChange change, ImageTemplate images, FlaggerState now)
    {
        if (change.Halted)
        {
            return Suspend(change, now, true);
        }

        if (change.ExposurePercent is > 0 and < 100)
        {
            // Going on after a halt exposes nobody new, and Flagger does.
            return now.Canary.IsSuspended && now.Watched.Deployment.Version == change.Version
                ? Patch(now.Canary.Object, change, CanaryPath(change.Service), static wanted => KubeObject.Hold(wanted, held: true))
                : throw new TargetRefusedException(
                    $"Flagger holds no share, so neither {Wording.Percent(change.ExposurePercent)}: it goes from weight to weight by itself while its analysis passes. Give the release one stage of 100 %.");
        }

        if (change.ExposurePercent <= 0 && !KubeReplicaSets.Concerns(change, now.Watched.Deployment.Version, now.Watched.Deployment.Object))
        {
            return null;
        }

        var step = change.ExposurePercent > 0 ? Forward(change, images, now)
            : now.Watched.Deployment.Version == change.Version ? Watched(change, now, now.Watched.Sets.Undo(change, "Deployment"))
            : null;
        return step ?? Suspend(change, now, false);
    }

    private KubeStep? Forward(TargetChange change, ImageTemplate images, FlaggerState now)
    {
        if (now.Watched.Deployment.Version != change.Version)
        {
            return Watched(change, now, images.Set(change.Version));
        }

        if (now is { Canary.HasFailed: true, IsUnseen: false } && now.Primary.Deployment.Version != change.Version)
        {
            throw new TargetRefusedException($"Flagger failed {change.Version} ({(now.Canary.Message ?? "no reason given").TrimEnd('.')}) and looks again only at what changed: deploy a corrected version.");
        }

        return null;
    }

    private KubeStep? Watched(TargetChange change, FlaggerState now, Action<JsonObject> edit) => Patch(
        now.Watched.Deployment.Object,
        change,
        _kube.DeploymentPath(now.Canary.Deployment),
        edit + (wanted => KubeObject.SetNote(wanted, FlaggerCanary.BeganNote, now.Canary.WrittenAt)),
        isLast: !now.Canary.IsSuspended);

    private KubeStep? Suspend(TargetChange change, FlaggerState now, bool suspended) =>
        Patch(now.Canary.Object, change, CanaryPath(change.Service), KubeObject.Pause(suspended, "suspend"));

    private static KubeStep? Patch(KubeObject of, TargetChange change, string path, Action<JsonObject> edit, bool isLast = true) =>
        of.Patch(change.ActionId, edit) is { } patch ? new KubeStep(path, patch, isLast) : null;

    private async Task<FlaggerState> ReadAsync(string service, ImageTemplate images, CancellationToken cancellationToken)
    {
        var canary = await _kube.ReadAsync(CanaryPath(service), FlaggerCanary.Read, cancellationToken).ConfigureAwait(false);
        return new FlaggerState(canary, await SideAsync(canary.Deployment, images, cancellationToken).ConfigureAwait(false), await SideAsync(canary.Deployment + "-primary", images, cancellationToken).ConfigureAwait(false));
    }

    private async Task<FlaggerSide> SideAsync(string name, ImageTemplate images, CancellationToken cancellationToken)
    {
        var deployment = await _kube.DeploymentAsync(name, images, cancellationToken).ConfigureAwait(false);
        return new FlaggerSide(deployment, await _kube.ReplicaSetsAsync(deployment.Object, images, cancellationToken).ConfigureAwait(false));
    }

    private ImageTemplate Images(string service) => new(settings[KubeSettings.Image], settings.NameOf(service));

    private string CanaryPath(string service) => _kube.Path("flagger.app/v1beta1", "canaries", settings.NameOf(service));
}
