using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Gates;

/// <summary>How the objectives of a service stand.</summary>
/// <param name="WorstBudgetLeft">Error budget left of the worst objective, as a share: 1 all of it, 0 or less used up; null where none of them has data.</param>
/// <param name="Burning">Whether an objective burns its budget at a rate that alerts.</param>
/// <param name="PagingAlerts">Paging alerts that are firing, one title each.</param>
/// <param name="AsOf">When that was worked out.</param>
public sealed record ObjectiveStanding(double? WorstBudgetLeft, bool Burning, IReadOnlyList<string> PagingAlerts, DateTimeOffset AsOf);

/// <summary>What the gates need to know of objectives.</summary>
public interface IServiceObjectives
{
    /// <summary>How the objectives of a service in an environment stand; null when none is defined.</summary>
    Task<ObjectiveStanding?> StandingAsync(string service, string environment, CancellationToken cancellationToken);
}

/// <summary>How much a release changes.</summary>
public interface IChangeSizes
{
    /// <summary>Changed lines, or null where that is not known.</summary>
    Task<int?> LinesAsync(Release release, CancellationToken cancellationToken);
}
