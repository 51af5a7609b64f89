using System.Text.Json;
using OpsConsole.Core.Gates.Evidence.Signatures;

namespace OpsConsole.Core.Gates.Evidence.Documents;

/// <summary>The predicate SLSA provenance v1: who built the artifact, how, from what. It proves nothing unless its signature is verified.</summary>
internal static class Provenance
{
    public static EvidenceSummary Read(JsonElement predicate, PipelineStage stage, SignatureStanding standing)
    {
        var definition = predicate.Object("buildDefinition");
        var run = predicate.Object("runDetails");
        var type = definition?.Text("buildType") ?? throw new UnreadableEvidenceException("The provenance has no buildDefinition.buildType.");
        var builder = run?.Object("builder")?.Text("id") ?? throw new UnreadableEvidenceException("The provenance has no runDetails.builder.id.");
        var materials = definition.Value.Array("resolvedDependencies")?.Objects("resolvedDependencies").ToList() ?? [];
        return new EvidenceSummary
        {
            Kind = EvidenceKind.InToto,
            Stage = stage,
            Outcome = standing.Key is null ? EvidenceOutcome.Inconclusive : EvidenceOutcome.Passed,
            Text = $"Built by {Words.Name(builder)} from {Words.Of(materials.Count, "material")}",
            Counts = new Dictionary<string, long> { ["materials"] = materials.Count },
            Items =
            [
                new("builder", Words.Name(builder)),
                new("build type", Words.Name(type)),
                .. materials.Select(m => new NotableItem("material", Words.Name(m.Text("uri") ?? m.Text("name") ?? "unnamed"), Digest(m))).Take(EvidenceSummary.MaxItems - 2),
            ],
            ProducedAt = run.Value.Object("metadata")?.AnyInstant("finishedOn") ?? run.Value.Object("metadata")?.AnyInstant("startedOn"),
        };
    }

    private static string? Digest(JsonElement material)
    {
        foreach (var digest in material.Object("digest")?.EnumerateObject() ?? default)
        {
            return Words.Detail($"{digest.Name}:{(digest.Value.ValueKind == JsonValueKind.String ? digest.Value.GetString() : "")}");
        }

        return null;
    }
}

/// <summary>The predicate verification summary v1: what a verifier concluded of the artifact. Likewise nothing without its signature.</summary>
internal static class VerificationSummary
{
    public static EvidenceSummary Read(JsonElement predicate, PipelineStage stage, SignatureStanding standing)
    {
        var result = predicate.Text("verificationResult");
        var failed = result switch
        {
            "PASSED" => false,
            "FAILED" => true,
            _ => throw new UnreadableEvidenceException($"The verificationResult is '{Words.Name(result)}'; it is PASSED or FAILED."),
        };
        var levels = predicate.Array("verifiedLevels")?.Texts("verifiedLevels").Select(Words.Name).Take(20).ToList() ?? [];
        var verifier = Words.Name(predicate.Object("verifier")?.Text("id") ?? throw new UnreadableEvidenceException("The verification summary has no verifier.id."));
        return new EvidenceSummary
        {
            Kind = EvidenceKind.InToto,
            Stage = stage,
            Outcome = failed ? EvidenceOutcome.Failed : standing.Key is null ? EvidenceOutcome.Inconclusive : EvidenceOutcome.Passed,
            Text = $"{verifier} says {result}{(levels.Count == 0 ? ", naming no levels" : $": {Words.Join(levels)}")}",
            Counts = new Dictionary<string, long> { ["levels"] = levels.Count },
            Items = [new("verifier", verifier), .. levels.Select(l => new NotableItem("level", l))],
            ProducedAt = predicate.AnyInstant("timeVerified"),
        };
    }
}
