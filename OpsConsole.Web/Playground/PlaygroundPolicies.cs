namespace OpsConsole.Web.Playground;

/// <summary>The policies of the playground's releases, with holds short enough to be watched. The durations of the triggers are long enough for a person to act first.</summary>
internal static class PlaygroundPolicies
{
    /// <summary>Name in the library of a policy to start from.</summary>
    public const string LibraryName = "web-canary";

    /// <summary>What the library holds: a canary as one would write it for production.</summary>
    public const string Library = """
        # A canary for web services. Copy it, or register releases with policyName: web-canary.
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

    /// <summary>Halts by itself when nobody has acted for five minutes.</summary>
    public const string Shop = """
        release:
          artifact: shop:2.15.0
          previous_artifact: shop:2.14.3
          database_migration: none
          feature_flag: personal-recommendations
          rollout_strategy: canary
          initial_exposure: 5%
          rollback_triggers:
            - http_5xx_rate > 1% for 5m
            - p95_latency > 800ms for 10m
            - checkout_success_rate drops > 3% for 5m
          rollback_command: deploy shop:2.14.3

        canary:
          stages:
            - { traffic: 5%, duration: 20s }
            - { traffic: 25%, duration: 30s }
            - { traffic: 50%, duration: 30s }
            - { traffic: 100%, duration: continuous }
          watch: 2m

        delivery:
          mode: delivery
          on_trigger: halt

        analysis:
          metrics:
            - { signal: http_5xx_rate, critical: true }
            - { signal: p95_latency }
        """;

    /// <summary>Half of the traffic and more needs a second person. The judge has its fifty points of each side in under nine minutes: the signals it looks at are taken over ten seconds, and each such point is independent.</summary>
    public const string Search = """
        release:
          artifact: search:89.0.0
          previous_artifact: search:88.0.0
          database_migration: none
          rollout_strategy: canary
          initial_exposure: 5%
          rollback_triggers:
            - http_5xx_rate > 1% for 2m
            - p95_latency > 800ms for 5m
          rollback_command: deploy search:88.0.0

        canary:
          stages:
            - { traffic: 5%, duration: 20s }
            - { traffic: 25%, duration: 30s }
            - { traffic: 50%, duration: 30s }
            - { traffic: 100%, duration: continuous }
          watch: 2m
          promote_if:
            - synthetic_checks_pass

        analysis:
          metrics:
            - { signal: http_5xx_rate, critical: true }
            - { signal: searches_under_100ms, group: speed }
            - { signal: search_success_rate, group: business }

        approvals:
          required: 1
          stages: [50%, 100%]
          expires: 4h
        """;
}
