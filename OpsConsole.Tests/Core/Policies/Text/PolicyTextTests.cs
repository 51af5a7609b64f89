using OpsConsole.Core.Policies;
using OpsConsole.Core.Policies.Judging;
using OpsConsole.Core.Policies.Text;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;
using static OpsConsole.Tests.Core.Policies.Text.PolicyExamples;

namespace OpsConsole.Tests.Core.Policies.Text;

public sealed class PolicyTextTests
{
    [Fact]
    public void The_checklist_loads_as_it_stands()
    {
        var checklist = Clean(Checklist).Release!;

        Assert.Equal(("web-api:2026.05.12-8f3a91c", "web-api:2026.05.10-41c2d2a"), (checklist.Artifact, checklist.PreviousArtifact));
        Assert.Equal((MigrationClass.Expand, "checkout_v2", RolloutStrategy.Canary, 5d), (checklist.DatabaseMigration!.Value, checklist.FeatureFlag, checklist.Strategy!.Value, checklist.InitialExposurePercent!.Value));
        Assert.Equal("deploy web-api:2026.05.10-41c2d2a", checklist.RollbackCommand);
        Assert.Equal(
            [
                new Trigger { Text = "http_5xx_rate > 1% for 5m", Signal = "http_5xx_rate", Measure = TriggerMeasure.Value, Comparison = TriggerComparison.Above, Threshold = 1, Unit = SignalUnit.Percent, For = TimeSpan.FromMinutes(5) },
                new Trigger { Text = "p95_latency > 800ms for 10m", Signal = "p95_latency", Measure = TriggerMeasure.Value, Comparison = TriggerComparison.Above, Threshold = 800, Unit = SignalUnit.Milliseconds, For = TimeSpan.FromMinutes(10) },
                new Trigger { Text = "checkout_success_rate drops > 3%", Signal = "checkout_success_rate", Measure = TriggerMeasure.Delta, Comparison = TriggerComparison.Below, Threshold = -3, Unit = SignalUnit.Percent },
                new Trigger { Text = "error_budget_burn_rate > 4x", Signal = "error_budget_burn_rate", Measure = TriggerMeasure.BurnRate, Comparison = TriggerComparison.Above, Threshold = 4, Unit = SignalUnit.Factor },
            ],
            checklist.RollbackTriggers);
    }

    [Fact]
    public void The_canary_policy_loads_as_it_stands()
    {
        var canary = Clean(Canary).Canary!;

        Assert.Equal(
            [new Stage(5, TimeSpan.FromMinutes(10)), new Stage(25, TimeSpan.FromMinutes(20)), new Stage(50, TimeSpan.FromMinutes(20)), new Stage(100, TimeSpan.Zero)],
            canary.Stages);
        Assert.Null(canary.WatchTime);
        Assert.Equal(
            [("error_rate", TriggerMeasure.Delta, TriggerComparison.Above, 0.5), ("p95_latency", TriggerMeasure.Delta, TriggerComparison.Above, 20), ("checkout_success", TriggerMeasure.Delta, TriggerComparison.Below, -2), ("slo_burn_rate", TriggerMeasure.BurnRate, TriggerComparison.Above, 4)],
            canary.AutoRollbackIf.Select(t => (t.Signal, t.Measure, t.Comparison, t.Threshold)));
        Assert.Equal(
            [PromoteCondition.SyntheticChecksPass, PromoteCondition.ErrorBudgetHealthy, PromoteCondition.NoCriticalAlerts, PromoteCondition.BusinessMetricsStable],
            canary.PromoteIf);
    }

    [Fact]
    public void Both_load_from_one_text()
    {
        var result = PolicyText.Check(Checklist + "\n" + Canary, null);

        // Of the two limits of the checkout the tighter one always fires first, and that is said.
        Assert.Contains("never fires before 'checkout_success_delta < -2%'", Assert.Single(result.Warnings).Message, StringComparison.Ordinal);
        Assert.Empty(result.Errors);
        var policy = result.Policy!;
        Assert.Equal(8, policy.Triggers.Count());
        Assert.Equal((DeliveryMode.Delivery, TriggerReaction.Halt), (policy.Delivery.Mode, policy.Delivery.OnTrigger));
    }

    [Fact]
    public void Every_key_is_read()
    {
        var policy = Clean(Everything);

        Assert.Equal((true, TimeSpan.FromMinutes(5)), (policy.Release!.RollbackTriggers[1].DryRun, policy.Release.RollbackTriggers[1].RecoverFor));
        Assert.Equal((1500d, TimeSpan.FromSeconds(90), TimeSpan.FromMinutes(1)), (policy.Canary!.AutoRollbackIf[0].Threshold, policy.Canary.AutoRollbackIf[0].For, policy.Canary.AutoRollbackIf[0].RecoverFor));
        Assert.Equal((TimeSpan.FromMinutes(90), TimeSpan.FromMinutes(10)), (policy.Canary.Stages[0].Hold, policy.Canary.WatchTime));
        var check = Assert.Single(policy.Canary.Checks);
        Assert.Equal(("errors stay low", 1d, 5d, TimeSpan.FromSeconds(10), 20), (check.Name, check.Success!.Threshold, check.Failure!.Threshold, check.Interval, check.Count));
        Assert.Equal(new CheckLimits(2, -1, 3, 5), check.Limits);
        Assert.Equal((DeliveryMode.Deployment, TriggerReaction.Rollback), (policy.Delivery.Mode, policy.Delivery.OnTrigger));
        Assert.Equal((90d, 60d, 60), (policy.Analysis!.Pass, policy.Analysis.Marginal, policy.Analysis.MinimumPoints));
        Assert.Equal(
            [
                new("p99_latency"),
                new("http_5xx_rate", true, "errors", 60, 1.1, 0.9, 1.5, 0.5)
                {
                    Direction = WorseWhen.Increase, Tolerance = 0.2, Confidence = 0.99, NanStrategy = NanStrategy.Replace, NoData = NoDataMeaning.Fail, MinimumPoints = 80,
                },
                new("checkout_success_rate", AllowedIncrease: 0.6, AllowedDecrease: 0.4, CriticalIncrease: 0.9, CriticalDecrease: 0.1) { Measure = EffectMeasure.Cles },
            ],
            policy.Analysis.Metrics);
        Assert.Equal(11, policy.Evidence.Required.Count);
        Assert.Equal((TimeSpan.FromDays(1), 400), (policy.Evidence.MaxAge, policy.Evidence.LargeChangeLines));
        Assert.Equal(["checkout.retries eventually"], policy.Evidence.Quarantine);
        Assert.Equal((2, TimeSpan.FromHours(8)), (policy.Approvals.Required, policy.Approvals.Expires));
        Assert.Equal(["release-manager", "admin"], policy.Approvals.Roles);
        Assert.Equal([100d], policy.Approvals.Stages);
    }

    [Theory]
    [InlineData("none", MigrationClass.None)]
    [InlineData("expand", MigrationClass.Expand)]
    [InlineData("expand-only", MigrationClass.Expand)]
    [InlineData("additive", MigrationClass.Expand)]
    [InlineData("migrate", MigrationClass.Migrate)]
    [InlineData("backfill", MigrationClass.Migrate)]
    [InlineData("contract", MigrationClass.Contract)]
    [InlineData("destructive", MigrationClass.Contract)]
    public void A_migration_is_named_as_teams_name_it(string word, MigrationClass meant) =>
        Assert.Equal(meant, Clean($"release:\n  database_migration: {word}\n").Release!.DatabaseMigration);

    [Fact]
    public void A_policy_is_known_again_by_the_digest_of_its_text_and_read_once()
    {
        var reader = new PolicyReader();
        var snapshot = new PolicySnapshot(null, null, PolicyText.Digest(Canary), Canary);

        Assert.Same(reader.Read(snapshot), reader.Read(snapshot with { Name = "web" }));
        Assert.Throws<FormatException>(() => reader.Read(new("web", 1, "x", "canary: 5")));
    }

    [Fact]
    public void What_a_policy_means_is_said_in_plain_sentences()
    {
        var said = string.Join(" ", PolicySentences.Of(PolicyText.Check(Checklist + Canary, null).Policy!));

        Assert.Contains("5% for at least 10m, then 25% for at least 20m, then 50% for at least 20m, then 100%", said, StringComparison.Ordinal);
        Assert.Contains("It is halted by itself when http_5xx_rate is above 1% for 5m, or when p95_latency is above 800 ms for 10m", said, StringComparison.Ordinal);
        Assert.Contains("checkout_success_rate is more than 3 percentage points below that of the previous version", said, StringComparison.Ordinal);
        Assert.Contains("the error budget burns at more than 4 times its rate", said, StringComparison.Ordinal);
        Assert.Contains("p95_latency is more than 20% above that of the previous version", said, StringComparison.Ordinal);
        Assert.Contains("only while synthetic checks pass, the error budget is healthy", said, StringComparison.Ordinal);
    }

    private static ReleasePolicy Clean(string text)
    {
        var result = PolicyText.Check(text, null);
        Assert.Empty(result.Errors);
        Assert.Empty(result.Warnings);
        return result.Policy!;
    }
}
