using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Targets.Kubernetes;

namespace OpsConsole.Core.Targets.ArgoRollouts;

/// <summary>A Rollout of Argo Rollouts, canary or blue-green, by the pauses among its steps.</summary>
public static class RolloutKind
{
    /// <summary>How it is configured and made.</summary>
    public static DeliveryTargetKind Value { get; } = new("argo-rollouts", KubeSettings.All, static (settings, connections) => new RolloutAdapter(settings, connections))
    {
        Faults = KubeSettings.Faults,
    };

    /// <summary>Both ways, at the shares that the Rollout's steps hold.</summary>
    internal static TargetCapabilities Capabilities { get; } = new()
    {
        Title = "Argo Rollout",
        Verbs = new HashSet<ActionVerb> { ActionVerb.Promote, ActionVerb.Halt, ActionVerb.Resume, ActionVerb.Rollback },
        Strategies = new HashSet<RolloutStrategy> { RolloutStrategy.Canary, RolloutStrategy.BlueGreen },
        ExposureUnit = "requests",
        StaysAfterHalt = "The share that the new version has stays: no further step is taken. Pods that were started may still get requests, the weight of the step that it is in may still be set, and an analysis that fails may still abort it. A Rollout without steps goes to 100 % where all of its pods were started.",
        StaysAfterRollback = "A canary is aborted and its requests go to the stable pods at once; from 100 % the previous version's pods are started first. What the new version wrote stays written.",
        HaltCosts = "While a Rollout is paused, no other change of its pods takes effect either.",
        Instead = new Dictionary<ActionVerb, string>(),
    };
}
