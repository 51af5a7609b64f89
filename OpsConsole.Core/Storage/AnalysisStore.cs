using Microsoft.EntityFrameworkCore;
using OpsConsole.Core.Gates;

namespace OpsConsole.Core.Storage;

/// <summary>Analyses by the judge in the database.</summary>
public sealed class AnalysisStore(RecordDatabase database) : IAnalysisStore
{
    private static readonly object Done = new();

    /// <inheritdoc/>
    public async Task AddAsync(AnalysisRun run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        await database.WriteAsync(
            RecordDatabase.Live,
            async (context, token) =>
            {
                context.AnalysisRuns.Add(run);
                StorableText.In(context.Entry(run));
                await context.SaveChangesAsync(token);
                return Done;
            },
            async (context, token) => await context.AnalysisRuns.AnyAsync(r => r.Id == run.Id, token) ? Done : null,
            cancellationToken);
        await TrimAsync(run.ReleaseId, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<AnalysisRun>> LatestAsync(Guid releaseId, int take, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<AnalysisRun>>(
        RecordDatabase.Live,
        async (context, token) => await Newest(context, releaseId).Take(Math.Clamp(take, 1, AnalysisRun.MostKept)).ToListAsync(token),
        cancellationToken);

    internal static IQueryable<AnalysisRun> Newest(OpsConsoleDbContext context, Guid releaseId) =>
        context.AnalysisRuns.AsNoTracking().Where(r => r.ReleaseId == releaseId).OrderByDescending(r => r.At).ThenByDescending(r => r.Id);

    /// <summary>Time of the oldest run that stays, or no row while there are fewer than are kept.</summary>
    internal static IQueryable<DateTimeOffset> OldestKept(OpsConsoleDbContext context, Guid releaseId) =>
        Newest(context, releaseId).Skip(AnalysisRun.MostKept - 1).Take(1).Select(r => r.At);

    private Task<int> TrimAsync(Guid releaseId, CancellationToken cancellationToken) => database.ReadAsync(
        RecordDatabase.Live,
        async (context, token) =>
        {
            var kept = await OldestKept(context, releaseId).ToListAsync(token);
            return kept is [var oldest]
                ? await context.AnalysisRuns.Where(r => r.ReleaseId == releaseId && r.At < oldest).ExecuteDeleteAsync(token)
                : 0;
        },
        cancellationToken);
}
