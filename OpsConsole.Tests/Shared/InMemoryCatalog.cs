using OpsConsole.Core.Audit;
using OpsConsole.Core.Catalog;

namespace OpsConsole.Tests.Shared;

/// <summary>What was applied of the catalogue, in memory.</summary>
public sealed class InMemoryCatalog : ICatalogStore
{
    private readonly Lock _lock = new();

    /// <summary>Every version, oldest first.</summary>
    public List<CatalogVersion> Versions { get; } = [];

    /// <summary>The lines that were written with them.</summary>
    public List<AuditEntry> Lines { get; } = [];

    /// <summary>True: every call fails as it does while the database is away.</summary>
    public bool Away { get; set; }

    /// <summary>Waited for before the number is told.</summary>
    public Func<Task> Asking { get; set; } = static () => Task.CompletedTask;

    public Task<CatalogVersion?> LatestAsync(CancellationToken cancellationToken) => Asked(() => Versions.LastOrDefault());

    public async Task<int> NumberAsync(CancellationToken cancellationToken)
    {
        await Asking();
        return await Asked(() => Versions.Count);
    }

    public Task<IReadOnlyList<CatalogHead>> ListAsync(int take, CancellationToken cancellationToken) => Asked<IReadOnlyList<CatalogHead>>(
        () => [.. Versions.AsEnumerable().Reverse().Take(take).Select(v => new CatalogHead(v.Number, v.Digest, v.AppliedBy, v.AppliedAt, v.Summary))]);

    public Task<bool> AddAsync(CatalogVersion version, AuditEntry audit, CancellationToken cancellationToken) => Asked(() =>
    {
        if (version.Number != Versions.Count + 1)
        {
            return false;
        }

        Versions.Add(version);
        Lines.Add(audit);
        return true;
    });

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
