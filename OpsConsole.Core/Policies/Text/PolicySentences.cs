using System.Globalization;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Policies.Text;

/// <summary>What a policy means, for people who do not read YAML.</summary>
public static class PolicySentences
{
    /// <summary>Plain sentences, in the order in which they matter to a release.</summary>
    public static IReadOnlyList<string> Of(ReleasePolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return [.. Checklist(policy.Release), .. Way(policy), .. Stops(policy), .. Goes(policy), .. Gates(policy)];
    }

    /// <summary>A trigger as a clause: "http_5xx_rate is above 1% for 5m".</summary>
    public static string Of(Trigger trigger)
    {
        ArgumentNullException.ThrowIfNull(trigger);
        var signal = trigger.Measure == TriggerMeasure.BurnRate ? "the error budget" : trigger.Signal;
        var number = PolicyWriter.Percent(Math.Abs(trigger.Threshold))[..^1];
        var held = trigger.For > TimeSpan.Zero ? $" for {PolicyDuration.Write(trigger.For)}" : "";
        var upper = trigger.Comparison is TriggerComparison.Above or TriggerComparison.AtLeast;
        var than = trigger.Comparison is TriggerComparison.Above or TriggerComparison.Below ? "more than" : "at least";
        return trigger.Measure switch
        {
            TriggerMeasure.BurnRate => $"{signal} burns at {(upper ? than : than == "at least" ? "at most" : "less than")} {number} times its rate{held}",
            TriggerMeasure.Delta when upper == trigger.Threshold >= 0 => $"{signal} is {than} {Difference(trigger, number)} {(upper ? "above" : "below")} that of the previous version{held}",
            TriggerMeasure.Delta => $"{signal}, less that of the previous version, is {Compared(trigger.Comparison)} {(trigger.Threshold < 0 ? "-" : "")}{number}%{held}",
            _ => $"{signal} is {Compared(trigger.Comparison)} {Signed(trigger)}{held}",
        };
    }

    private static string Difference(Trigger trigger, string number) =>
        PolicySignals.UnitOf(trigger.Signal, null) == SignalUnit.Percent ? $"{number} percentage points" : $"{number}%";

    private static string Compared(TriggerComparison comparison) => comparison switch
    {
        TriggerComparison.Above => "above",
        TriggerComparison.AtLeast => "at least",
        TriggerComparison.Below => "below",
        _ => "at most",
    };

    private static string Signed(Trigger trigger) => trigger.Threshold.ToString("0.#########", CultureInfo.InvariantCulture) + trigger.Unit switch
    {
        SignalUnit.Percent => "%",
        SignalUnit.Milliseconds => " ms",
        SignalUnit.Factor => "x",
        _ => "",
    };

    private static IEnumerable<string> Checklist(ReleaseChecklist? release)
    {
        if (release?.Artifact is { } artifact)
        {
            yield return $"It releases {artifact}{(release.PreviousArtifact is { } previous ? $", and the way back is {previous}" : "")}.";
        }
        else if (release?.PreviousArtifact is { } previous)
        {
            yield return $"The way back is {previous}.";
        }

        if (release?.RollbackCommand is { } command)
        {
            yield return $"By hand the way back is: {command}.";
        }

        if (release?.FeatureFlag is { } flag)
        {
            yield return $"The flag {flag} turns off what it adds.";
        }
    }

    private static IEnumerable<string> Way(ReleasePolicy policy)
    {
        if (policy.Canary is { Stages: [.., _] stages })
        {
            var way = stages.Select((s, i) => i == stages.Count - 1
                ? PolicyWriter.Percent(s.ExposurePercent)
                : $"{PolicyWriter.Percent(s.ExposurePercent)} for at least {PolicyDuration.Write(s.Hold)}");
            yield return $"It goes to {string.Join(", then ", way)}{(policy.Canary.WatchTime is { } watch ? $", and is watched there for {PolicyDuration.Write(watch)}" : "")}.";
        }
        else if (policy.Release?.InitialExposurePercent is { } initial)
        {
            yield return $"It begins with {PolicyWriter.Percent(initial)}.";
        }

        yield return policy.Delivery.Mode == DeliveryMode.Deployment
            ? "The console promotes it by itself once every gate passes."
            : "A person promotes it.";
    }

    private static IEnumerable<string> Stops(ReleasePolicy policy)
    {
        var triggers = policy.Triggers.Where(t => !t.DryRun).ToList();
        if (triggers.Count > 0)
        {
            var reaction = policy.Delivery.OnTrigger switch
            {
                TriggerReaction.Recommend => "The console says so and waits for a person",
                TriggerReaction.Rollback => "It is rolled back by itself",
                _ => "It is halted by itself",
            };
            yield return $"{reaction} when {string.Join(", or when ", triggers.Select(Of))}.";
        }

        var dry = policy.Triggers.Where(t => t.DryRun).Select(Of).ToList();
        if (dry.Count > 0)
        {
            yield return $"Shown, and never acted on: {string.Join("; ", dry)}.";
        }

        foreach (var check in policy.Canary?.Checks ?? [])
        {
            var must = check.Success is { } success ? $"that {Of(success)}" : $"for failures: {Of(check.Failure!)}";
            yield return $"Every {PolicyDuration.Write(check.Interval)} the check '{check.Name}' looks {must}{(check.DryRun ? ", without a vote" : $"; more than {check.Limits.Failure} failures end it")}.";
        }
    }

    private static IEnumerable<string> Goes(ReleasePolicy policy)
    {
        var conditions = policy.Canary?.PromoteIf.Select(Words).ToList() ?? [];
        if (conditions.Count > 0)
        {
            yield return $"It goes on only while {string.Join(", ", conditions)}.";
        }

        foreach (var sentence in policy.Analysis is { } analysis ? AnalysisSentences.Of(analysis) : [])
        {
            yield return sentence;
        }
    }

    private static IEnumerable<string> Gates(ReleasePolicy policy)
    {
        if (policy.Evidence.Required.Count > 0)
        {
            yield return $"It needs evidence of {string.Join(", ", policy.Evidence.Required)}{(policy.Evidence.MaxAge is { } age ? $", at most {PolicyDuration.Write(age)} old" : "")}.";
        }

        if (policy.Evidence.LargeChangeLines is { } lines)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"A change of more than {lines:N0} lines needs one approval more.");
        }

        if (policy.Approvals.Required > 0)
        {
            var roles = policy.Approvals.Roles.Count == 0 ? "release manager or admin" : string.Join(" or ", policy.Approvals.Roles.Select(r => r.Replace('-', ' ')));
            var stages = policy.Approvals.Stages.Count == 0 ? "every promotion" : $"going to {string.Join(", ", policy.Approvals.Stages.Select(PolicyWriter.Percent))}";
            yield return $"{policy.Approvals.Required} {(policy.Approvals.Required == 1 ? "approval" : "approvals")} by {roles} before {stages}; a request waits {PolicyDuration.Write(policy.Approvals.Expires)}.";
        }
    }

    private static string Words(PromoteCondition condition) => condition switch
    {
        PromoteCondition.SyntheticChecksPass => "synthetic checks pass",
        PromoteCondition.ErrorBudgetHealthy => "the error budget is healthy",
        PromoteCondition.NoCriticalAlerts => "no critical alert is firing",
        PromoteCondition.BusinessMetricsStable => "business metrics are stable",
        _ => "the analysis passes",
    };
}
