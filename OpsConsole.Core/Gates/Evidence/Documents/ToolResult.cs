namespace OpsConsole.Core.Gates.Evidence.Documents;

/// <summary>Reads the plain result of a tool: <c>{ "tool", "outcome", "summary" }</c>, taken strictly.</summary>
internal static class ToolResult
{
    /// <summary>What a result says.</summary>
    /// <exception cref="UnreadableEvidenceException">It does not have the form.</exception>
    public static EvidenceSummary Read(ReadOnlyMemory<byte> json, PipelineStage stage)
    {
        using var document = JsonText.Object(json);
        var root = document.RootElement;
        root.OnlyMembers("a result", "tool", "outcome", "summary", "digest", "producedAt");
        var (tool, summary) = (Words.Name(root.Text("tool")), Words.Name(root.Text("summary")));
        if (tool.Length == 0 || summary.Length == 0)
        {
            throw new UnreadableEvidenceException("A result names its tool and has a summary of one sentence.");
        }

        return new EvidenceSummary
        {
            Kind = EvidenceKind.Result,
            Stage = stage,
            Outcome = root.Text("outcome") switch
            {
                "passed" => EvidenceOutcome.Passed,
                "passedWithWarnings" => EvidenceOutcome.PassedWithWarnings,
                "failed" => EvidenceOutcome.Failed,
                "error" => EvidenceOutcome.Error,
                "inconclusive" => EvidenceOutcome.Inconclusive,
                "flaky" => throw new UnreadableEvidenceException("A flaky result has to name its tests: send the report as junit."),
                var other => throw new UnreadableEvidenceException($"The outcome is '{Words.Name(other)}'; it is passed, passedWithWarnings, failed, error or inconclusive."),
            },
            Text = $"{tool}: {summary}",
            SubjectDigest = root.Text("digest") is { } digest ? Words.Name(digest) : null,
            ProducedAt = root.Instant("producedAt"),
        };
    }
}
