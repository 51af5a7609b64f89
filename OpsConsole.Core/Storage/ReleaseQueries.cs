using Microsoft.EntityFrameworkCore;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Storage;

/// <summary>What is asked of the releases, in forms that both providers translate and have indexes for.</summary>
internal static class ReleaseQueries
{
    /// <summary>Most words of a search that are looked at.</summary>
    private const int MaxWords = 6;

    public static IQueryable<Release> Live(OpsConsoleDbContext context) => context.Releases.AsNoTracking()
        .Where(r => r.Phase == ReleasePhase.Registered || r.Phase == ReleasePhase.RollingOut || r.Phase == ReleasePhase.Halted || r.Phase == ReleasePhase.Watching);

    /// <summary>The latest release of each service, target and environment where none is live: one look into the index for each of them.</summary>
    public static IQueryable<Release> LatestEnded(OpsConsoleDbContext context)
    {
        var live = Live(context);
        return context.Releases.AsNoTracking()
            .Select(r => new { r.Service, r.Target, r.Environment }).Distinct()
            .Where(place => !live.Any(r => r.Service == place.Service && r.Target == place.Target && r.Environment == place.Environment))
            .SelectMany(place => context.Releases
                .Where(r => r.Service == place.Service && r.Target == place.Target && r.Environment == place.Environment)
                .OrderByDescending(r => r.RegisteredAt).ThenByDescending(r => r.Id)
                .Take(1));
    }

    /// <summary>Digests of a version on a target, in any environment.</summary>
    public static IQueryable<string?> Digests(OpsConsoleDbContext context, string service, string target, string version) => context.Releases.AsNoTracking()
        .Where(r => r.Service == service && r.Target == target && r.Version == version)
        .OrderBy(r => r.RegisteredAt)
        .Select(r => (string?)r.Artifact.Digest);

    public static IQueryable<Release> Newest(IQueryable<Release> rows, ReleaseQuery query) => rows
        .OrderByDescending(r => r.RegisteredAt).ThenByDescending(r => r.Id)
        .Skip(Math.Max(query.Skip, 0)).Take(Math.Clamp(query.Take, 1, ReleaseQuery.MaxTake));

    public static IQueryable<Release> Matching(OpsConsoleDbContext context, ReleaseQuery query)
    {
        var rows = context.Releases.AsNoTracking();
        rows = query.Service is { } service ? rows.Where(r => r.Service == service) : rows;
        rows = query.Target is { } target ? rows.Where(r => r.Target == target) : rows;
        rows = query.Environment is { } environment ? rows.Where(r => r.Environment == environment) : rows;
        rows = query.Owner is { } owner ? rows.Where(r => r.Owner == owner) : rows;
        rows = query.Phase is { } phase ? rows.Where(r => r.Phase == phase) : rows;
        rows = query.From is { } from ? rows.Where(r => r.RegisteredAt >= from) : rows;
        rows = query.To is { } to ? rows.Where(r => r.RegisteredAt < to) : rows;
        var words = (query.Search ?? "").Replace("\0", "", StringComparison.Ordinal)
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Take(MaxWords);
        return words.Aggregate(rows, (some, word) => some.Where(context.BeginsWith(word)));
    }

    public static IQueryable<ReleaseEvent> Timeline(OpsConsoleDbContext context, Guid releaseId, int take) => context.ReleaseEvents.AsNoTracking()
        .Where(e => e.ReleaseId == releaseId)
        .OrderByDescending(e => e.At).ThenByDescending(e => e.Id).Take(Math.Max(take, 0));

    /// <summary>The live releases of a place.</summary>
    public static IQueryable<Release> LiveAt(OpsConsoleDbContext context, string service, string target, string environment) =>
        Live(context).Where(r => r.Service == service && r.Target == target && r.Environment == environment).OrderBy(r => r.RegisteredAt);
}
