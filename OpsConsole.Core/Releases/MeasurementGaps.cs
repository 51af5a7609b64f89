using OpsConsole.Core.Policies;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Releases;

/// <summary>What a release and its policy go by and nothing measures where the release runs: without data it stays inconclusive, and a person who is told nothing waits for ever.</summary>
internal static class MeasurementGaps
{
    private const string HowTo = "Add a source for it, in the service's file of the catalogue (docs/catalog.md) or under OpsConsole:Sources (docs/signal-flow.md), or push its samples with POST /api/v1/signals.";

    /// <summary>Plain sentences; none when everything is measured.</summary>
    /// <param name="release">With its signals.</param>
    /// <param name="policy">Its policy; null for none.</param>
    /// <param name="measured">Names of the signals that are measured for its service on its target and in its environment.</param>
    public static IEnumerable<string> Of(Release release, ReleasePolicy? policy, IReadOnlyCollection<string> measured)
    {
        var place = $"{release.Service} on {release.Target}, {release.Environment}";
        var missing = Needed(release, policy).Where(s => !measured.Contains(s.Key.Value)).Select(s => s.Key.Value).Distinct(StringComparer.Ordinal).ToList();
        if (missing.Count > 0)
        {
            var nothing = measured.Count == 0 ? $"Nothing measures {place}: no source reads it, and nothing was pushed for it lately. " : "";
            var names = string.Join(", ", missing);
            yield return $"{nothing}{(measured.Count == 0 ? "" : $"For {place} nothing measures ")}{names}{(measured.Count == 0 ? $" {(missing.Count == 1 ? "has" : "have")} no data" : "")}, "
                + $"so the release is inconclusive{(policy is null ? "" : ", and is not promoted by its policy,")} until there is some. {HowTo}";
        }

        if (policy?.Canary?.PromoteIf.Contains(PromoteCondition.SyntheticChecksPass) == true && !release.Signals.Any(s => s.Family == SignalFamily.Synthetic && measured.Contains(s.Key.Value)))
        {
            yield return $"The policy promotes only while synthetic checks pass, and no synthetic check of {place} is among the release's signals and runs: every promotion waits. "
                + "Add a source of kind http-check (docs/gates.md) and name its signal in the registration, or take synthetic_checks_pass out of the policy.";
        }
    }

    /// <summary>What the release requires, and what votes in its policy.</summary>
    private static IEnumerable<SignalDefinition> Needed(Release release, ReleasePolicy? policy)
    {
        var named = policy is null ? [] : policy.Triggers.Where(static t => !t.DryRun)
            .Concat(policy.Canary?.Checks.Where(static c => !c.DryRun).SelectMany(static c => new[] { c.Success, c.Failure }).OfType<Trigger>() ?? [])
            .Where(static t => t.Measure != TriggerMeasure.BurnRate).Select(static t => t.Signal)
            .Concat(policy.Analysis?.Metrics.Select(static m => m.Signal) ?? []);
        return release.Signals.Where(static s => s.Required).Concat(named.Select(name => SignalNames.Resolve(name, release.Signals)).OfType<SignalDefinition>());
    }
}
