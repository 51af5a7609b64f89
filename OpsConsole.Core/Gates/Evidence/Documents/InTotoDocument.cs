using System.Globalization;
using System.Text;
using System.Text.Json;
using OpsConsole.Core.Gates.Evidence.Signatures;

namespace OpsConsole.Core.Gates.Evidence.Documents;

/// <summary>Reads in-toto statements, alone or in a DSSE envelope of which the signature is held against the configured keys.</summary>
internal static class InTotoDocument
{
    private const string Payload = "application/vnd.in-toto+json";
    private const int MaxSignatures = 32;
    private static readonly string[] Types = ["https://in-toto.io/Statement/v1", "https://in-toto.io/Statement/v0.1"];

    /// <summary>What a statement says.</summary>
    /// <exception cref="UnreadableEvidenceException">It is no statement, or of a predicate that is not read.</exception>
    public static EvidenceSummary Read(ReadOnlyMemory<byte> json, EvidenceTerms terms)
    {
        using var document = JsonText.Object(json);
        if (!document.RootElement.TryGetProperty("payload", out _))
        {
            return Statement(document.RootElement, terms, SignatureStanding.Unsigned);
        }

        var (payload, standing) = Open(document.RootElement, terms.Keys);
        using var inner = JsonText.Object(payload);
        return Statement(inner.RootElement, terms, standing);
    }

    private static (byte[] Payload, SignatureStanding Standing) Open(JsonElement envelope, EvidenceKeys keys)
    {
        var type = envelope.Text("payloadType");
        if (type != Payload)
        {
            throw new UnreadableEvidenceException($"The envelope's payloadType is '{Words.Name(type)}'; {Payload} is read.");
        }

        var payload = Base64Text.Decode(envelope.Text("payload") ?? "", "payload");
        var signatures = envelope.Array("signatures")?.Objects("signatures").ToList() ?? [];
        if (signatures.Count == 0)
        {
            return (payload, SignatureStanding.Unsigned);
        }

        if (signatures.Count > MaxSignatures)
        {
            throw new UnreadableEvidenceException($"The envelope has more than {MaxSignatures} signatures.");
        }

        var signed = PreAuthentication(type, payload);
        var signer = signatures
            .Select(s => Base64Text.Decode(s.Text("sig") ?? throw new UnreadableEvidenceException("A signature of the envelope has no sig."), "signature"))
            .Select(sig => keys.Find(signed, sig)).FirstOrDefault(key => key is not null);
        return (payload, SignatureStanding.Of(keys, signer));
    }

    /// <summary>What a DSSE signature is over: the type and the payload, each with its length.</summary>
    internal static byte[] PreAuthentication(string type, byte[] payload) =>
        [.. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"DSSEv1 {Encoding.UTF8.GetByteCount(type)} {type} {payload.Length} ")), .. payload];

    private static EvidenceSummary Statement(JsonElement statement, EvidenceTerms terms, SignatureStanding standing)
    {
        if (!Types.Contains(statement.Text("_type"), StringComparer.Ordinal))
        {
            throw new UnreadableEvidenceException($"The statement's _type is '{Words.Name(statement.Text("_type"))}'; {Types[0]} is read.");
        }

        var predicate = statement.Object("predicate") ?? throw new UnreadableEvidenceException("The statement has no predicate.");
        var type = statement.Text("predicateType");
        var read = type switch
        {
            "https://in-toto.io/attestation/test-result/v0.1" => TestResult.Read(predicate, Tested(terms.Stage)),
            "https://slsa.dev/provenance/v1" => Provenance.Read(predicate, Signing(terms.Stage), standing),
            "https://slsa.dev/verification_summary/v1" => VerificationSummary.Read(predicate, Signing(terms.Stage), standing),
            _ => throw new UnreadableEvidenceException(
                $"The predicate '{Words.Name(type)}' is not read; test-result/v0.1, slsa.dev/provenance/v1 and slsa.dev/verification_summary/v1 are."),
        };
        return read with
        {
            Outcome = standing.Apply(read.Outcome),
            Text = $"{read.Text}; {standing.Sentence}.",
            Counts = new Dictionary<string, long>(read.Counts) { [EvidenceCount.SignaturesVerified] = standing.Key is null ? 0 : 1 },
            SubjectDigest = Subject(statement, terms.ArtifactDigest),
        };
    }

    private static PipelineStage Tested(PipelineStage? stage) => stage switch
    {
        null => throw new UnreadableEvidenceException($"A test result says nothing of its stage: name one of {string.Join(", ", EvidenceCodes.OfStages)}."),
        PipelineStage.ArtifactSigning => throw new UnreadableEvidenceException("A test result cannot speak for the stage signing."),
        { } named => named,
    };

    private static PipelineStage Signing(PipelineStage? stage) => stage is null or PipelineStage.ArtifactSigning
        ? PipelineStage.ArtifactSigning
        : throw new UnreadableEvidenceException($"Provenance cannot speak for the stage {stage.Value.Code()}, only for signing.");

    /// <summary>The release's digest where one of the subjects has it; else the first that there is.</summary>
    private static string Subject(JsonElement statement, string wanted)
    {
        string? first = null;
        foreach (var subject in statement.Array("subject")?.Objects("subject") ?? [])
        {
            foreach (var digest in subject.Object("digest")?.EnumerateObject() ?? default)
            {
                var named = $"{digest.Name}:{(digest.Value.ValueKind == JsonValueKind.String ? digest.Value.GetString() : "")}";
                if (string.Equals(named, wanted, StringComparison.OrdinalIgnoreCase))
                {
                    return wanted;
                }

                first ??= Words.Name(named);
            }
        }

        return first ?? throw new UnreadableEvidenceException("The statement's subject names no digest, so it is not known which artifact it is about.");
    }
}
