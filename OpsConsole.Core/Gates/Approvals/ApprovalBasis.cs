using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Gates.Approvals;

/// <summary>One piece of evidence as people decide on it.</summary>
public sealed record EvidenceBasis(string Stage, string Source, string ContentDigest, EvidenceOutcome Outcome);

/// <summary>What people decide on when they approve a promotion. Its seal changes when any of it does; live telemetry is not in it (docs/decisions/0011-approval-seal.md).</summary>
public sealed record ApprovalBasis
{
    public required Guid ReleaseId { get; init; }

    public required string ArtifactDigest { get; init; }

    public string? PolicyDigest { get; init; }

    /// <summary>Index of the stage that is asked for.</summary>
    public required int StageIndex { get; init; }

    /// <summary>Its exposure; null where there is no next stage.</summary>
    public double? ExposurePercent { get; init; }

    /// <summary>Evidence that counts, by stage and source.</summary>
    public IReadOnlyList<EvidenceBasis> Evidence { get; init; } = [];

    /// <summary>Waivers in force, in order.</summary>
    public IReadOnlyList<Guid> Waivers { get; init; } = [];

    /// <summary>Waivers that were given and do not hold any more, taken back or over, in order. A waiver moves from the one list to the other and never back, so no seal comes again after one.</summary>
    public IReadOnlyList<Guid> EndedWaivers { get; init; } = [];

    public MigrationClass Migration { get; init; }

    /// <summary>What a release and its facts come to at a time.</summary>
    public static ApprovalBasis Of(GateFacts facts, Release release, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(release);
        return new()
        {
            ReleaseId = release.Id,
            ArtifactDigest = release.Artifact.Digest,
            PolicyDigest = release.Policy?.Digest,
            StageIndex = release.StageIndex + 1,
            ExposurePercent = release.NextStage?.ExposurePercent,
            Evidence = [.. Rules.CurrentEvidence.Of(facts.Evidence).Select(e => new EvidenceBasis(e.Stage, e.Source, e.ContentDigest, e.Outcome))],
            Waivers = [.. facts.WaiversAt(now).Select(w => w.Id).Order()],
            EndedWaivers = [.. facts.Waivers.Where(w => !w.HoldsAt(now)).Select(w => w.Id).Order()],
            Migration = Rules.CurrentEvidence.Migration(release.Migration, facts.Evidence),
        };
    }

    /// <summary>What changed from an earlier basis to this one, as the end of "lapsed: …".</summary>
    public string Since(ApprovalBasis? earlier)
    {
        if (earlier is null)
        {
            return "what it was given on has changed";
        }

        List<string> changes = [];
        foreach (var item in Evidence.Where(e => !earlier.Evidence.Contains(e)))
        {
            changes.Add($"a new {item.Stage} report of {item.Source} arrived ({item.Outcome.ToString().ToLowerInvariant()})");
        }

        changes.AddRange(Waivers.Except(earlier.Waivers).Any() ? ["a gate was waived"] : []);
        changes.AddRange(earlier.Waivers.Except(Waivers).Any() ? ["a waiver ended"] : []);
        changes.AddRange(EndedWaivers.Except(earlier.EndedWaivers).Except(earlier.Waivers).Any() ? ["a gate was waived, and that ended"] : []);
        changes.AddRange(Migration != earlier.Migration ? [$"the migration is now of class {Migration.ToString().ToLowerInvariant()}"] : []);
        changes.AddRange(PolicyDigest != earlier.PolicyDigest ? ["the policy changed"] : []);
        changes.AddRange(ArtifactDigest != earlier.ArtifactDigest ? ["the artifact changed"] : []);
        changes.AddRange(StageIndex != earlier.StageIndex || !Nullable.Equals(ExposurePercent, earlier.ExposurePercent) ? ["the stage that is asked for changed"] : []);
        return changes.Count == 0 ? "what it was given on has changed" : string.Join("; ", changes);
    }
}
