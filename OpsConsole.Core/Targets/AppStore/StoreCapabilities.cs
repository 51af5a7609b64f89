using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Policies;

namespace OpsConsole.Core.Targets.AppStore;

/// <summary>What an app store can do: offer a version to more people, and stop offering it. It cannot take an installed version back.</summary>
public static class StoreCapabilities
{
    private const string InsteadOfRollback =
        "An installed update cannot be taken back. Halt the rollout, turn the new feature off with its kill switch where it has one, and ship a corrected build with a higher version.";

    /// <summary>What the store of a platform can do.</summary>
    public static TargetCapabilities For(StorePlatform platform) => new()
    {
        Title = platform == StorePlatform.Ios ? "App Store" : "Play Store",
        Verbs = new HashSet<ActionVerb> { ActionVerb.Promote, ActionVerb.Halt, ActionVerb.Resume },
        Strategies = new HashSet<RolloutStrategy> { RolloutStrategy.StorePhased },
        ExposureUnit = "users",
        StaysAfterHalt = "Everyone who already installed the new version keeps it; the store offers it to nobody else.",
        StaysAfterRollback = "A store has no roll back: everyone who installed the new version keeps it.",
        Instead = new Dictionary<ActionVerb, string> { [ActionVerb.Rollback] = InsteadOfRollback },
    };
}
