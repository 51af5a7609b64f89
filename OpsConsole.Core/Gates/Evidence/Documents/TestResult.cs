using System.Text.Json;

namespace OpsConsole.Core.Gates.Evidence.Documents;

/// <summary>The predicate test-result v0.1.</summary>
internal static class TestResult
{
    public static EvidenceSummary Read(JsonElement predicate, PipelineStage stage)
    {
        var (passed, warned, failed) = (Of(predicate, "passedTests"), Of(predicate, "warnedTests"), Of(predicate, "failedTests"));
        var result = predicate.Text("result");
        var said = result switch
        {
            "PASSED" => EvidenceOutcome.Passed,
            "WARNED" => EvidenceOutcome.PassedWithWarnings,
            "FAILED" => EvidenceOutcome.Failed,
            _ => throw new UnreadableEvidenceException($"The result is '{Words.Name(result)}'; it is PASSED, WARNED or FAILED."),
        };
        var (p, w, f) = (passed?.Count ?? 0, warned?.Count ?? 0, failed?.Count ?? 0);
        // The lists are believed before the word: a pass with failed tests is none, and one over an empty list tested nothing.
        var outcome = f > 0 ? EvidenceOutcome.Failed
            : said == EvidenceOutcome.Failed ? said
            : passed is not null && p + w == 0 ? EvidenceOutcome.Inconclusive
            : w > 0 ? EvidenceOutcome.PassedWithWarnings
            : said;
        var counts = Words.Counted((p, "passed"), (w, "warned"), (f, "failed"));
        return new EvidenceSummary
        {
            Kind = EvidenceKind.InToto,
            Stage = stage,
            Outcome = outcome,
            Text = $"Test result {result}{(counts.Count == 0 ? passed is null ? ", no tests listed" : ", over no tests" : ": " + Words.Join(counts))}",
            Counts = new Dictionary<string, long> { [EvidenceCount.Tests] = p + w + f, [EvidenceCount.Passed] = p, [EvidenceCount.Warnings] = w, [EvidenceCount.Failed] = f },
            Items =
            [
                .. (failed ?? []).Select(t => new NotableItem("failed", Words.Name(t))).Concat((warned ?? []).Select(t => new NotableItem("warned", Words.Name(t)))).Take(EvidenceSummary.MaxItems),
            ],
        };
    }

    private static List<string>? Of(JsonElement predicate, string name) => predicate.Array(name)?.Texts(name).ToList();
}
