namespace OpsConsole.Tests.Core.Policies.Text;

/// <summary>Policies as teams write them.</summary>
internal static class PolicyExamples
{
    public const string Checklist = """
        # Rollback-first release checklist
        release:
          artifact: web-api:2026.05.12-8f3a91c
          previous_artifact: web-api:2026.05.10-41c2d2a
          database_migration: expand_only
          feature_flag: checkout_v2
          rollout_strategy: canary
          initial_exposure: 5%
          rollback_triggers:
            - http_5xx_rate > 1% for 5m
            - p95_latency > 800ms for 10m
            - checkout_success_rate drops > 3%
            - error_budget_burn_rate > 4x
          rollback_command: deploy web-api:2026.05.10-41c2d2a

        """;

    public const string Canary = """
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

    /// <summary>Every key there is.</summary>
    public const string Everything = """
        release:
          artifact: shop:2.15.0
          previous_artifact: shop:2.14.3
          database_migration: none
          feature_flag: recommendations
          rollout_strategy: canary
          initial_exposure: 5%
          rollback_triggers:
            - http_5xx_rate > 1% for 5m
            - { if: "queue_depth > 500 for 2m", dry_run: true, recover_for: 5m }
          rollback_command: deploy shop:2.14.3
        canary:
          stages:
            - { traffic: 5%, duration: 1h30m }
            - { traffic: 100%, duration: continuous }
          watch: 10m
          auto_rollback_if:
            - if: p95_latency > 1.5s for 90s
              recover_for: 1m
          promote_if: [synthetic_checks_pass, analysis_passes]
          checks:
            - name: errors stay low
              success: http_5xx_rate < 1%
              failure: http_5xx_rate >= 5%
              interval: 10s
              count: 20
              failure_limit: 2
              inconclusive_limit: -1
              consecutive_error_limit: 3
              consecutive_success_limit: 5
              dry_run: false
        delivery:
          mode: deployment
          on_trigger: rollback
        analysis:
          pass: 90
          marginal: 60
          minimum_points: 60
          metrics:
            - p99_latency
            - signal: http_5xx_rate
              critical: true
              group: errors
              weight: 60
              allowed_increase: 1.1
              allowed_decrease: 0.9
              critical_increase: 1.5
              critical_decrease: 0.5
              direction: increase
              tolerance: 0.2
              confidence: 0.99
              nan_strategy: replace
              no_data: fail
              minimum_points: 80
            - signal: checkout_success_rate
              effect_size:
                measure: cles
                allowed_increase: 0.6
                allowed_decrease: 0.4
                critical_increase: 0.9
                critical_decrease: 0.1
        evidence:
          required: [lint, types, unit, integration, contract, migration, security, performance, signing, infrastructure, coverage]
          max_age: 1d
          large_change_lines: 400
          quarantine:
            - checkout.retries eventually
        approvals:
          required: 2
          roles: [release-manager, admin]
          expires: 8h
          stages: [100%]

        """;
}
