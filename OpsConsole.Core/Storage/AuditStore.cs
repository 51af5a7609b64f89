using Microsoft.EntityFrameworkCore;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Storage;

/// <summary>The audit in the database.</summary>
public sealed class AuditStore(RecordDatabase database) : IAuditStore
{
    private static readonly object Done = new();

    /// <inheritdoc/>
    public Task AppendAsync(AuditEntry entry, CancellationToken cancellationToken)
    {
        var row = Rows.WithKey(entry);
        return database.WriteAsync(
            RecordDatabase.Live,
            async (context, token) =>
            {
                context.Append(row);
                await context.SaveChangesAsync(token);
                return Done;
            },
            async (context, token) => await context.HasAsync(row, token) ? Done : null,
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Page<AuditEntry>> PageAsync(AuditQuery query, CancellationToken cancellationToken) => database.ReadAsync(
        RecordDatabase.Browsing,
        async (context, token) =>
        {
            var rows = Matching(context, query);
            var total = await rows.LongCountAsync(token);
            var items = await Newest(rows, query).ToListAsync(token);
            return new Page<AuditEntry>(items, total);
        },
        cancellationToken);

    internal static IQueryable<AuditEntry> Newest(IQueryable<AuditEntry> rows, AuditQuery query) => rows
        .OrderByDescending(a => a.At).ThenByDescending(a => a.Id)
        .Skip(Math.Max(query.Skip, 0)).Take(Math.Clamp(query.Take, 1, ReleaseQuery.MaxTake));

    internal static IQueryable<AuditEntry> Matching(OpsConsoleDbContext context, AuditQuery query)
    {
        var rows = context.Audit.AsNoTracking();
        rows = query.Actor is { } actor ? rows.Where(a => a.Actor == actor) : rows;
        var events = query.Events;
        rows = events switch
        {
            [] => rows,
            [var happened] => rows.Where(a => a.Event == happened),
            _ => rows.Where(a => events.Contains(a.Event)),
        };
        rows = query.Outcome is { } outcome ? rows.Where(a => a.Outcome == outcome) : rows;
        rows = query.Subject is { } subject ? rows.Where(a => a.Subject == subject) : rows;
        rows = query.From is { } from ? rows.Where(a => a.At >= from) : rows;
        return query.To is { } to ? rows.Where(a => a.At < to) : rows;
    }
}
