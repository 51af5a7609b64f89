using System.Text;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Gates.Evidence.Documents;

/// <summary>Reads migration SQL: a script with anything grave in it has failed, and one that could not be read whole says nothing.</summary>
internal static class MigrationScript
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>What a script says.</summary>
    /// <exception cref="UnreadableEvidenceException">It is not text, or nothing reads migrations.</exception>
    public static EvidenceSummary Read(ReadOnlyMemory<byte> document, EvidenceTerms terms, PipelineStage stage, IMigrationReader? reader)
    {
        if (reader is null)
        {
            throw new UnreadableEvidenceException("This console does not read migration SQL.");
        }

        var report = reader.Read(Decode(document.Span), terms.SqlServer);
        var complete = report.Complete && report.HasStatements;
        var (grave, warnings) = (report.Risks.LongCount(r => r.Weight == MigrationWeight.Grave), report.Risks.LongCount(r => r.Weight == MigrationWeight.Warning));
        var found = Words.Counted((grave, "grave"), (warnings, warnings == 1 ? "warning" : "warnings"));
        return new EvidenceSummary
        {
            Kind = EvidenceKind.Migration,
            Stage = stage,
            Outcome = grave > 0 ? EvidenceOutcome.Failed
                : !complete ? EvidenceOutcome.Inconclusive
                : warnings > 0 ? EvidenceOutcome.PassedWithWarnings
                : EvidenceOutcome.Passed,
            Text = report.HasStatements
                ? $"{Title(report.Class)}: {(found.Count == 0 ? "no risks found" : Words.Join(found))}{(report.Complete ? "" : ", and not all of it could be read")}. {Words.Detail(report.Advice)}".TrimEnd()
                : "No statement in it: nothing was examined.",
            Counts = new Dictionary<string, long>
            {
                ["grave"] = grave,
                [EvidenceCount.Warnings] = warnings,
                [EvidenceCount.Complete] = complete ? 1 : 0,
                [EvidenceCount.Class] = (long)report.Class,
                [EvidenceCount.AutomaticBlocked] = report.AutomaticBlocked ? 1 : 0,
                [EvidenceCount.LosesData] = report.LosesData ? 1 : 0,
            },
            Items =
            [
                .. report.Risks.Where(r => r.Weight != MigrationWeight.Note).OrderByDescending(r => r.Weight)
                    .Select(r => new NotableItem(r.Weight.ToString().ToLowerInvariant(), Words.Name(r.Rule), Words.Detail($"Line {r.Line}: {r.Sentence}"))).Take(EvidenceSummary.MaxItems),
            ],
        };
    }

    private static string Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Strict.GetString(bytes.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw new UnreadableEvidenceException($"The SQL is not in UTF-8 (byte {e.Index + 1}).");
        }
    }

    private static string Title(MigrationClass migration) => migration switch
    {
        MigrationClass.None => "No schema change",
        MigrationClass.Expand => "Expand",
        MigrationClass.Migrate => "Migrate",
        _ => "Contract",
    };
}
