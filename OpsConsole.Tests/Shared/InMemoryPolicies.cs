using OpsConsole.Core.Audit;
using OpsConsole.Core.Policies;

namespace OpsConsole.Tests.Shared;

/// <summary>The library of policies in memory.</summary>
public sealed class InMemoryPolicies : IPolicyStore
{
    private readonly Lock _lock = new();
    private readonly List<PolicyVersion> _versions = [];

    /// <summary>True: every call fails as it does while the database is away.</summary>
    public bool Away { get; set; }

    /// <summary>Puts a version there as it is.</summary>
    public void Add(string name, int version, string text) => _versions.Add(new PolicyVersion
    {
        Name = name, Version = version, Text = text, Digest = $"{name}{version}", CreatedBy = "anna", CreatedAt = Sample.Noon,
    });

    public void Clear() => _versions.Clear();

    public Task<PolicySaved> SaveAsync(PolicyDraft draft, CancellationToken cancellationToken) => Asked(() =>
    {
        var latest = _versions.LastOrDefault(v => v.Name == draft.Name);
        if (latest?.Digest == draft.Digest)
        {
            return new PolicySaved(latest, false);
        }

        var next = new PolicyVersion
        {
            Name = draft.Name, Version = (latest?.Version ?? 0) + 1, Text = draft.Text, Digest = draft.Digest, CreatedBy = draft.By.Name, CreatedAt = draft.At, Note = draft.Note,
        };
        _versions.Add(next);
        return new PolicySaved(next, true);
    });

    public Task<IReadOnlyList<PolicyHead>> ListAsync(CancellationToken cancellationToken) => Asked<IReadOnlyList<PolicyHead>>(
        () => [.. _versions.GroupBy(v => v.Name).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => Head(g.Last()))]);

    public Task<IReadOnlyList<PolicyHead>> VersionsAsync(string name, CancellationToken cancellationToken) => Asked<IReadOnlyList<PolicyHead>>(
        () => [.. _versions.Where(v => v.Name == name).Reverse().Select(Head)]);

    public Task<PolicyVersion?> FindAsync(string name, int? version, CancellationToken cancellationToken) => Asked(
        () => _versions.LastOrDefault(v => v.Name == name && (version is null || v.Version == version)));

    private static PolicyHead Head(PolicyVersion v) => new(v.Name, v.Version, v.Digest, v.CreatedBy, v.CreatedAt, v.Note);

    private Task<T> Asked<T>(Func<T> work)
    {
        if (Away)
        {
            return Task.FromException<T>(new RecordUnavailableException("The database is away."));
        }

        lock (_lock)
        {
            return Task.FromResult(work());
        }
    }
}
