using Microsoft.EntityFrameworkCore;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Rollouts;

namespace OpsConsole.Core.Storage;

/// <summary>The engine's memory in the database.</summary>
public sealed class RolloutStore(RecordDatabase database) : IRolloutStore
{
    private static readonly object Done = new();

    /// <inheritdoc/>
    public Task<RolloutState?> FindAsync(Guid releaseId, CancellationToken cancellationToken) => database.ReadAsync(
        RecordDatabase.Live,
        (context, token) => context.Rollouts.AsNoTracking().SingleOrDefaultAsync(r => r.ReleaseId == releaseId, token),
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<RolloutState>> ListAsync(IReadOnlyCollection<Guid> releases, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<RolloutState>>(
        RecordDatabase.Live,
        async (context, token) => await Of(context, releases).ToListAsync(token),
        cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> SaveAsync(RolloutState state, IReadOnlyList<ReleaseEvent> events, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(state);
        var rows = events.Select(Rows.WithKey).ToList();
        var isNew = !ReadRevisions.Knows(state);
        try
        {
            await database.WriteAsync(
                RecordDatabase.Live,
                async (context, token) =>
                {
                    if (isNew)
                    {
                        var entry = context.Entry(state);
                        StorableText.In(entry);
                        entry.State = EntityState.Added;
                    }
                    else
                    {
                        context.Change(
                            state, nameof(RolloutState.Step), nameof(RolloutState.StepSince), nameof(RolloutState.Reason), nameof(RolloutState.MemoryJson), nameof(RolloutState.ActionId));
                    }

                    foreach (var row in rows)
                    {
                        context.Append(row);
                    }

                    await context.SaveChangesAsync(token);
                    return Done;
                },
                async (context, token) => await WrittenAsync(context, state, rows, token) ? Done : null,
                cancellationToken);
            ReadRevisions.Note(state);
            return true;
        }
        catch (DbUpdateConcurrencyException)
        {
            return false;
        }
        catch (DbUpdateException e) when (isNew && DatabaseErrors.IsDuplicate(e))
        {
            return false;
        }
    }

    internal static IQueryable<RolloutState> Of(OpsConsoleDbContext context, IReadOnlyCollection<Guid> releases) =>
        context.Rollouts.AsNoTracking().Where(r => releases.Contains(r.ReleaseId)).OrderBy(r => r.ReleaseId);

    /// <summary>After a broken try: its first line in the timeline tells; without one the very same memory does.</summary>
    private static async Task<bool> WrittenAsync(OpsConsoleDbContext context, RolloutState state, List<Rows.Appended<ReleaseEvent>> rows, CancellationToken cancellationToken) => rows.Count > 0
        ? await context.HasAsync(rows[0], cancellationToken)
        : await context.Rollouts.AnyAsync(r => r.ReleaseId == state.ReleaseId && r.Revision == state.Revision && r.MemoryJson == state.MemoryJson && r.Reason == state.Reason, cancellationToken);
}
