using Microsoft.EntityFrameworkCore;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Storage;

/// <summary>Change sets in the database.</summary>
public sealed class ChangeStore(RecordDatabase database) : IChangeStore
{
    /// <inheritdoc/>
    public async Task<ReleaseChanges> AddAsync(ReleaseChanges changes, AuditEntry audit, ReleaseEvent entry, CancellationToken cancellationToken)
    {
        var line = Rows.WithKey(audit);
        var told = Rows.WithKey(entry);
        try
        {
            return await database.WriteAsync(
                RecordDatabase.Live,
                async (context, token) =>
                {
                    if (await Of(context, [changes.ReleaseId]).SingleOrDefaultAsync(token) is { } there)
                    {
                        return there;
                    }

                    context.ReleaseChanges.Add(changes);
                    context.Append(line);
                    context.Append(told);
                    await context.SaveChangesAsync(token);
                    return changes;
                },
                async (context, token) => await context.HasAsync(line, token) ? changes : null,
                cancellationToken);
        }
        catch (DbUpdateException e) when (DatabaseErrors.IsDuplicate(e))
        {
            // Another post came first.
            var there = await FindAsync([changes.ReleaseId], cancellationToken);
            return there.Count > 0 ? there[0] : throw new RecordUnavailableException("The record is being changed by another post; try again.", e);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ReleaseChanges>> FindAsync(IReadOnlyCollection<Guid> releases, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<ReleaseChanges>>(
        RecordDatabase.Live,
        async (context, token) => await Of(context, releases).ToListAsync(token),
        cancellationToken);

    internal static IQueryable<ReleaseChanges> Of(OpsConsoleDbContext context, IReadOnlyCollection<Guid> releases) =>
        context.ReleaseChanges.AsNoTracking().Where(c => releases.Contains(c.ReleaseId));
}
