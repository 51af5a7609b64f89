using Microsoft.EntityFrameworkCore;
using OpsConsole.Core.Recovery;

namespace OpsConsole.Core.Storage;

/// <summary>Recovery clocks in the database.</summary>
public sealed class RecoveryStore(RecordDatabase database) : IRecoveryStore
{
    /// <summary>Most that are read at once.</summary>
    public const int Most = 500;

    private static readonly object Done = new();

    private static readonly string[] Moving =
    [
        nameof(RecoveryClock.AcknowledgedAt), nameof(RecoveryClock.AcknowledgedBy), nameof(RecoveryClock.DecidedAt), nameof(RecoveryClock.Move), nameof(RecoveryClock.ActionId),
        nameof(RecoveryClock.AppliedAt), nameof(RecoveryClock.ConfirmedAt), nameof(RecoveryClock.VerifiedAt), nameof(RecoveryClock.SuccessorId), nameof(RecoveryClock.Ending),
        nameof(RecoveryClock.EndedAt), nameof(RecoveryClock.ExposureJson),
    ];

    /// <inheritdoc/>
    public async Task<bool> SaveAsync(RecoveryClock clock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(clock);
        var isNew = !ReadRevisions.Knows(clock);
        try
        {
            await database.WriteAsync(
                RecordDatabase.Live,
                async (context, token) =>
                {
                    if (isNew)
                    {
                        var entry = context.Entry(clock);
                        StorableText.In(entry);
                        entry.State = EntityState.Added;
                    }
                    else
                    {
                        context.Change(clock, Moving);
                    }

                    await context.SaveChangesAsync(token);
                    return Done;
                },
                async (context, token) => await IsWritten(context, clock).AnyAsync(token) ? Done : null,
                cancellationToken);
            ReadRevisions.Note(clock);
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

    /// <inheritdoc/>
    public Task<IReadOnlyList<RecoveryClock>> RunningAsync(CancellationToken cancellationToken) => ListAsync(RecordDatabase.Live, Running, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<RecoveryClock>> ForReleaseAsync(Guid releaseId, CancellationToken cancellationToken) =>
        ListAsync(RecordDatabase.Live, context => ForRelease(context, releaseId), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<RecoveryClock>> LatestAsync(int take, CancellationToken cancellationToken) =>
        ListAsync(RecordDatabase.Browsing, context => Latest(context, take), cancellationToken);

    internal static IQueryable<RecoveryClock> Running(OpsConsoleDbContext context) =>
        context.Recoveries.AsNoTracking().Where(c => c.EndedAt == null).OrderByDescending(c => c.OnsetAt).ThenByDescending(c => c.Id).Take(Most);

    internal static IQueryable<RecoveryClock> ForRelease(OpsConsoleDbContext context, Guid releaseId) =>
        context.Recoveries.AsNoTracking().Where(c => c.ReleaseId == releaseId).OrderByDescending(c => c.OnsetAt).ThenByDescending(c => c.Id).Take(Most);

    internal static IQueryable<RecoveryClock> Latest(OpsConsoleDbContext context, int take) =>
        context.Recoveries.AsNoTracking().OrderByDescending(c => c.OnsetAt).ThenByDescending(c => c.Id).Take(Math.Clamp(take, 1, Most));

    /// <summary>After a broken try: the very same state of the clock is there.</summary>
    internal static IQueryable<RecoveryClock> IsWritten(OpsConsoleDbContext context, RecoveryClock clock) => context.Recoveries.AsNoTracking()
        .Where(c => c.Id == clock.Id && c.Revision == clock.Revision && c.DetectedAt == clock.DetectedAt && c.AcknowledgedBy == clock.AcknowledgedBy && c.EndedAt == clock.EndedAt && c.ExposureJson == clock.ExposureJson);

    private Task<IReadOnlyList<RecoveryClock>> ListAsync(TimeSpan limit, Func<OpsConsoleDbContext, IQueryable<RecoveryClock>> query, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<RecoveryClock>>(limit, async (context, token) => await query(context).ToListAsync(token), cancellationToken);
}
