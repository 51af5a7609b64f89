using System.Globalization;
using OpsConsole.Core.Targets.Kubernetes;

namespace OpsConsole.Core.Targets.Flagger;

/// <summary>A Deployment and its pods by version.</summary>
internal sealed record FlaggerSide(DeploymentState Deployment, KubeReplicaSets Sets);

/// <summary>Everything that tells who has which version: the Canary, the Deployment that it watches, and the primary that Flagger made of it.</summary>
internal sealed record FlaggerState(FlaggerCanary Canary, FlaggerSide Watched, FlaggerSide Primary)
{
    /// <summary>True while Flagger has not looked at what the console changed last.</summary>
    public bool IsUnseen => Canary.HasNotSeen(Watched.Deployment);

    /// <summary>Share that a version has, 0 to 100.</summary>
    public double ShareOf(string version) => (Canary.Weight * Watched.Sets.ShareOf(version) / 100) + ((100 - Canary.Weight) * Primary.Sets.ShareOf(version) / 100);

    /// <summary>Whether a version is to be given out: it is what Flagger leads up, or copied to the primary, unless that was left for good.</summary>
    public bool IsComing(string version) => Watched.Deployment.Version == version || (Primary.Deployment.Version == version && !(Canary.HasFailed && Canary.Weight >= 100));

    /// <summary>What Flagger still does about a version, as a sentence; null where it does nothing more.</summary>
    public string? Underway(string version) =>
        Canary.IsSuspended ? null
        : IsUnseen ? "Flagger has not looked at the change yet."
        : Canary.IsMoving ? string.Create(CultureInfo.InvariantCulture, $"Flagger is {Canary.Phase} at {Canary.Weight:0.##} %{(Canary.Message is { Length: > 0 } message ? $": {message}" : ".")}")
        : !Canary.HasFailed && Watched.Deployment.Version == version && Primary.Deployment.Version != version ? "Flagger has not begun with the version yet."
        : null;
}
