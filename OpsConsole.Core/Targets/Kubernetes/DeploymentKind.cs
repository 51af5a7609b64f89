using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Policies;

namespace OpsConsole.Core.Targets.Kubernetes;

/// <summary>A Deployment of Kubernetes, by rolling update and undo.</summary>
public static class DeploymentKind
{
    /// <summary>How it is configured and made.</summary>
    public static DeliveryTargetKind Value { get; } = new("kubernetes-deployment", KubeSettings.All, static (settings, connections) => new DeploymentAdapter(settings, connections))
    {
        Faults = KubeSettings.Faults,
    };

    /// <summary>All or nothing, at the pace of the Deployment's own strategy.</summary>
    internal static TargetCapabilities Capabilities { get; } = new()
    {
        Title = "Kubernetes Deployment",
        Verbs = new HashSet<ActionVerb> { ActionVerb.Promote, ActionVerb.Halt, ActionVerb.Resume, ActionVerb.Rollback },
        Strategies = new HashSet<RolloutStrategy> { RolloutStrategy.Rolling, RolloutStrategy.Recreate },
        ExposureUnit = "requests",
        StaysAfterHalt = "Pods that have the new version keep answering; no other pod is replaced.",
        StaysAfterRollback = "Pods go back one after another at the pace of the Deployment's strategy, and the new version answers until the last of them is gone; what it wrote stays written.",
        HaltCosts = "While a Deployment is paused, no other change of its pods takes effect either.",
        Instead = new Dictionary<ActionVerb, string>(),
    };
}
