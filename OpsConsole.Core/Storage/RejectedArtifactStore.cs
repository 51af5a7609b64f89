using Microsoft.EntityFrameworkCore;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Gates.Artifacts;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Storage;

/// <summary>Rejections of artifacts in the database. They are added with the rejected promotion (<see cref="ActionStore"/>).</summary>
public sealed class RejectedArtifactStore(RecordDatabase database) : IRejectedArtifactStore
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<RejectedDigest>> InForceAsync(IReadOnlyCollection<string> digests, CancellationToken cancellationToken) => digests.Count == 0
        ? Task.FromResult<IReadOnlyList<RejectedDigest>>([])
        : database.ReadAsync<IReadOnlyList<RejectedDigest>>(
            RecordDatabase.Live,
            async (context, token) => await InForce(context, digests).ToListAsync(token),
            cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<RejectedDigest>> ListAsync(int take, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<RejectedDigest>>(
        RecordDatabase.Browsing,
        async (context, token) => await Newest(context, take).ToListAsync(token),
        cancellationToken);

    /// <inheritdoc/>
    public Task<RejectedDigest?> FindAsync(Guid id, CancellationToken cancellationToken) => database.ReadAsync(
        RecordDatabase.Live, (context, token) => context.RejectedDigests.AsNoTracking().SingleOrDefaultAsync(r => r.Id == id, token), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> SaveAsync(RejectedDigest rejected, AuditEntry audit, IReadOnlyList<ReleaseEvent> told, CancellationToken cancellationToken) => database.SaveWithLinesAsync(
        rejected, isNew: false, [nameof(RejectedDigest.LiftedAt), nameof(RejectedDigest.LiftedBy), nameof(RejectedDigest.LiftReason)], audit, told, cancellationToken);

    internal static IQueryable<RejectedDigest> InForce(OpsConsoleDbContext context, IReadOnlyCollection<string> digests)
    {
        var wanted = digests.Distinct().ToList();
        return context.RejectedDigests.AsNoTracking().Where(r => r.LiftedAt == null && wanted.Contains(r.Digest)).OrderByDescending(r => r.At).ThenByDescending(r => r.Id);
    }

    internal static IQueryable<RejectedDigest> Newest(OpsConsoleDbContext context, int take) => context.RejectedDigests.AsNoTracking()
        .OrderByDescending(r => r.At).ThenByDescending(r => r.Id).Take(Math.Clamp(take, 1, 200));
}
