namespace OpsConsole.Core.Gates.Evidence;

/// <summary>A document on its way in.</summary>
/// <param name="ReleaseId">Which release it is about.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Source">What made it, as the pipeline names it; a newer document of the same stage and source takes its place.</param>
/// <param name="Document">All of it.</param>
public sealed record EvidenceSubmission(Guid ReleaseId, EvidenceKind Kind, string Source, ReadOnlyMemory<byte> Document)
{
    /// <summary>Longest name of a source.</summary>
    public const int MaxSourceLength = 128;

    /// <inheritdoc cref="EvidenceTerms.Stage"/>
    public PipelineStage? Stage { get; init; }

    /// <inheritdoc cref="EvidenceTerms.LineBudget"/>
    public double? LineBudget { get; init; }

    /// <inheritdoc cref="EvidenceTerms.BranchBudget"/>
    public double? BranchBudget { get; init; }

    /// <inheritdoc cref="EvidenceTerms.CriticalPaths"/>
    public IReadOnlyList<string> CriticalPaths { get; init; } = [];

    /// <inheritdoc cref="EvidenceTerms.SqlServer"/>
    public bool SqlServer { get; init; }
}

/// <summary>What came of a submission.</summary>
public abstract record EvidenceAnswer
{
    /// <summary>It is on record.</summary>
    public sealed record Accepted(EvidenceItem Item) : EvidenceAnswer;

    /// <summary>The same document was there already.</summary>
    /// <param name="Item">As it was kept then.</param>
    /// <param name="Superseded">True when something newer of the same stage and source has taken its place meanwhile: sending it again does not bring it back.</param>
    public sealed record Repeated(EvidenceItem Item, bool Superseded) : EvidenceAnswer;

    public sealed record NotFound(string Sentence) : EvidenceAnswer;

    public sealed record NotPermitted(string Sentence) : EvidenceAnswer;

    /// <summary>It is about another artifact.</summary>
    public sealed record WrongArtifact(string Sentence) : EvidenceAnswer;

    /// <summary>It is not what it should be.</summary>
    public sealed record Unreadable(string Sentence, long? Line, long? Column) : EvidenceAnswer;

    /// <summary>The record cannot be written now; nothing was kept.</summary>
    public sealed record Unavailable(string Sentence) : EvidenceAnswer;
}
