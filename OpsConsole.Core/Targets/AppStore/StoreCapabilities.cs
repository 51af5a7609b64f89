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
        StaysAfterHalt = platform == StorePlatform.Ios
            ? "Everyone who installed it keeps it, those whose turn has come may still get it, and anyone may update by hand; nobody else is offered it."
            : "Everyone who already installed the new version keeps it; the store offers it to nobody else.",
        HaltCosts = platform == StorePlatform.Ios ? "The store lets a phased release stand still for 30 days in all." : null,
        HaltsAtFull = platform != StorePlatform.Ios,
        StaysAfterRollback = "A store has no roll back: everyone who installed the new version keeps it.",
        Instead = new Dictionary<ActionVerb, string> { [ActionVerb.Rollback] = InsteadOfRollback },
    };
}
