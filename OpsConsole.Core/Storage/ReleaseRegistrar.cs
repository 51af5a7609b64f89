using Microsoft.EntityFrameworkCore;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Storage;

/// <summary>Adds releases: one on its way for each service, target and environment, and the one before it superseded in the same transaction.</summary>
internal sealed class ReleaseRegistrar(RecordDatabase database)
{
    public async Task<IReadOnlyList<Release>> AddAsync(Release release, string actor, CancellationToken cancellationToken)
    {
        try
        {
            var superseded = await database.WriteAsync(
                RecordDatabase.Live,
                (context, token) => WriteAsync(context, release, actor, token),
                (context, token) => WrittenAsync(context, release, token),
                cancellationToken);
            ReadRevisions.Note(release);
            superseded.ForEach(ReadRevisions.Note);
            return superseded;
        }
        catch (DbUpdateConcurrencyException)
        {
            throw new DuplicateReleaseException(release.Id, $"The release of {release.Service} before this one was acted on at the same moment; register it again.");
        }
        catch (DbUpdateException e) when (DatabaseErrors.IsDuplicate(e))
        {
            // Someone registered between the look and the write: the look finds it now and says which it is.
            await database.ReadAsync(
                RecordDatabase.Live,
                async (context, token) =>
                {
                    Refuse(release, await LiveAsync(context, release, token));
                    return true;
                },
                cancellationToken);
            throw new DuplicateReleaseException(release.Id, "The same release is already registered.");
        }
    }

    private static async Task<List<Release>> WriteAsync(OpsConsoleDbContext context, Release release, string actor, CancellationToken cancellationToken)
    {
        var live = await LiveAsync(context, release, cancellationToken);
        Refuse(release, live);
        await RefuseWhileActedOnAsync(context, live, cancellationToken);

        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        foreach (var before in live)
        {
            before.Supersede(release.RegisteredAt);
            context.Change(before);
            context.Append(Rows.WithKey(Event(before, ReleaseEventKind.Superseded, release.FixesReleaseId == before.Id ? $"Fixed forward by {release.Version}." : $"Superseded by {release.Version}.", actor, release.RegisteredAt)));
        }

        // First, so that the place on the way is free when the new release asks for it.
        await context.SaveChangesAsync(cancellationToken);
        context.Entry(release).State = EntityState.Added;
        context.Append(Rows.WithKey(Event(release, ReleaseEventKind.Registered, $"Registered {release.Service} {release.Version} for {release.Target}, {release.Environment}.", actor, release.RegisteredAt)));
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return live;
    }

    private static async Task<List<Release>?> WrittenAsync(OpsConsoleDbContext context, Release release, CancellationToken cancellationToken)
    {
        if (!await context.Releases.AnyAsync(r => r.Id == release.Id, cancellationToken))
        {
            return null;
        }

        return await context.Releases.AsNoTracking()
            .Where(r => r.Service == release.Service && r.Target == release.Target && r.Environment == release.Environment
                && r.Phase == ReleasePhase.Superseded && r.PhaseChangedAt == release.RegisteredAt)
            .ToListAsync(cancellationToken);
    }

    private static Task<List<Release>> LiveAsync(OpsConsoleDbContext context, Release release, CancellationToken cancellationToken) =>
        ReleaseQueries.LiveAt(context, release.Service, release.Target, release.Environment).ToListAsync(cancellationToken);

    private static void Refuse(Release release, List<Release> live)
    {
        if (live.Find(r => r.Version == release.Version) is { } same)
        {
            throw new DuplicateReleaseException(same.Id, $"{same.Service} {same.Version} is already registered for {same.Target}, {same.Environment}.");
        }

        if (live.Find(r => r.Phase != ReleasePhase.Watching && !FixForward.MayReplace(r, release)) is { } onItsWay)
        {
            throw new DuplicateReleaseException(
                onItsWay.Id,
                $"{onItsWay.Service} {onItsWay.Version} is still on its way on {onItsWay.Target}, {onItsWay.Environment}: finish it or roll it back first"
                + (onItsWay.Phase == ReleasePhase.Halted ? ", or register this one with 'fixes' set to its id." : "."));
        }
    }

    private static async Task RefuseWhileActedOnAsync(OpsConsoleDbContext context, List<Release> live, CancellationToken cancellationToken)
    {
        foreach (var before in live)
        {
            if (await context.Actions.AnyAsync(a => a.ReleaseId == before.Id && a.InFlightKey != null, cancellationToken))
            {
                throw new DuplicateReleaseException(before.Id, $"An action on {before.Service} {before.Version} is in progress: register this release when it has ended.");
            }
        }
    }

    private static ReleaseEvent Event(Release release, ReleaseEventKind kind, string text, string actor, DateTimeOffset at) =>
        new() { ReleaseId = release.Id, Kind = kind, At = at, Text = text, Actor = actor };
}
