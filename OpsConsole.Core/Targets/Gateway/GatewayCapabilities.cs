using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Policies;

namespace OpsConsole.Core.Targets.Gateway;

/// <summary>What a gateway can do.</summary>
public static class GatewayCapabilities
{
    /// <summary>Everything, both ways, within seconds.</summary>
    public static TargetCapabilities Value { get; } = new()
    {
        Title = "gateway",
        Verbs = new HashSet<ActionVerb> { ActionVerb.Promote, ActionVerb.Halt, ActionVerb.Resume, ActionVerb.Rollback },
        Strategies = new HashSet<RolloutStrategy> { RolloutStrategy.Canary, RolloutStrategy.BlueGreen, RolloutStrategy.Recreate, RolloutStrategy.FeatureFlag },
        ExposureUnit = "users",
        StaysAfterHalt = "Users who are sent to the new version stay on it until it is rolled back; nobody is added.",
        StaysAfterRollback = "New requests all go to the previous version; requests already under way finish on the new one, and what it wrote stays written.",
        Instead = new Dictionary<ActionVerb, string>(),
    };
}
