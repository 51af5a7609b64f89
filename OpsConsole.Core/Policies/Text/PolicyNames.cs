using OpsConsole.Core.Access;
using OpsConsole.Core.Policies.Judging;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Policies.Text;

/// <summary>The words that stand for values in a policy, the one to write first.</summary>
internal static class PolicyNames
{
    public static readonly (string Name, MigrationClass Value)[] Migrations =
    [
        ("none", MigrationClass.None), ("no_change", MigrationClass.None),
        ("expand_only", MigrationClass.Expand), ("expand", MigrationClass.Expand), ("additive", MigrationClass.Expand),
        ("migrate", MigrationClass.Migrate), ("migrate_only", MigrationClass.Migrate), ("backfill", MigrationClass.Migrate),
        ("contract", MigrationClass.Contract), ("contract_only", MigrationClass.Contract), ("destructive", MigrationClass.Contract),
    ];

    public static readonly (string Name, RolloutStrategy Value)[] Strategies =
    [
        ("recreate", RolloutStrategy.Recreate), ("rolling", RolloutStrategy.Rolling), ("blue_green", RolloutStrategy.BlueGreen),
        ("canary", RolloutStrategy.Canary), ("feature_flag", RolloutStrategy.FeatureFlag), ("store_phased", RolloutStrategy.StorePhased),
    ];

    public static readonly (string Name, PromoteCondition Value)[] Conditions =
    [
        ("synthetic_checks_pass", PromoteCondition.SyntheticChecksPass), ("error_budget_healthy", PromoteCondition.ErrorBudgetHealthy),
        ("no_critical_alerts", PromoteCondition.NoCriticalAlerts), ("business_metrics_stable", PromoteCondition.BusinessMetricsStable),
        ("analysis_passes", PromoteCondition.AnalysisPasses),
    ];

    public static readonly (string Name, DeliveryMode Value)[] Modes = [("delivery", DeliveryMode.Delivery), ("deployment", DeliveryMode.Deployment)];

    public static readonly (string Name, TriggerReaction Value)[] Reactions =
        [("recommend", TriggerReaction.Recommend), ("halt", TriggerReaction.Halt), ("rollback", TriggerReaction.Rollback)];

    public static readonly (string Name, EffectMeasure Value)[] Measures = [("mean_ratio", EffectMeasure.MeanRatio), ("cles", EffectMeasure.Cles)];

    public static readonly (string Name, WorseWhen Value)[] Directions =
        [("increase", WorseWhen.Increase), ("decrease", WorseWhen.Decrease), ("either", WorseWhen.Either)];

    public static readonly (string Name, NanStrategy Value)[] NanStrategies = [("remove", NanStrategy.Remove), ("replace", NanStrategy.Replace)];

    public static readonly (string Name, NoDataMeaning Value)[] NoData =
        [("inconclusive", NoDataMeaning.Inconclusive), ("fail", NoDataMeaning.Fail), ("ignore", NoDataMeaning.Ignore)];

    /// <summary>Viewers change nothing, so they approve nothing.</summary>
    public static readonly (string Name, Role Value)[] Approvers =
        [("on-call", Role.OnCall), ("release-manager", Role.ReleaseManager), ("admin", Role.Admin)];

    /// <summary>Codes of the pipeline stages that evidence can be required of.</summary>
    public static readonly (string Name, string Value)[] EvidenceCodes =
    [
        .. new[] { "lint", "types", "unit", "integration", "contract", "migration", "security", "performance", "signing", "infrastructure", "coverage" }
            .Select(code => (code, code)),
    ];

    /// <summary>The word to write for a value.</summary>
    public static string Of<T>((string Name, T Value)[] names, T value) => names.First(n => Equals(n.Value, value)).Name;

    /// <summary>A word as it may stand in a sentence: short, and on one line.</summary>
    public static string Shown(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length > 64 ? line[..61] + "..." : line;
    }
}
