using Microsoft.EntityFrameworkCore;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Storage.Mappings;

namespace OpsConsole.Core.Storage;

/// <summary>Evidence in the database. Rows are added and never changed.</summary>
public sealed class EvidenceStore(RecordDatabase database) : IEvidenceStore
{
    /// <summary>Most items that a release is read with.</summary>
    public const int MaxItems = 1000;

    /// <inheritdoc/>
    public async Task<EvidenceItem> AddAsync(EvidenceItem item, AuditEntry audit, ReleaseEvent entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(item);
        var (line, timeline) = (Rows.WithKey(audit), Rows.WithKey(entry));
        try
        {
            return await database.WriteAsync(
                RecordDatabase.Live,
                async (context, token) =>
                {
                    if (await Same(context, item).SingleOrDefaultAsync(token) is { } there)
                    {
                        return there;
                    }

                    StorableText.In(context.Entry(item));
                    context.Entry(item).State = EntityState.Added;
                    context.Append(line);
                    context.Append(timeline);
                    await context.SaveChangesAsync(token);
                    return item;
                },
                (context, token) => context.Evidence.AsNoTracking().SingleOrDefaultAsync(e => e.Id == item.Id, token),
                cancellationToken);
        }
        catch (DbUpdateException e) when (DatabaseErrors.IsDuplicate(e, EvidenceItemMapping.OneOfEach))
        {
            // Sent twice at the same moment: the other one won.
            return await database.ReadAsync(RecordDatabase.Live, (context, token) => Same(context, item).SingleAsync(token), cancellationToken);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<EvidenceItem>> ForReleaseAsync(Guid releaseId, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<EvidenceItem>>(
        RecordDatabase.Live,
        async (context, token) => await OfRelease(context, releaseId).ToListAsync(token),
        cancellationToken);

    internal static IQueryable<EvidenceItem> OfRelease(OpsConsoleDbContext context, Guid releaseId) => context.Evidence.AsNoTracking()
        .Where(e => e.ReleaseId == releaseId).OrderByDescending(e => e.ReceivedAt).ThenByDescending(e => e.Id).Take(MaxItems);

    internal static IQueryable<EvidenceItem> Same(OpsConsoleDbContext context, EvidenceItem item) => context.Evidence.AsNoTracking()
        .Where(e => e.ReleaseId == item.ReleaseId && e.Stage == item.Stage && e.Source == item.Source && e.ContentDigest == item.ContentDigest);
}
