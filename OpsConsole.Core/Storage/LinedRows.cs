using Microsoft.EntityFrameworkCore;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Storage;

/// <summary>Saves one row together with its lines in audit and timeline: all of it or nothing.</summary>
internal static class LinedRows
{
    private static readonly object Done = new();

    /// <summary>Adds or changes a row. False when a changed row is not at the revision any more at which it was read.</summary>
    public static async Task<bool> SaveWithLinesAsync(
        this RecordDatabase database, object entity, bool isNew, string[] changed, AuditEntry audit, IReadOnlyList<ReleaseEvent> entries, CancellationToken cancellationToken)
    {
        var line = Rows.WithKey(audit);
        var told = entries.Select(e => Rows.WithKey(e)).ToList();
        try
        {
            await database.WriteAsync(
                RecordDatabase.Live,
                async (context, token) =>
                {
                    if (isNew)
                    {
                        StorableText.In(context.Entry(entity));
                        context.Entry(entity).State = EntityState.Added;
                    }
                    else
                    {
                        context.Change(entity, changed);
                    }

                    context.Append(line);
                    told.ForEach(t => context.Append(t));

                    // One call saves all of it in one transaction.
                    await context.SaveChangesAsync(token);
                    return Done;
                },
                async (context, token) => await context.HasAsync(line, token) ? Done : null,
                cancellationToken);
            ReadRevisions.Note(entity);
            return true;
        }
        catch (DbUpdateConcurrencyException)
        {
            return false;
        }
    }
}
