using OpsConsole.Core.Gates.Evidence.Signatures;

namespace OpsConsole.Core.Gates.Evidence;

/// <summary>What a document is read against.</summary>
public sealed record EvidenceTerms
{
    /// <summary>The stage that the pipeline names; null: the one the kind belongs to.</summary>
    public PipelineStage? Stage { get; init; }

    /// <summary>Digest of the release's artifact, <c>algorithm:hex</c>.</summary>
    public required string ArtifactDigest { get; init; }

    /// <summary>Lowest share of lines that tests must reach, in percent; null: no budget.</summary>
    public double? LineBudget { get; init; }

    /// <summary>Lowest share of branches that tests must reach, in percent; null: no budget.</summary>
    public double? BranchBudget { get; init; }

    /// <summary>Beginnings of the names of tests that are on a critical path; empty: nobody said.</summary>
    public IReadOnlyList<string> CriticalPaths { get; init; } = [];

    /// <summary>Migration SQL is in the dialect of SQL Server; else in that of PostgreSQL.</summary>
    public bool SqlServer { get; init; }

    /// <summary>Keys that signatures are verified with.</summary>
    public EvidenceKeys Keys { get; init; } = EvidenceKeys.None;
}
