using Microsoft.EntityFrameworkCore;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Storage.Mappings;

namespace OpsConsole.Core.Storage;

/// <summary>How rows get into a context: what is new, what is appended, what has changed since it was read.</summary>
internal static class Rows
{
    /// <summary>A row of an append-only table with the key that keeps it from being written twice.</summary>
    public sealed record Appended<T>(T Row, Guid Key)
        where T : class;

    public static Appended<T> WithKey<T>(T row)
        where T : class => new(row, Guid.CreateVersion7());

    public static void Append(this OpsConsoleDbContext context, Appended<AuditEntry> entry) => Append(context, entry, nameof(AuditEntry.Id));

    public static void Append(this OpsConsoleDbContext context, Appended<ReleaseEvent> entry) => Append(context, entry, nameof(ReleaseEvent.Id));

    /// <summary>Marks what can change of an object that was read from a store as changed, against the revision at which it was read.</summary>
    public static void Change(this OpsConsoleDbContext context, object entity, params string[] properties)
    {
        var entry = context.Entry(entity);
        StorableText.In(entry);
        entry.State = EntityState.Unchanged;
        foreach (var name in properties)
        {
            entry.Property(name).IsModified = true;
        }

        var revision = entry.Property(nameof(Release.Revision));
        revision.IsModified = true;
        revision.OriginalValue = ReadRevisions.At(entity);
    }

    public static void Change(this OpsConsoleDbContext context, Release release) => context.Change(
        release,
        nameof(Release.Phase),
        nameof(Release.StageIndex),
        nameof(Release.ExposurePercent),
        nameof(Release.StageEnteredAt),
        nameof(Release.PhaseChangedAt));

    /// <summary>True when an event with this key is in the table.</summary>
    public static Task<bool> HasAsync(this OpsConsoleDbContext context, Appended<ReleaseEvent> entry, CancellationToken cancellationToken) =>
        context.ReleaseEvents.AnyAsync(e => EF.Property<Guid>(e, AppendKey.Name) == entry.Key, cancellationToken);

    /// <summary>True when an audit line with this key is in the table.</summary>
    public static Task<bool> HasAsync(this OpsConsoleDbContext context, Appended<AuditEntry> entry, CancellationToken cancellationToken) =>
        context.Audit.AnyAsync(e => EF.Property<Guid>(e, AppendKey.Name) == entry.Key, cancellationToken);

    private static void Append<T>(OpsConsoleDbContext context, Appended<T> appended, string id)
        where T : class
    {
        var entry = context.Entry(appended.Row);
        // A try that broke may have left a number that the database gave and took back.
        entry.Property(id).CurrentValue = 0L;
        entry.Property(AppendKey.Name).CurrentValue = appended.Key;
        StorableText.In(entry);
        entry.State = EntityState.Added;
    }
}
