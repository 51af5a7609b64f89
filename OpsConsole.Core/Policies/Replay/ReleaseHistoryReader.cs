using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Policies.Replay;

/// <summary>Reads what is on record about a release, at full resolution and in pages.</summary>
/// <param name="releases">Releases and their timelines.</param>
/// <param name="history">Recorded points.</param>
/// <param name="retention">How long points are kept.</param>
/// <param name="time">The clock.</param>
public sealed class ReleaseHistoryReader(IReleaseStore releases, ISignalHistoryStore history, PointRetention retention, TimeProvider time)
{
    /// <summary>Time that one page covers.</summary>
    public static readonly TimeSpan PageTime = TimeSpan.FromHours(6);

    private const int MostEvents = 20_000;

    /// <summary>Points that a page may have: those of every signal and side in its time, and half as many again for clocks that jumped.</summary>
    private const int MostPointsOfPage = 1_500_000;

    /// <summary>The history of a release, or null where there is no such release.</summary>
    public async Task<ReleaseHistory?> ReadAsync(Guid releaseId, CancellationToken cancellationToken)
    {
        if (await releases.FindAsync(releaseId, cancellationToken).ConfigureAwait(false) is not { } release)
        {
            return null;
        }

        var now = time.GetUtcNow();
        var events = await releases.EventsAsync(releaseId, MostEvents, cancellationToken).ConfigureAwait(false);
        var bare = ReleaseHistory.Of(release, events, [], now - retention.Kept, now);
        if (bare.ExposedAt is null)
        {
            return bare;
        }

        // A little before the first exposure too: what the previous version was like.
        var points = await PointsAsync(release, bare.From - PointRetention.Margin, bare.Until, cancellationToken).ConfigureAwait(false);
        return bare with { Points = points };
    }

    /// <summary>Every point of a release in a span of time, oldest first.</summary>
    public async Task<IReadOnlyList<SignalPoint>> PointsAsync(Release release, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(release);
        var points = new List<SignalPoint>();
        for (var at = from; at < until; at += PageTime)
        {
            var end = at + PageTime < until ? at + PageTime : until.AddTicks(TimeSpan.TicksPerMicrosecond);
            points.AddRange(await history.ReadSpanAsync(release.Id, at, end, MostPointsOfPage, cancellationToken).ConfigureAwait(false));
        }

        return points;
    }
}

/// <summary>How long recorded points are kept.</summary>
/// <param name="Kept">1 hour or more.</param>
public sealed record PointRetention(TimeSpan Kept)
{
    /// <summary>What is read before the first exposure.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);
}
