using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Policies.Text;

/// <summary>What the sections of a policy say about each other.</summary>
internal static class PolicyConsistency
{
    /// <param name="policy">As read so far.</param>
    /// <param name="release">Its section, where it has one.</param>
    /// <param name="canary">Likewise.</param>
    /// <param name="reading">Where faults go.</param>
    /// <param name="analysis">Where its section begins, where it has one.</param>
    public static void Check(ReleasePolicy policy, PolicySection? release, PolicySection? canary, PolicyReading reading, PolicyNode? analysis)
    {
        if (release is not null)
        {
            Exposure(policy, release, reading.Faults);
            Strategy(policy, release, reading.Faults);
        }

        foreach (var condition in policy.Canary?.PromoteIf ?? [])
        {
            Condition(condition, policy, canary!, reading);
        }

        // In a text with errors the condition may be among what could not be read.
        if (analysis is not null && !policy.AnalysisHolds && reading.Faults.ErrorCount == 0)
        {
            reading.Faults.Warn(analysis, "The analysis holds nothing back: no condition asks for it, so it is made and shown, and a release goes on whatever it says.", "Add 'analysis_passes' to 'promote_if' under 'canary'.");
        }
    }

    private static void Exposure(ReleasePolicy policy, PolicySection release, PolicyFaults faults)
    {
        if (policy.Release?.InitialExposurePercent is { } initial && policy.Canary?.Stages is [var first, ..] && !double.IsNaN(first.ExposurePercent) && !first.ExposurePercent.Equals(initial))
        {
            faults.Error(
                release.Node("initial_exposure")!,
                $"'initial_exposure' is {PolicyWriter.Percent(initial)} and the first stage has {PolicyWriter.Percent(first.ExposurePercent)}; they are the same thing.",
                $"Did you mean '{PolicyWriter.Percent(first.ExposurePercent)}'?");
        }
    }

    private static void Strategy(ReleasePolicy policy, PolicySection release, PolicyFaults faults)
    {
        if (policy.Release?.Strategy is RolloutStrategy.Recreate or RolloutStrategy.BlueGreen && policy.Canary?.Stages.Count > 1)
        {
            var strategy = release.Node("rollout_strategy")!;
            faults.Warn(strategy, $"'{PolicyNames.Of(PolicyNames.Strategies, policy.Release.Strategy.Value)}' changes all at once, and 'canary' has {policy.Canary.Stages.Count} stages.", "Did you mean 'canary' or 'rolling'?");
        }
    }

    private static void Condition(PromoteCondition condition, ReleasePolicy policy, PolicySection canary, PolicyReading reading)
    {
        var name = PolicyNames.Of(PolicyNames.Conditions, condition);
        var why = condition switch
        {
            PromoteCondition.AnalysisPasses when policy.Analysis is null => ("there is no 'analysis' whose score could pass.", "Add 'analysis:' with 'metrics:'."),
            PromoteCondition.ErrorBudgetHealthy when reading.Scope is { HasObjective: false } scope => ($"there is no objective for {scope.Title}.", "Give the service an objective, or take the condition out."),
            PromoteCondition.BusinessMetricsStable when reading.Scope is { } scope && scope.Signals.All(s => s.Family != SignalFamily.Business) =>
                ($"no business signal is provided for {scope.Title}.", "Provide one, for example checkout_success_rate, or take the condition out."),
            _ => ((string Message, string Suggestion)?)null,
        };
        if (why is { } found)
        {
            var at = (canary.Node("promote_if") as ListNode)?.Items.OfType<ScalarNode>().FirstOrDefault(s => s.Text.Replace('-', '_') == name);
            reading.Faults.Error(at ?? canary.At, $"'{name}' can never hold: {found.Message}", found.Suggestion);
        }
    }
}
