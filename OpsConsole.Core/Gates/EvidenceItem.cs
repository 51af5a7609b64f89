namespace OpsConsole.Core.Gates;

/// <summary>What a piece of evidence says.</summary>
public enum EvidenceOutcome
{
    Passed,
    PassedWithWarnings,

    /// <summary>Failed and passed in the same report: named, and never silently green.</summary>
    Flaky,

    /// <summary>Nothing was run, or too little to tell.</summary>
    Inconclusive,

    /// <summary>What made the report says of itself that it did not finish.</summary>
    Error,

    Failed,
}

/// <summary>One document that a pipeline posted about a release, as it was read. Never changed: a newer one of the same stage and source takes its place.</summary>
public sealed class EvidenceItem
{
    /// <summary>UUID version 7.</summary>
    public required Guid Id { get; init; }

    public required Guid ReleaseId { get; init; }

    /// <summary>Form of the document, for example <c>junit</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Code of the pipeline stage, for example <c>unit</c>.</summary>
    public required string Stage { get; init; }

    /// <summary>What made it, as the pipeline names it, for example <c>checkout unit tests</c>.</summary>
    public required string Source { get; init; }

    public required EvidenceOutcome Outcome { get; init; }

    /// <summary>True when this stage and outcome keep the release from being promoted.</summary>
    public required bool Blocking { get; init; }

    /// <summary>One sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>Counts and notable items as JSON, bounded.</summary>
    public required string DetailJson { get; init; }

    /// <summary>SHA-256 of the document, lower-case hex.</summary>
    public required string ContentDigest { get; init; }

    /// <summary>Digest of the artifact that the document names, or null where it names none.</summary>
    public string? ArtifactDigest { get; init; }

    /// <summary>When it was made, where the document says so.</summary>
    public DateTimeOffset? ProducedAt { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    public required string ReceivedBy { get; init; }
}

/// <summary>Where evidence is kept.</summary>
public interface IEvidenceStore
{
    /// <summary>Adds an item with its audit line and its line in the timeline, unless the same document is there for the same stage and source.</summary>
    /// <returns>The item that is there: the given one, or the earlier one of the same document.</returns>
    Task<EvidenceItem> AddAsync(EvidenceItem item, Audit.AuditEntry audit, Releases.ReleaseEvent entry, CancellationToken cancellationToken);

    /// <summary>All of a release, newest first, at most 1,000.</summary>
    Task<IReadOnlyList<EvidenceItem>> ForReleaseAsync(Guid releaseId, CancellationToken cancellationToken);
}
