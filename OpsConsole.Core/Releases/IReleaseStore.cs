namespace OpsConsole.Core.Releases;

/// <summary>A page of something, with what is needed to ask for the next.</summary>
/// <param name="Items">The rows of this page.</param>
/// <param name="Total">Rows that match, or null when they were not counted.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, long? Total);

/// <summary>What to look for in the history. Null means any.</summary>
public sealed record ReleaseQuery
{
    /// <summary>Most rows a page may have.</summary>
    public const int MaxTake = 200;

    /// <summary>Words matched against the beginning of service, version, commit, digest and author, without regard to case.</summary>
    public string? Search { get; init; }

    public string? Service { get; init; }

    public string? Target { get; init; }

    public string? Environment { get; init; }

    public string? Owner { get; init; }

    public ReleasePhase? Phase { get; init; }

    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? To { get; init; }

    /// <summary>Rows to skip, 0 or more.</summary>
    public int Skip { get; init; }

    /// <summary>Rows wanted, 1 to <see cref="MaxTake"/>.</summary>
    public int Take { get; init; } = 50;
}

/// <summary>Why a release was not registered.</summary>
public sealed class DuplicateReleaseException(Guid existing, string message) : Exception(message)
{
    /// <summary>The release that is already there.</summary>
    public Guid Existing { get; } = existing;
}

/// <summary>Where releases and their timelines are kept.</summary>
public interface IReleaseStore
{
    /// <summary>Adds a release with its first event; supersedes the live release of the same service, target and environment that is rolled out to 100 %, and refuses while another one is on its way.</summary>
    /// <returns>The releases that were superseded.</returns>
    /// <exception cref="DuplicateReleaseException">The same version is already registered there, or another rollout is in progress.</exception>
    Task<IReadOnlyList<Release>> AddAsync(Release release, string actor, CancellationToken cancellationToken);

    Task<Release?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>The digest under which this version of the service is registered for this target in any environment, or null when it is not.</summary>
    Task<string?> FindDigestAsync(string service, string target, string version, CancellationToken cancellationToken);

    /// <summary>Releases the board shows: live ones, and the latest ended one of each service, target and environment that has no live one.</summary>
    Task<IReadOnlyList<Release>> ListBoardAsync(CancellationToken cancellationToken);

    /// <summary>A page of history, newest first.</summary>
    Task<Page<Release>> PageAsync(ReleaseQuery query, CancellationToken cancellationToken);

    /// <summary>The timeline of a release, oldest first, at most <paramref name="take"/> of the newest.</summary>
    Task<IReadOnlyList<ReleaseEvent>> EventsAsync(Guid releaseId, int take, CancellationToken cancellationToken);

    Task AppendEventAsync(ReleaseEvent entry, CancellationToken cancellationToken);

    /// <summary>Saves a change of phase that no action made (done, superseded) with its event. False when someone else changed the release first.</summary>
    Task<bool> SaveAsync(Release release, ReleaseEvent entry, CancellationToken cancellationToken);
}
