using Microsoft.EntityFrameworkCore;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Gates.Waivers;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Storage;

/// <summary>Waivers in the database.</summary>
public sealed class WaiverStore(RecordDatabase database) : IWaiverStore
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<Waiver>> ForReleaseAsync(Guid releaseId, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<Waiver>>(
        RecordDatabase.Live,
        async (context, token) => await OfRelease(context, releaseId).ToListAsync(token),
        cancellationToken);

    /// <inheritdoc/>
    public Task<Waiver?> FindAsync(Guid id, CancellationToken cancellationToken) => database.ReadAsync(
        RecordDatabase.Live, (context, token) => context.Waivers.AsNoTracking().SingleOrDefaultAsync(w => w.Id == id, token), cancellationToken);

    /// <inheritdoc/>
    public Task AddAsync(Waiver waiver, AuditEntry audit, ReleaseEvent entry, CancellationToken cancellationToken) =>
        database.SaveWithLinesAsync(waiver, isNew: true, [], audit, [entry], cancellationToken);

    /// <inheritdoc/>
    public Task<bool> SaveAsync(Waiver waiver, AuditEntry audit, ReleaseEvent entry, CancellationToken cancellationToken) =>
        database.SaveWithLinesAsync(waiver, isNew: false, [nameof(Waiver.RevokedAt), nameof(Waiver.RevokedBy)], audit, [entry], cancellationToken);

    internal static IQueryable<Waiver> OfRelease(OpsConsoleDbContext context, Guid releaseId) => context.Waivers.AsNoTracking()
        .Where(w => w.ReleaseId == releaseId).OrderByDescending(w => w.At).ThenByDescending(w => w.Id);
}
