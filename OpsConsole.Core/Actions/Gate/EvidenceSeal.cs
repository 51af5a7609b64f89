using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using OpsConsole.Core.Actions.Promote;
using OpsConsole.Core.Gates.Approvals;

namespace OpsConsole.Core.Actions.Gate;

/// <summary>Evidence as it is kept: canonical JSON and the hash over it, so that a later reader can tell that it is what was judged.</summary>
/// <param name="Json">camelCase, names sorted, no white space.</param>
/// <param name="Seal">SHA-256 of the UTF-8 of <paramref name="Json"/>, lower-case hex.</param>
public sealed record EvidenceSeal(string Json, string Seal)
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Freezes what the rule was given.</summary>
    public static EvidenceSeal Freeze(ActionContext context, string? artifactDigest)
    {
        ArgumentNullException.ThrowIfNull(context);
        var snapshot = context.Snapshot;
        return Of(new Evidence
        {
            ReleaseId = context.Release?.Id,
            ArtifactDigest = artifactDigest,
            SnapshotVersion = snapshot?.SnapshotVersion,
            JudgedAt = context.Now,
            Verdict = snapshot?.Verdict,
            ExposurePercent = context.Release?.ExposurePercent,
            Gates = context.Release is { } release ? PromotionGates.Judge(release, snapshot, context.Now) : [],
            PolicyGates = context.Policy.Gates,
            PolicyDigest = context.Policy.Basis?.PolicyDigest,
            DecisionSeal = context.Policy.Seal.Length > 0 ? context.Policy.Seal : null,
            Decision = context.Policy.Basis,
            Signals = snapshot is null ? [] : [.. snapshot.Signals.Select(s => new SignalEvidence(
                s.Definition.Key.Value, s.Verdict, s.Canary, s.Baseline, s.Delta, s.Definition.Limit, s.Samples, s.AsOf, s.Reason))],
        });
    }

    /// <summary>True when the text is what the seal was made over.</summary>
    public static bool Holds(string json, string seal) => string.Equals(Hash(json), seal, StringComparison.Ordinal);

    /// <summary>Writes evidence in its one form and hashes it.</summary>
    public static EvidenceSeal Of(Evidence evidence) => Over(evidence);

    /// <summary>Writes any record in that one form and hashes it.</summary>
    public static EvidenceSeal Over<T>(T value)
    {
        var json = Sorted(JsonSerializer.SerializeToNode(value, Options))!.ToJsonString(Options);
        return new(json, Hash(json));
    }

    /// <summary>What people decide on as it was when evidence was frozen, and its seal; empty where the evidence names none.</summary>
    public static (string Seal, ApprovalBasis? Basis) DecisionOf(string evidenceJson)
    {
        var evidence = JsonNode.Parse(evidenceJson);
        return (evidence?["decisionSeal"]?.GetValue<string>() ?? "", evidence?["decision"]?.Deserialize<ApprovalBasis>(Options));
    }

    /// <summary>The policy's gates as they were when evidence was frozen; none where it names none.</summary>
    public static IReadOnlyList<GateResult> PolicyGatesOf(string evidenceJson) =>
        JsonNode.Parse(evidenceJson)?["policyGates"]?.Deserialize<IReadOnlyList<GateResult>>(Options) ?? [];

    private static string Hash(string json) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)));

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject value => new JsonObject(value.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, Sorted(p.Value)))),
        JsonArray value => new JsonArray([.. value.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}
