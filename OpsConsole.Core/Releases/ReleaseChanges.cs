using OpsConsole.Core.Audit;

namespace OpsConsole.Core.Releases;

/// <summary>The change set of a release as it was posted. Set once and never changed.</summary>
public sealed class ReleaseChanges
{
    public required Guid ReleaseId { get; init; }

    /// <summary>The change set in the form of <see cref="ChangeSetText"/>.</summary>
    public required string Json { get; init; }

    /// <summary>SHA-256 of <see cref="Json"/>, lower-case hex.</summary>
    public required string Digest { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string By { get; init; }
}

/// <summary>Where change sets are kept.</summary>
public interface IChangeStore
{
    /// <summary>Adds the change set of a release with its audit line and its line in the timeline, unless the release has one.</summary>
    /// <returns>What is there: the given one, or the earlier one.</returns>
    Task<ReleaseChanges> AddAsync(ReleaseChanges changes, AuditEntry audit, ReleaseEvent entry, CancellationToken cancellationToken);

    /// <summary>Those of these releases that have one.</summary>
    Task<IReadOnlyList<ReleaseChanges>> FindAsync(IReadOnlyCollection<Guid> releases, CancellationToken cancellationToken);
}
