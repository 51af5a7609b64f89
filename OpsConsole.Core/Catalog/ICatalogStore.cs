using OpsConsole.Core.Audit;

namespace OpsConsole.Core.Catalog;

/// <summary>Every state of the catalogue that was applied.</summary>
public interface ICatalogStore
{
    /// <summary>The version that holds; null where none was applied yet.</summary>
    Task<CatalogVersion?> LatestAsync(CancellationToken cancellationToken);

    /// <summary>Number of the version that holds; 0 where none was applied yet.</summary>
    Task<int> NumberAsync(CancellationToken cancellationToken);

    /// <summary>The latest versions, newest first.</summary>
    Task<IReadOnlyList<CatalogHead>> ListAsync(int take, CancellationToken cancellationToken);

    /// <summary>Adds a version with its line in the audit; false, and nothing written, where another one has its number already.</summary>
    Task<bool> AddAsync(CatalogVersion version, AuditEntry audit, CancellationToken cancellationToken);
}
