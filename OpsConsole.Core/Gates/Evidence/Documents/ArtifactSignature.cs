using System.Text;
using OpsConsole.Core.Gates.Evidence.Signatures;

namespace OpsConsole.Core.Gates.Evidence.Documents;

/// <summary>
/// Reads a detached signature of the artifact: base64 as <c>cosign sign-blob</c> writes it, which signs the artifact's bytes, or JSON with a signed
/// <c>payload</c> beside it as <c>cosign sign</c> makes for an image, which names the artifact's digest.
/// </summary>
internal static class ArtifactSignature
{
    private const string Sha256 = "sha256:";

    /// <summary>What a signature says.</summary>
    /// <exception cref="UnreadableEvidenceException">It is none.</exception>
    public static EvidenceSummary Read(ReadOnlyMemory<byte> document, EvidenceTerms terms, PipelineStage stage)
    {
        var (signature, payload) = Parts(document);
        var subject = payload is null ? terms.ArtifactDigest : PayloadDigest(payload);
        var signer = payload is not null ? terms.Keys.Find(payload, signature) : terms.Keys.FindByHash(Hash(terms.ArtifactDigest), signature);
        var standing = SignatureStanding.Of(terms.Keys, signer);
        return new EvidenceSummary
        {
            Kind = EvidenceKind.Signature,
            Stage = stage,
            Outcome = standing switch
            {
                { Wrong: true } => EvidenceOutcome.Failed,
                { Key: null } => EvidenceOutcome.Inconclusive,
                _ => EvidenceOutcome.Passed,
            },
            Text = standing.Key is { } key ? $"The artifact is signed with the key {key}."
                : standing.Wrong ? "The artifact's signature is of no key that is configured here, or of another artifact."
                : "The artifact has a signature, which is not verified: no key is configured.",
            Counts = new Dictionary<string, long> { [EvidenceCount.SignaturesVerified] = standing.Key is null ? 0 : 1 },
            SubjectDigest = subject,
        };
    }

    private static (byte[] Signature, byte[]? Payload) Parts(ReadOnlyMemory<byte> document)
    {
        var first = document.Span.TrimStart(" \t\r\n"u8);
        if (first.IsEmpty || first[0] != '{')
        {
            return (Base64Text.Decode(Encoding.ASCII.GetString(document.Span), "signature"), null);
        }

        using var json = JsonText.Object(document);
        var root = json.RootElement;
        var signature = root.Text("signature") ?? root.Text("base64Signature") ?? root.Text("Base64Signature")
            ?? throw new UnreadableEvidenceException("The document has no signature.");
        var payload = root.Text("payload") ?? root.Text("Payload");
        return (Base64Text.Decode(signature, "signature"), payload is null ? null : Base64Text.Decode(payload, "payload"));
    }

    /// <summary>The digest that a signed payload names.</summary>
    private static string PayloadDigest(byte[] payload)
    {
        using var json = JsonText.Object(payload);
        return json.RootElement.Object("critical")?.Object("image")?.Text("docker-manifest-digest") is { } digest
            ? Words.Name(digest)
            : throw new UnreadableEvidenceException("The signed payload names no artifact (critical.image.docker-manifest-digest).");
    }

    private static byte[] Hash(string artifactDigest) => artifactDigest.StartsWith(Sha256, StringComparison.Ordinal) && artifactDigest.Length == Sha256.Length + 64
        ? Convert.FromHexString(artifactDigest.AsSpan(Sha256.Length))
        : throw new UnreadableEvidenceException($"A signature of the artifact's bytes is verified by its SHA-256; this release's digest is {artifactDigest}.");
}
