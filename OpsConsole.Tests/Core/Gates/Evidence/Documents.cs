using System.Text;
using OpsConsole.Core.Gates.Evidence;
using OpsConsole.Core.Gates.Evidence.Signatures;

namespace OpsConsole.Tests.Core.Gates.Evidence;

/// <summary>Reads documents as the console does.</summary>
internal static class Documents
{
    public static readonly string Digest = "sha256:" + new string('a', 64);

    public static EvidenceSummary Read(EvidenceKind kind, string text, PipelineStage? stage = null, Func<EvidenceTerms, EvidenceTerms>? with = null) =>
        Read(kind, Encoding.UTF8.GetBytes(text), stage, with);

    public static EvidenceSummary Read(EvidenceKind kind, byte[] document, PipelineStage? stage = null, Func<EvidenceTerms, EvidenceTerms>? with = null)
    {
        var terms = new EvidenceTerms { ArtifactDigest = Digest, Stage = stage };
        return new EvidenceReader().Read(kind, document, with is null ? terms : with(terms));
    }

    public static EvidenceSummary Junit(string text, params string[] criticalPaths) =>
        Read(EvidenceKind.Junit, text, PipelineStage.Unit, t => t with { CriticalPaths = criticalPaths });

    public static UnreadableEvidenceException Refuses(EvidenceKind kind, string text, PipelineStage? stage = null) =>
        Assert.Throws<UnreadableEvidenceException>(() => Read(kind, text, stage));

    public static UnreadableEvidenceException Refuses(EvidenceKind kind, byte[] document, PipelineStage? stage = null) =>
        Assert.Throws<UnreadableEvidenceException>(() => Read(kind, document, stage));

    public static EvidenceKeys Keys(params (string Name, string Pem)[] keys) => new([.. keys.Select(k => EvidenceKey.Read(k.Name, k.Pem))]);
}
