using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Storage;

/// <summary>Saves one row together with its lines in audit and timeline: all of it or nothing.</summary>
internal static class LinedRows
{
    private static readonly object Done = new();
    private static readonly object Nothing = new();

    /// <summary>Makes a change and writes its line in one transaction. False, and nothing written, where there was nothing to change.</summary>
    /// <param name="database">The record.</param>
    /// <param name="audit">What the audit says of it.</param>
    /// <param name="change">Makes the change at once, without the change tracker; false where there is nothing to change.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="store">Named in the span; left to the compiler.</param>
    /// <param name="operation">Likewise.</param>
    public static async Task<bool> ChangeWithLineAsync(
        this RecordDatabase database, AuditEntry audit, Func<OpsConsoleDbContext, CancellationToken, Task<bool>> change, CancellationToken cancellationToken,
        [CallerFilePath] string store = "", [CallerMemberName] string operation = "")
    {
        var line = Rows.WithKey(audit);
        return await database.WriteAsync(
            RecordDatabase.Live,
            async (context, token) =>
            {
                await using var transaction = await context.Database.BeginTransactionAsync(token);
                if (!await change(context, token))
                {
                    return Nothing;
                }

                context.Append(line);
                await context.SaveChangesAsync(token);
                await transaction.CommitAsync(token);
                return Done;
            },
            async (context, token) => await context.HasAsync(line, token) ? Done : null,
            cancellationToken,
            store,
            operation) == Done;
    }

    /// <summary>Makes a change that needs no line and may be made twice.</summary>
    public static Task ChangeAsync(
        this RecordDatabase database, Func<OpsConsoleDbContext, CancellationToken, Task> change, CancellationToken cancellationToken,
        [CallerFilePath] string store = "", [CallerMemberName] string operation = "") => database.WriteAsync(
            RecordDatabase.Live,
            async (context, token) =>
            {
                await change(context, token);
                return Done;
            },
            (_, _) => Task.FromResult<object?>(null),
            cancellationToken,
            store,
            operation);

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
