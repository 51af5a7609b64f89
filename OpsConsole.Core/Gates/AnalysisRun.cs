namespace OpsConsole.Core.Gates;

/// <summary>One analysis of a release by the judge, kept as it came out. Never changed.</summary>
public sealed class AnalysisRun
{
    /// <summary>Most runs that are kept of one release.</summary>
    public const int MostKept = 200;

    /// <summary>Age from which the latest run no longer speaks for the release.</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(5);

    /// <summary>UUID version 7.</summary>
    public required Guid Id { get; init; }

    public required Guid ReleaseId { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Stage that the release was in.</summary>
    public required int StageIndex { get; init; }

    /// <summary><c>pass</c>, <c>marginal</c>, <c>fail</c>, <c>inconclusive</c> or <c>error</c>.</summary>
    public required string Verdict { get; init; }

    /// <summary>0 to 100.</summary>
    public required double Score { get; init; }

    /// <summary>The whole report.</summary>
    public required string ReportJson { get; init; }
}

/// <summary>Where analyses are kept.</summary>
public interface IAnalysisStore
{
    /// <summary>Adds a run, and lets go of the oldest beyond <see cref="AnalysisRun.MostKept"/> of its release.</summary>
    Task AddAsync(AnalysisRun run, CancellationToken cancellationToken);

    /// <summary>The latest of a release, newest first.</summary>
    Task<IReadOnlyList<AnalysisRun>> LatestAsync(Guid releaseId, int take, CancellationToken cancellationToken);
}
