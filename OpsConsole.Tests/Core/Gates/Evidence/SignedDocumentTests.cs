using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Gates.Evidence;
using OpsConsole.Core.Gates.Evidence.Documents;
using OpsConsole.Core.Gates.Evidence.Signatures;
using static OpsConsole.Tests.Core.Gates.Evidence.Documents;

namespace OpsConsole.Tests.Core.Gates.Evidence;

/// <summary>In-toto statements, envelopes and artifact signatures: what is not verified is never taken for it.</summary>
public sealed class SignedDocumentTests
{
    private const string Type = "application/vnd.in-toto+json";
    private const string TestResult = "https://in-toto.io/attestation/test-result/v0.1";
    private const string Provenance = "https://slsa.dev/provenance/v1";
    private const string Vsa = "https://slsa.dev/verification_summary/v1";
    private const string Built = """{"buildDefinition":{"buildType":"https://ci/make","resolvedDependencies":[{"uri":"git+https://git/shop","digest":{"gitCommit":"abc"}}]},"runDetails":{"builder":{"id":"https://ci/builder"},"metadata":{"finishedOn":"2026-03-01T11:00:00Z"}}}""";

    [Theory]
    [InlineData("""{"result":"PASSED","passedTests":["a","b"]}""", EvidenceOutcome.Passed)]
    [InlineData("""{"result":"PASSED"}""", EvidenceOutcome.Passed)]
    [InlineData("""{"result":"PASSED","passedTests":[]}""", EvidenceOutcome.Inconclusive)]
    [InlineData("""{"result":"PASSED","passedTests":["a"],"failedTests":["b"]}""", EvidenceOutcome.Failed)]
    [InlineData("""{"result":"WARNED","warnedTests":["w"]}""", EvidenceOutcome.PassedWithWarnings)]
    [InlineData("""{"result":"FAILED","failedTests":["b"]}""", EvidenceOutcome.Failed)]
    public void A_test_result_says_what_its_lists_say(string predicate, EvidenceOutcome outcome)
    {
        var read = Read(EvidenceKind.InToto, Statement(TestResult, predicate), PipelineStage.Unit);

        Assert.Equal((outcome, Digest), (read.Outcome, read.SubjectDigest));
        Assert.EndsWith("signature not verified: the document is not signed.", read.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Provenance_that_nobody_vouches_for_proves_nothing()
    {
        var read = Read(EvidenceKind.InToto, Statement(Provenance, Built));

        Assert.Equal((EvidenceOutcome.Inconclusive, PipelineStage.ArtifactSigning), (read.Outcome, read.Stage));
        Assert.Contains("not verified", read.Text, StringComparison.Ordinal);
        Assert.Equal(["builder", "build type", "material"], read.Items.Select(i => i.What));
    }

    [Fact]
    public void An_envelope_is_verified_over_its_pre_authentication_encoding()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var rsa = RSA.Create(2048);
        var statement = Statement(Provenance, Built);
        var keys = Keys(("build", key.ExportSubjectPublicKeyInfoPem()), ("rsa", rsa.ExportSubjectPublicKeyInfoPem()));

        byte[][] signatures =
        [
            key.SignData(Signed(statement), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence),
            key.SignData(Signed(statement), HashAlgorithmName.SHA256),
            rsa.SignData(Signed(statement), HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
            rsa.SignData(Signed(statement), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        ];
        foreach (var signature in signatures)
        {
            var read = Read(EvidenceKind.InToto, Envelope(statement, signature), with: t => t with { Keys = keys });
            Assert.Equal((EvidenceOutcome.Passed, 1), (read.Outcome, read.Count("signaturesVerified")));
            Assert.Contains("signed with the key", read.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_pre_authentication_encoding_is_the_one_of_the_specification() =>
        Assert.Equal("DSSEv1 29 http://example.com/HelloWorld 11 hello world", Encoding.UTF8.GetString(InTotoDocument.PreAuthentication("http://example.com/HelloWorld", "hello world"u8.ToArray())));

    [Fact]
    public void A_signature_of_no_known_key_fails_whatever_the_statement_says()
    {
        using var known = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var keys = Keys(("build", known.ExportSubjectPublicKeyInfoPem()));
        var statement = Statement(TestResult, """{"result":"PASSED"}""");

        var strange = Read(EvidenceKind.InToto, Envelope(statement, stranger.SignData(Signed(statement), HashAlgorithmName.SHA256)), PipelineStage.Unit, t => t with { Keys = keys });
        var payloadOnly = Read(EvidenceKind.InToto, Envelope(statement, known.SignData(Encoding.UTF8.GetBytes(statement), HashAlgorithmName.SHA256)), PipelineStage.Unit, t => t with { Keys = keys });

        Assert.Equal((EvidenceOutcome.Failed, EvidenceOutcome.Failed), (strange.Outcome, payloadOnly.Outcome));
        Assert.Contains("of no key that is configured", strange.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_keys_a_signature_is_said_to_be_unverified()
    {
        var read = Read(EvidenceKind.InToto, Envelope(Statement(Vsa, """{"verifier":{"id":"https://v"},"verificationResult":"PASSED","verifiedLevels":["SLSA_BUILD_LEVEL_3"]}"""), [1, 2]));

        Assert.Equal(EvidenceOutcome.Inconclusive, read.Outcome);
        Assert.Equal("https://v says PASSED: SLSA_BUILD_LEVEL_3; signature not verified: no key is configured.", read.Text);
    }

    [Fact]
    public void A_verification_summary_that_failed_has_failed() =>
        Assert.Equal(EvidenceOutcome.Failed, Read(EvidenceKind.InToto, Statement(Vsa, """{"verifier":{"id":"v"},"verificationResult":"FAILED"}""")).Outcome);

    [Fact]
    public void The_release_s_digest_is_found_among_several_subjects()
    {
        var several = $$$"""[{"name":"a","digest":{"sha256":"{{{new string('b', 64)}}}"}},{"name":"b","digest":{"sha512":"00","sha256":"{{{new string('A', 64)}}}"}}]""";

        Assert.Equal(Digest, Read(EvidenceKind.InToto, Statement(TestResult, """{"result":"PASSED"}""", several), PipelineStage.Unit).SubjectDigest);
    }

    [Fact]
    public void A_statement_about_something_else_names_that()
    {
        var other = $$$"""[{"name":"a","digest":{"sha256":"{{{new string('b', 64)}}}"}}]""";

        Assert.Equal("sha256:" + new string('b', 64), Read(EvidenceKind.InToto, Statement(TestResult, """{"result":"PASSED"}""", other), PipelineStage.Unit).SubjectDigest);
    }

    [Theory]
    [InlineData("""{"_type":"x","predicateType":"y","predicate":{}}""", "_type")]
    [InlineData("""{"_type":"https://in-toto.io/Statement/v1","predicateType":"https://cyclonedx.org/bom","predicate":{}}""", "is not read")]
    [InlineData("""{"_type":"https://in-toto.io/Statement/v1","predicateType":"https://slsa.dev/provenance/v1"}""", "no predicate")]
    [InlineData("""{"payloadType":"text/plain","payload":"e30="}""", "payloadType")]
    [InlineData("""{"payloadType":"application/vnd.in-toto+json","payload":"***"}""", "not base64")]
    public void Anything_else_is_refused(string json, string reason) => Assert.Contains(reason, Refuses(EvidenceKind.InToto, json).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(TestResult, """{"result":"PASSED"}""", PipelineStage.ArtifactSigning, "cannot speak")]
    [InlineData(TestResult, """{"result":"PASSED"}""", null, "name one of")]
    [InlineData(Provenance, Built, PipelineStage.Unit, "only for signing")]
    [InlineData(TestResult, """{"result":"MAYBE"}""", PipelineStage.Unit, "PASSED, WARNED or FAILED")]
    public void Each_predicate_speaks_for_its_stage_only(string type, string predicate, PipelineStage? stage, string reason) =>
        Assert.Contains(reason, Refuses(EvidenceKind.InToto, Statement(type, predicate), stage).Message, StringComparison.Ordinal);

    [Fact]
    public void A_statement_without_a_digest_is_refused() =>
        Assert.Contains("names no digest", Refuses(EvidenceKind.InToto, Statement(TestResult, """{"result":"PASSED"}""", "[{\"name\":\"a\"}]"), PipelineStage.Unit).Message, StringComparison.Ordinal);

    [Fact]
    public void A_signature_of_the_artifact_s_bytes_is_verified_by_its_digest()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var keys = Keys(("release", key.ExportSubjectPublicKeyInfoPem()));
        var signature = Convert.ToBase64String(key.SignHash(Convert.FromHexString(Digest[7..]), DSASignatureFormat.Rfc3279DerSequence));
        var other = Convert.ToBase64String(key.SignHash(SHA256.HashData("other"u8), DSASignatureFormat.Rfc3279DerSequence));

        Assert.Equal(EvidenceOutcome.Passed, Read(EvidenceKind.Signature, signature + "\n", with: t => t with { Keys = keys }).Outcome);
        Assert.Equal(EvidenceOutcome.Passed, Read(EvidenceKind.Signature, $$"""{"signature":"{{signature}}"}""", with: t => t with { Keys = keys }).Outcome);
        Assert.Equal(EvidenceOutcome.Failed, Read(EvidenceKind.Signature, other, with: t => t with { Keys = keys }).Outcome);
        Assert.Equal(EvidenceOutcome.Inconclusive, Read(EvidenceKind.Signature, signature).Outcome);
    }

    [Fact]
    public void A_signed_image_payload_names_its_artifact()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var payload = Encoding.UTF8.GetBytes($$$"""{"critical":{"identity":{"docker-reference":"r/shop"},"image":{"docker-manifest-digest":"sha256:{{{new string('c', 64)}}}"},"type":"cosign container image signature"},"optional":null}""");
        var document = JsonSerializer.Serialize(new { payload = Convert.ToBase64String(payload), signature = Convert.ToBase64String(key.SignData(payload, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)) });

        var read = Read(EvidenceKind.Signature, document, with: t => t with { Keys = Keys(("release", key.ExportSubjectPublicKeyInfoPem())) });

        Assert.Equal((EvidenceOutcome.Passed, "sha256:" + new string('c', 64)), (read.Outcome, read.SubjectDigest));
    }

    [Theory]
    [InlineData("nonsense", "not a public key")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----", "Ed25519")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "not a public key")]
    public void A_key_that_cannot_be_used_is_refused_in_words(string pem, string reason) =>
        Assert.Contains(reason, Assert.Throws<FormatException>(() => EvidenceKey.Read("k", pem)).Message, StringComparison.Ordinal);

    [Fact]
    public void Private_short_and_foreign_keys_are_refused()
    {
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var small = RSA.Create(1024);

        Assert.Contains("another curve", Assert.Throws<FormatException>(() => EvidenceKey.Read("k", p384.ExportSubjectPublicKeyInfoPem())).Message, StringComparison.Ordinal);
        Assert.Contains("private key", Assert.Throws<FormatException>(() => EvidenceKey.Read("k", p384.ExportPkcs8PrivateKeyPem())).Message, StringComparison.Ordinal);
        Assert.Contains("shorter", Assert.Throws<FormatException>(() => EvidenceKey.Read("k", small.ExportSubjectPublicKeyInfoPem())).Message, StringComparison.Ordinal);
    }

    private static readonly string Subject = $$$"""[{"name":"shop","digest":{"sha256":"{{{new string('a', 64)}}}"}}]""";

    private static string Statement(string type, string predicate, string? subject = null) =>
        $$"""{"_type":"https://in-toto.io/Statement/v1","subject":{{subject ?? Subject}},"predicateType":"{{type}}","predicate":{{predicate}}}""";

    private static byte[] Signed(string statement) => InTotoDocument.PreAuthentication(Type, Encoding.UTF8.GetBytes(statement));

    private static string Envelope(string statement, byte[] signature) => JsonSerializer.Serialize(new
    {
        payloadType = Type,
        payload = Convert.ToBase64String(Encoding.UTF8.GetBytes(statement)),
        signatures = new[] { new { keyid = "", sig = Convert.ToBase64String(signature) } },
    });
}
