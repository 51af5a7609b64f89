using Microsoft.EntityFrameworkCore;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Storage;

/// <summary>Releases and their timelines in the database.</summary>
public sealed class ReleaseStore(RecordDatabase database) : IReleaseStore
{
    private static readonly object Done = new();

    /// <inheritdoc/>
    public Task<IReadOnlyList<Release>> AddAsync(Release release, string actor, CancellationToken cancellationToken) =>
        new ReleaseRegistrar(database).AddAsync(release, actor, cancellationToken);

    /// <inheritdoc/>
    public Task<Release?> FindAsync(Guid id, CancellationToken cancellationToken) => database.ReadAsync(
        RecordDatabase.Live,
        (context, token) => context.Releases.AsNoTracking().SingleOrDefaultAsync(r => r.Id == id, token),
        cancellationToken);

    /// <inheritdoc/>
    public Task<string?> FindDigestAsync(string service, string target, string version, CancellationToken cancellationToken) => database.ReadAsync(
        RecordDatabase.Live,
        (context, token) => ReleaseQueries.Digests(context, service, target, version).FirstOrDefaultAsync(token),
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Release>> ListBoardAsync(CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<Release>>(
        RecordDatabase.Browsing,
        async (context, token) =>
        {
            var live = await ReleaseQueries.Live(context).ToListAsync(token);
            var ended = await ReleaseQueries.LatestEnded(context).ToListAsync(token);
            return [.. live, .. ended];
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<Page<Release>> PageAsync(ReleaseQuery query, CancellationToken cancellationToken) => database.ReadAsync(
        RecordDatabase.Browsing,
        async (context, token) =>
        {
            var rows = ReleaseQueries.Matching(context, query);
            var total = await rows.LongCountAsync(token);
            var items = await ReleaseQueries.Newest(rows, query).ToListAsync(token);
            return new Page<Release>(items, total);
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ReleaseEvent>> EventsAsync(Guid releaseId, int take, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<ReleaseEvent>>(
        RecordDatabase.Live,
        async (context, token) =>
        {
            var newest = await ReleaseQueries.Timeline(context, releaseId, take).ToListAsync(token);
            newest.Reverse();
            return newest;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task AppendEventAsync(ReleaseEvent entry, CancellationToken cancellationToken)
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
    public async Task<bool> SaveAsync(Release release, ReleaseEvent entry, CancellationToken cancellationToken)
    {
        var row = Rows.WithKey(entry);
        try
        {
            await database.WriteAsync(
                RecordDatabase.Live,
                async (context, token) =>
                {
                    context.Change(release);
                    context.Append(row);
                    await context.SaveChangesAsync(token);
                    return Done;
                },
                async (context, token) => await context.HasAsync(row, token) ? Done : null,
                cancellationToken);
            ReadRevisions.Note(release);
            return true;
        }
        catch (DbUpdateConcurrencyException)
        {
            return false;
        }
        catch (DbUpdateException e) when (DatabaseErrors.IsDuplicate(e, Mappings.ReleaseMapping.OneOnItsWay))
        {
            // Another release is on its way there, so this one cannot be again.
            return false;
        }
    }
}
