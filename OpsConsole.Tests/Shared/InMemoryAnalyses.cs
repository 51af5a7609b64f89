using OpsConsole.Core.Gates;

namespace OpsConsole.Tests.Shared;

/// <summary>Kept analyses in memory.</summary>
public sealed class InMemoryAnalyses : IAnalysisStore
{
    private readonly List<AnalysisRun> _runs = [];

    public Task AddAsync(AnalysisRun run, CancellationToken cancellationToken)
    {
        _runs.Add(run);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<AnalysisRun>> LatestAsync(Guid releaseId, int take, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<AnalysisRun>>([.. _runs.Where(r => r.ReleaseId == releaseId).OrderByDescending(r => r.At).Take(take)]);
}
