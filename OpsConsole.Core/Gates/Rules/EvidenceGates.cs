using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Policies;

namespace OpsConsole.Core.Gates.Rules;

/// <summary>One gate for each pipeline stage that the policy requires, and for each posted one that blocks.</summary>
internal static class EvidenceGates
{
    public static IEnumerable<GateResult> Judge(GateFacts facts, DateTimeOffset now)
    {
        var policy = facts.Policy?.Evidence ?? new EvidencePolicy();
        var current = CurrentEvidence.Of(facts.Evidence).ToLookup(e => e.Stage);
        var stages = policy.Required.Concat(current.Where(stage => stage.Any(e => e.Blocking)).Select(stage => stage.Key)).Distinct(StringComparer.Ordinal);
        return stages.Select(stage => Stage(stage, [.. current[stage]], policy, policy.Required.Contains(stage), now));
    }

    private static GateResult Stage(string stage, IReadOnlyList<EvidenceItem> items, EvidencePolicy policy, bool required, DateTimeOffset now)
    {
        if (items.Count == 0)
        {
            return new(GateNames.Evidence(stage), Verdict.Inconclusive, $"No {Title(stage)} yet; the pipeline has to post it.", "pipeline", null);
        }

        // Worst wins: of several sources of one stage the worst speaks for it.
        return items.Select(item => Item(stage, item, policy, required, now)).OrderByDescending(g => g.Verdict).ThenBy(g => g.AsOf).First();
    }

    private static GateResult Item(string stage, EvidenceItem item, EvidencePolicy policy, bool required, DateTimeOffset now)
    {
        var made = item.ProducedAt is { } produced && produced < item.ReceivedAt ? produced : item.ReceivedAt;
        var (verdict, detail) = Judge(item, policy, required);
        if (verdict == Verdict.Pass && required && policy.MaxAge is { } most && now - made > most)
        {
            (verdict, detail) = (Verdict.Inconclusive, $"The {Title(stage)} is {Wording.Duration(now - made)} old and {Wording.Duration(most)} are allowed; run the stage again. It said: {detail}");
        }

        return new(GateNames.Evidence(stage), verdict, detail, item.Source, made);
    }

    private static (Verdict Verdict, string Detail) Judge(EvidenceItem item, EvidencePolicy policy, bool required)
    {
        var summary = item.Summary.TrimEnd('.') + ".";
        return item.Outcome switch
        {
            EvidenceOutcome.Passed => (Verdict.Pass, summary),
            EvidenceOutcome.PassedWithWarnings => (Verdict.Pass, $"Passed with warnings: {summary}"),
            EvidenceOutcome.Flaky => Flaky(item, policy, summary),
            EvidenceOutcome.Failed when !item.Blocking && !required => (Verdict.Pass, $"Failed, and this stage does not block at that: {summary}"),
            EvidenceOutcome.Failed => (Verdict.Fail, summary),
            EvidenceOutcome.Error => (Verdict.Error, $"The stage did not finish: {summary}"),
            _ when !item.Blocking && !required => (Verdict.Pass, $"Inconclusive, and this stage does not block at that: {summary}"),
            _ => (Verdict.Inconclusive, summary),
        };
    }

    /// <summary>Flaky is never silently green: the tests are named, also where all of them are quarantined.</summary>
    private static (Verdict Verdict, string Detail) Flaky(EvidenceItem item, EvidencePolicy policy, string summary)
    {
        var (tests, all) = CurrentEvidence.Flaky(item);
        var open = tests.Where(t => !policy.Quarantine.Contains(t, StringComparer.Ordinal)).ToList();
        return all && open.Count == 0
            ? (Verdict.Pass, $"Flaky, and every flaky test is quarantined: {Named(tests)}. {summary}")
            : (Verdict.Inconclusive, $"Flaky{(open.Count > 0 ? $" and not quarantined: {Named(open)}" : "")}. {summary} Run it again, or quarantine the tests in the policy.");
    }

    private static string Named(IReadOnlyList<string> tests) => tests.Count <= 5 ? string.Join(", ", tests) : $"{string.Join(", ", tests.Take(5))} and {tests.Count - 5} more";

    private static string Title(string stage) => stage switch
    {
        "lint" => "lint report",
        "types" => "type check report",
        "unit" => "unit test report",
        "integration" => "integration test report",
        "contract" => "contract test report",
        "migration" => "migration report",
        "security" => "security report",
        "performance" => "performance report",
        "signing" => "artifact signature",
        "infrastructure" => "infrastructure plan",
        "coverage" => "coverage report",
        _ => $"{stage} report",
    };
}
