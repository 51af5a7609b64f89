namespace OpsConsole.Web.Components.Policies;

/// <summary>What a new policy begins with.</summary>
public static class PolicyStart
{
    /// <summary>A canary policy that suits most web services.</summary>
    public const string Text = """
        # Canary promotion policy
        canary:
          stages:
            - traffic: 5%
              duration: 10m
            - traffic: 25%
              duration: 20m
            - traffic: 50%
              duration: 20m
            - traffic: 100%
              duration: continuous

          auto_rollback_if:
            - error_rate_delta > 0.5%
            - p95_latency_delta > 20%
            - checkout_success_delta < -2%
            - slo_burn_rate > 4x

          promote_if:
            - synthetic_checks_pass
            - error_budget_healthy
            - no_critical_alerts
            - business_metrics_stable

        """;
}
