using OpsConsole.Core.Gates;
using OpsConsole.Core.Policies;

namespace OpsConsole.Tests.Web.Components;

/// <summary>A library of policies and kept analyses, held in memory.</summary>
internal sealed class PretendPolicies : IAnalysisStore, IPolicyStore
{
    public List<PolicyVersion> Versions { get; } = [];

    public List<AnalysisRun> Runs { get; } = [];

    public void Add(string name, int version, string text) => Versions.Add(new PolicyVersion
    {
        Name = name, Version = version, Text = text, Digest = $"{name}{version}", CreatedBy = "anna", CreatedAt = Pretend.Now,
    });

    public Task AddAsync(AnalysisRun run, CancellationToken cancellationToken)
    {
        Runs.Add(run);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<AnalysisRun>> LatestAsync(Guid releaseId, int take, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<AnalysisRun>>([.. Runs.Where(r => r.ReleaseId == releaseId).OrderByDescending(r => r.At).Take(take)]);

    public Task<PolicyVersion?> FindAsync(string name, int? version, CancellationToken cancellationToken) =>
        Task.FromResult(Versions.Where(v => v.Name == name && (version is null || v.Version == version)).MaxBy(v => v.Version));

    public Task<IReadOnlyList<PolicyHead>> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<PolicyHead>>([.. Versions.GroupBy(v => v.Name).Select(g => Head(g.MaxBy(v => v.Version)!))]);

    public Task<IReadOnlyList<PolicyHead>> VersionsAsync(string name, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<PolicyHead>>([.. Versions.Where(v => v.Name == name).OrderByDescending(v => v.Version).Select(Head)]);

    public Task<PolicySaved> SaveAsync(PolicyDraft draft, CancellationToken cancellationToken) => Task.FromException<PolicySaved>(new InvalidOperationException("Pages do not do this."));

    private static PolicyHead Head(PolicyVersion v) => new(v.Name, v.Version, v.Digest, v.CreatedBy, v.CreatedAt, v.Note);
}
