using System.Text.Json.Serialization;
using OpsConsole.Core.Board;
using OpsConsole.Core.Gates.Approvals;

namespace OpsConsole.Core.Actions.Gate;

/// <summary>How one gate stood when an action was judged.</summary>
/// <param name="Name">Which gate, for example "fresh data".</param>
/// <param name="Verdict">How it stood.</param>
/// <param name="Detail">The sentence shown for it.</param>
/// <param name="Source">Where the evidence came from.</param>
/// <param name="AsOf">How new the evidence was.</param>
public sealed record GateResult(string Name, Verdict Verdict, string Detail, string Source, DateTimeOffset? AsOf)
{
    /// <summary>Who waived it, where it passes only because of that; null for every other gate.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? WaivedBy { get; init; }

    /// <summary>When that waiver ends; null where none holds.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? WaivedUntil { get; init; }
}

/// <summary>One signal as it stood.</summary>
public sealed record SignalEvidence(string Signal, Verdict Verdict, double? Canary, double? Baseline, double? Delta, double? Limit, long Samples, DateTimeOffset? AsOf, string Reason);

/// <summary>What a decision was made on, frozen.</summary>
public sealed record Evidence
{
    public required Guid? ReleaseId { get; init; }

    public required string? ArtifactDigest { get; init; }

    public required long? SnapshotVersion { get; init; }

    public required DateTimeOffset JudgedAt { get; init; }

    public required Verdict? Verdict { get; init; }

    public required double? ExposurePercent { get; init; }

    public required IReadOnlyList<GateResult> Gates { get; init; }

    public required IReadOnlyList<SignalEvidence> Signals { get; init; }

    /// <summary>The gates that policy, evidence and place add.</summary>
    public IReadOnlyList<GateResult> PolicyGates { get; init; } = [];

    /// <summary>Digest of the policy's text; null without one.</summary>
    public string? PolicyDigest { get; init; }

    /// <summary>What people decide on when they approve, and its seal.</summary>
    public string? DecisionSeal { get; init; }

    public ApprovalBasis? Decision { get; init; }
}
