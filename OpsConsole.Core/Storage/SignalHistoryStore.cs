using Microsoft.EntityFrameworkCore;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Storage.Mappings;

namespace OpsConsole.Core.Storage;

/// <summary>Charted history in the database.</summary>
public sealed class SignalHistoryStore(RecordDatabase database) : ISignalHistoryStore
{
    /// <summary>Rows deleted at a time, so that trimming never holds locks for long.</summary>
    private const int TrimBatch = 5_000;

    private static readonly object Done = new();

    /// <inheritdoc/>
    /// <remarks>A point that is there already (same release, signal, side and time) is left as it is.</remarks>
    public Task AppendAsync(IReadOnlyList<SignalPoint> points, CancellationToken cancellationToken)
    {
        var distinct = points.DistinctBy(Key).ToList();
        return distinct.Count == 0 ? Task.CompletedTask : AppendDistinctAsync(distinct, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<SignalPoint>> ReadAsync(Guid releaseId, DateTimeOffset from, int perSeries, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<SignalPoint>>(
            RecordDatabase.Browsing,
            async (context, token) => await Thinned(context, releaseId, from, perSeries).ToListAsync(token),
            cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SignalPoint>> ReadSpanAsync(Guid releaseId, DateTimeOffset from, DateTimeOffset until, int take, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<SignalPoint>>(
            RecordDatabase.Browsing,
            async (context, token) => await Span(context, releaseId, from, until, take).ToListAsync(token),
            cancellationToken);

    /// <inheritdoc/>
    public async Task<long> TrimAsync(DateTimeOffset olderThan, CancellationToken cancellationToken)
    {
        long gone = 0;
        while (true)
        {
            var batch = await database.ReadAsync(
                RecordDatabase.Browsing,
                (context, token) => Oldest(context, olderThan, TrimBatch).ExecuteDeleteAsync(token),
                cancellationToken);
            gone += batch;
            if (batch < TrimBatch)
            {
                return gone;
            }
        }
    }

    /// <summary>Points of one release in a span of time.</summary>
    internal static IQueryable<SignalPoint> Span(OpsConsoleDbContext context, Guid releaseId, DateTimeOffset from, DateTimeOffset until, int take) =>
        context.SignalPoints.AsNoTracking().Where(p => p.ReleaseId == releaseId && p.At >= from && p.At < until)
            .OrderBy(p => p.At).ThenBy(p => p.Signal).ThenBy(p => p.Side).Take(take);

    /// <summary>The oldest points before a time, as one batch.</summary>
    internal static IQueryable<SignalPoint> Oldest(OpsConsoleDbContext context, DateTimeOffset olderThan, int batch) =>
        context.SignalPoints.Where(p => p.At < olderThan).OrderBy(p => p.At).Take(batch);

    /// <summary>Cuts each series into as many stretches as points are wanted and keeps from each the point farthest from the stretch's mean, so that a spike stays; the newest point always stays.</summary>
    internal static IQueryable<SignalPoint> Thinned(OpsConsoleDbContext context, Guid releaseId, DateTimeOffset from, int perSeries)
    {
        var since = InstantConverter.ToMicroseconds(from);
        var stretches = Math.Max(perSeries, 1);
        return context.SignalPoints.FromSql($"""
            SELECT release_id, signal, side, measured_at, value, observations
            FROM (
                SELECT stretch.*, ROW_NUMBER() OVER (
                    PARTITION BY signal, side, part
                    ORDER BY CASE WHEN age = 1 THEN 0 ELSE 1 END, ABS(value - mean) DESC, measured_at DESC) AS pick
                FROM (
                    SELECT series.*, AVG(value) OVER (PARTITION BY signal, side, part) AS mean
                    FROM (
                        SELECT release_id, signal, side, measured_at, value, observations,
                            NTILE({stretches}) OVER (PARTITION BY signal, side ORDER BY measured_at) AS part,
                            ROW_NUMBER() OVER (PARTITION BY signal, side ORDER BY measured_at DESC) AS age
                        FROM signal_points
                        WHERE release_id = {releaseId} AND measured_at >= {since}
                    ) AS series
                ) AS stretch
            ) AS picked
            WHERE pick = 1
            """)
            .AsNoTracking().OrderBy(p => p.At).ThenBy(p => p.Signal).ThenBy(p => p.Side);
    }

    private static (Guid ReleaseId, SignalKey Signal, SignalSide Side, DateTimeOffset At) Key(SignalPoint point) =>
        (point.ReleaseId, point.Signal, point.Side, InstantConverter.ToMicroseconds(point.At));

    private async Task AppendDistinctAsync(List<SignalPoint> points, CancellationToken cancellationToken)
    {
        var wanted = points;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await database.WriteAsync(
                    RecordDatabase.Browsing,
                    (context, token) => WriteAsync(context, wanted, token),
                    (_, _) => Task.FromResult<object?>(null),
                    cancellationToken);
                return;
            }
            catch (DbUpdateException e) when (attempt < 3 && DatabaseErrors.IsDuplicate(e))
            {
                wanted = await MissingAsync(points, cancellationToken);
            }
        }
    }

    private static async Task<object> WriteAsync(OpsConsoleDbContext context, List<SignalPoint> points, CancellationToken cancellationToken)
    {
        context.ChangeTracker.AutoDetectChangesEnabled = false;
        context.SignalPoints.AddRange(points);
        await context.SaveChangesAsync(cancellationToken);
        return Done;
    }

    private Task<List<SignalPoint>> MissingAsync(List<SignalPoint> points, CancellationToken cancellationToken) => database.ReadAsync(
        RecordDatabase.Browsing,
        async (context, token) =>
        {
            var there = await Between(context, points).ToListAsync(token);
            var known = there.Select(Key).ToHashSet();
            return points.Where(p => !known.Contains(Key(p))).ToList();
        },
        cancellationToken);

    /// <summary>Points of the same releases in the same span of time.</summary>
    internal static IQueryable<SignalPoint> Between(OpsConsoleDbContext context, List<SignalPoint> points)
    {
        var releases = points.Select(p => p.ReleaseId).Distinct().ToList();
        var first = points.Min(p => p.At);
        var last = points.Max(p => p.At);
        return context.SignalPoints.AsNoTracking().Where(p => releases.Contains(p.ReleaseId) && p.At >= first && p.At <= last);
    }
}
