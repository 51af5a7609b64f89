namespace OpsConsole.Core.Policies.Text;

/// <summary>Every key that a policy may have, by the section it belongs to. The schema for editors (docs/policy.schema.json) has the same, which a test holds.</summary>
internal static class PolicyKeys
{
    public const string Root = "policy";
    public const string Release = "release";
    public const string Canary = "canary";
    public const string Stage = "stage";
    public const string Check = "check";
    public const string Trigger = "trigger";
    public const string Delivery = "delivery";
    public const string Analysis = "analysis";
    public const string Metric = "metric";
    public const string EffectSize = "effect_size";
    public const string Evidence = "evidence";
    public const string Approvals = "approvals";

    public static IReadOnlyDictionary<string, string[]> Of { get; } = new Dictionary<string, string[]>
    {
        [Root] = ["release", "canary", "delivery", "analysis", "evidence", "approvals"],
        [Release] = ["artifact", "previous_artifact", "database_migration", "feature_flag", "rollout_strategy", "initial_exposure", "rollback_triggers", "rollback_command"],
        [Canary] = ["stages", "watch", "auto_rollback_if", "promote_if", "checks"],
        [Stage] = ["traffic", "duration"],
        [Check] =
        [
            "name", "success", "failure", "interval", "count", "failure_limit", "inconclusive_limit", "consecutive_error_limit", "consecutive_success_limit", "dry_run",
        ],
        [Trigger] = ["if", "dry_run", "recover_for"],
        [Delivery] = ["mode", "on_trigger"],
        [Analysis] = ["metrics", "pass", "marginal", "minimum_points"],
        [Metric] =
        [
            "signal", "critical", "group", "weight", "direction", "tolerance", "confidence", "nan_strategy", "no_data", "minimum_points", "effect_size",
            "allowed_increase", "allowed_decrease", "critical_increase", "critical_decrease",
        ],
        [EffectSize] = ["measure", "allowed_increase", "allowed_decrease", "critical_increase", "critical_decrease"],
        [Evidence] = ["required", "max_age", "large_change_lines", "quarantine"],
        [Approvals] = ["required", "roles", "expires", "stages"],
    };

    /// <summary>The sections that have a key, other than the one given.</summary>
    public static IReadOnlyList<string> Owners(string key, string except) => [.. Of.Where(s => s.Key != except && s.Key != Root && s.Value.Contains(key)).Select(s => s.Key)];
}
