using Microsoft.EntityFrameworkCore;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Catalog;

namespace OpsConsole.Core.Storage;

/// <summary>What was applied of the catalogue, in the database. A version's number is its key, so of two that are applied at once one is refused.</summary>
public sealed class CatalogStore(RecordDatabase database) : ICatalogStore
{
    /// <inheritdoc/>
    public Task<CatalogVersion?> LatestAsync(CancellationToken cancellationToken) => database.ReadAsync(
        RecordDatabase.Live, (context, token) => Newest(context).FirstOrDefaultAsync(token), cancellationToken);

    /// <inheritdoc/>
    public Task<int> NumberAsync(CancellationToken cancellationToken) => database.ReadAsync(
        RecordDatabase.Live, (context, token) => Newest(context).Select(v => v.Number).FirstOrDefaultAsync(token), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<CatalogHead>> ListAsync(int take, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<CatalogHead>>(
        RecordDatabase.Browsing,
        async (context, token) => await Heads(context, take).ToListAsync(token),
        cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> AddAsync(CatalogVersion version, AuditEntry audit, CancellationToken cancellationToken)
    {
        try
        {
            return await database.SaveWithLinesAsync(version, isNew: true, [], audit, [], cancellationToken);
        }
        catch (DbUpdateException e) when (DatabaseErrors.IsDuplicate(e))
        {
            return false;
        }
    }

    internal static IQueryable<CatalogVersion> Newest(OpsConsoleDbContext context) => context.CatalogVersions.AsNoTracking().OrderByDescending(v => v.Number);

    internal static IQueryable<CatalogHead> Heads(OpsConsoleDbContext context, int take) => context.CatalogVersions.AsNoTracking()
        .OrderByDescending(v => v.Number).Take(Math.Clamp(take, 1, 200))
        .Select(v => new CatalogHead(v.Number, v.Digest, v.AppliedBy, v.AppliedAt, v.Summary));
}
