using OpsConsole.Core.Gates.Evidence.Documents;

namespace OpsConsole.Core.Gates.Evidence;

/// <summary>Reads any document that the console takes as evidence. Pure, but for what a migration reader does.</summary>
public sealed class EvidenceReader(IMigrationReader? migrations = null)
{
    /// <summary>Longest document of a kind, in bytes.</summary>
    public static int MaxBytes(EvidenceKind kind) => kind switch
    {
        EvidenceKind.Sarif => 32 * 1024 * 1024,
        EvidenceKind.Migration => 1024 * 1024,
        EvidenceKind.Signature or EvidenceKind.Result => 256 * 1024,
        _ => 20 * 1024 * 1024,
    };

    /// <summary>What a document says.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="document">All of it.</param>
    /// <param name="terms">What it is read against.</param>
    /// <exception cref="UnreadableEvidenceException">It is not what it should be.</exception>
    public EvidenceSummary Read(EvidenceKind kind, ReadOnlyMemory<byte> document, EvidenceTerms terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        if (document.IsEmpty)
        {
            throw new UnreadableEvidenceException("The document is empty.");
        }

        if (document.Length > MaxBytes(kind))
        {
            throw new UnreadableEvidenceException($"The document has more than {MaxBytes(kind)} bytes.");
        }

        var stage = terms.Stage ?? EvidenceStages.Of(kind);
        if (stage is { } named && !EvidenceStages.Takes(named, kind))
        {
            throw new UnreadableEvidenceException($"A document of the kind {kind.Code()} cannot speak for the stage {named.Code()}.");
        }

        return kind switch
        {
            EvidenceKind.Junit => JunitReport.Read(document, terms, Named(stage)),
            EvidenceKind.Sarif => SarifLog.Read(document, Named(stage)),
            EvidenceKind.Terraform => TerraformPlan.Read(document, Named(stage)),
            EvidenceKind.Migration => MigrationScript.Read(document, terms, Named(stage), migrations),
            EvidenceKind.Coverage => CoberturaReport.Read(document, terms, Named(stage)),
            EvidenceKind.Performance => PerformanceResult.Read(document, Named(stage)),
            EvidenceKind.InToto => InTotoDocument.Read(document, terms),
            EvidenceKind.Signature => ArtifactSignature.Read(document, terms, Named(stage)),
            EvidenceKind.Result => ToolResult.Read(document, Named(stage)),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown kind."),
        };
    }

    private static PipelineStage Named(PipelineStage? stage) =>
        stage ?? throw new UnreadableEvidenceException($"A document of this kind says nothing of its stage: name one of {string.Join(", ", EvidenceCodes.OfStages)}.");
}
