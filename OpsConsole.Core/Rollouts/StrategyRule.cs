using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Rollouts;

/// <summary>Which strategies a target can do, and the stages that some of them are.</summary>
public static class StrategyRule
{
    /// <summary>What is wrong with the strategy of a policy on a target, one sentence each; empty where nothing is, or where the policy names none.</summary>
    /// <param name="strategy">As the policy names it.</param>
    /// <param name="stages">The stages that the release would have.</param>
    /// <param name="target">What the target can do; null: it is not connected, and nothing can be said.</param>
    public static IReadOnlyList<string> Judge(RolloutStrategy? strategy, IReadOnlyList<Stage> stages, TargetCapabilities? target)
    {
        ArgumentNullException.ThrowIfNull(stages);
        if (strategy is not { } wanted || target is null)
        {
            return [];
        }

        var found = new List<string>();
        if (!target.Strategies.Contains(wanted))
        {
            found.Add(target.Strategies.Count == 0
                ? $"{Capital(target.Title)} declares no rollout strategy, so it cannot do {Name(wanted)}."
                : $"{Capital(target.Title)} cannot do {Name(wanted)}; it can do {string.Join(", ", target.Strategies.Order().Select(Name))}.");
        }

        if (Stages(wanted) is not null && stages.Any(s => s.ExposurePercent < 100))
        {
            found.Add($"{Capital(Name(wanted))} gives everybody the new version at once, so it has the one stage of 100 %; take the stages away or name another strategy.");
        }

        return found;
    }

    /// <summary>The stages that a strategy is by itself: blue-green is verified before anybody has it and then goes to everybody, recreate goes to everybody at once. Null: the policy's stages hold.</summary>
    public static IReadOnlyList<Stage>? Stages(RolloutStrategy strategy) =>
        strategy is RolloutStrategy.BlueGreen or RolloutStrategy.Recreate ? [new Stage(100, TimeSpan.Zero)] : null;

    /// <summary>As people write it.</summary>
    public static string Name(RolloutStrategy strategy) => strategy switch
    {
        RolloutStrategy.BlueGreen => "blue-green",
        RolloutStrategy.FeatureFlag => "feature flag",
        RolloutStrategy.StorePhased => "store-phased",
        _ => strategy.ToString().ToLowerInvariant(),
    };

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
