using System.Collections.Immutable;
using OpsConsole.Core.Recovery;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Rollouts;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Board;

/// <summary>What became of a sample.</summary>
public enum RecordOutcome
{
    Recorded,

    /// <summary>No tracked release has that service, target, environment, version and signal.</summary>
    NoRelease,

    /// <summary>Older than what is kept.</summary>
    TooOld,

    /// <summary>From further in the future than clocks may differ.</summary>
    FromTheFuture,

    /// <summary>Not finite, or a negative count.</summary>
    NotANumber,
}

/// <summary>The live state of every release: samples go in, immutable snapshots come out. Safe for any number of threads.</summary>
public sealed class ReleaseBoard(TimeProvider time) : ISampleSink
{
    /// <summary>Oldest sample that is taken in, unless its signal looks further back or may be older.</summary>
    public static readonly TimeSpan OldestSample = TimeSpan.FromMinutes(10);

    /// <summary>How far ahead of the console a source's clock may be. Such a sample counts as of now, so that it is not fresh for longer.</summary>
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(5);

    private readonly Lock _changing = new();
    private readonly Lock _building = new();
    private readonly BoardSwitches _switches = new();
    private readonly SampleRoutes _routes = new();

    private Tracked _tracked = new(ImmutableDictionary<Guid, TrackedRelease>.Empty, []);
    private Tracked? _built;
    private BoardSnapshot _current = new(0, time.GetUtcNow(), []);

    public BoardFeed Feed { get; } = new();

    /// <summary>The board as last built.</summary>
    public BoardSnapshot Current => Volatile.Read(ref _current);

    /// <summary>One release as last built, with a row or replaced; null when it is not on the board.</summary>
    public ReleaseSnapshot? Find(Guid releaseId)
    {
        var current = Current;
        return In(current.Releases) ?? In(current.Replaced);

        ReleaseSnapshot? In(ImmutableArray<ReleaseSnapshot> some)
        {
            foreach (var release in some)
            {
                if (release.Id == releaseId)
                {
                    return release;
                }
            }

            return null;
        }
    }

    /// <summary>Puts a release on the board, or takes over its changed phase, stage and exposure. One of an older revision than is known changes nothing.</summary>
    public void Track(Release release)
    {
        ArgumentNullException.ThrowIfNull(release);
        lock (_changing)
        {
            Volatile.Write(ref _tracked, With(_tracked, release));
        }
    }

    /// <summary>Puts a release in the place of those before it, in one step: at no moment is neither on the board. The one that it fixes has no row any more and stays measured, because people still have it, for as long as the fix is on the board.</summary>
    /// <param name="release">The one that takes over.</param>
    /// <param name="before">Those that it superseded, and the one that it fixes.</param>
    public void Replace(Release release, IReadOnlyCollection<Release> before)
    {
        ArgumentNullException.ThrowIfNull(release);
        ArgumentNullException.ThrowIfNull(before);
        lock (_changing)
        {
            var next = With(_tracked, release);
            if (before.FirstOrDefault(b => b.Id == release.FixesReleaseId) is { } bad)
            {
                next = With(next, bad);
                next = next with { Replaced = next.Replaced.Add(bad.Id) };
            }

            foreach (var (id, known) in next.Releases)
            {
                var gone = before.Any(b => b.Id == id) || !known.Phase.IsLive() || next.Replaced.Contains(id);
                if (gone && id != release.Id && id != release.FixesReleaseId && IsAtThePlaceOf(release, known.Identity))
                {
                    next = Without(next, id);
                }
            }

            Volatile.Write(ref _tracked, next);
        }
    }

    /// <summary>Takes a release off the board.</summary>
    public void Untrack(Guid releaseId)
    {
        lock (_changing)
        {
            Volatile.Write(ref _tracked, Without(_tracked, releaseId));
        }
    }

    /// <summary>Shows the latest action of a release. An action requested before the one shown changes nothing.</summary>
    public void Show(Guid releaseId, ActionSummary action)
    {
        ArgumentNullException.ThrowIfNull(action);
        lock (_changing)
        {
            if (_tracked.Releases.TryGetValue(releaseId, out var release))
            {
                release.Show(action);
            }
        }
    }

    /// <summary>Shows the state of a switch, everywhere or in one environment, on every release bound to it that is there, also on those tracked later.</summary>
    public void Show(SwitchSummary value)
    {
        ArgumentNullException.ThrowIfNull(value);
        lock (_changing)
        {
            if (!_switches.Take(value))
            {
                return;
            }

            foreach (var release in _tracked.Releases.Values)
            {
                if (release.Identity.SwitchKey == value.Key && (value.Environment is null || value.Environment == release.Identity.Environment) && _switches.Of(release.Identity) is { } shown)
                {
                    release.Show(shown);
                }
            }
        }
    }

    /// <summary>Shows what the playbook says of a release, and its recovery clock.</summary>
    public void Show(Guid releaseId, RecoveryStanding standing)
    {
        ArgumentNullException.ThrowIfNull(standing);
        lock (_changing)
        {
            if (_tracked.Releases.TryGetValue(releaseId, out var release))
            {
                release.Show(standing);
            }
        }
    }

    /// <summary>Shows what a release's policy makes of it.</summary>
    public void Show(Guid releaseId, PolicyStanding standing)
    {
        ArgumentNullException.ThrowIfNull(standing);
        lock (_changing)
        {
            if (_tracked.Releases.TryGetValue(releaseId, out var release))
            {
                release.Show(standing);
            }
        }
    }

    /// <summary>Takes a sample in. Allocates nothing, raises nothing.</summary>
    public RecordOutcome Record(in SignalSample sample)
    {
        var now = time.GetUtcNow();
        if (sample.Count < 0 || (sample.Kind == SampleKind.Measured && !double.IsFinite(sample.Value)))
        {
            return BoardMetrics.Count(RecordOutcome.NotANumber);
        }

        if (sample.At - now > ClockTolerance)
        {
            return BoardMetrics.Count(RecordOutcome.FromTheFuture);
        }

        var age = now - sample.At;
        if (!_routes.TryFind(sample.Address, out var series))
        {
            return BoardMetrics.Count(age > OldestSample ? RecordOutcome.TooOld : RecordOutcome.NoRelease);
        }

        var outcome = RecordOutcome.TooOld;
        foreach (var one in series)
        {
            if (!one.IsTooOld(age))
            {
                one.Add(sample, now);
                outcome = RecordOutcome.Recorded;
            }
        }

        return BoardMetrics.Count(outcome);
    }

    /// <summary>Builds a snapshot of every release that is due and announces when anything changed. Called by the pump.</summary>
    /// <returns>How many releases were built.</returns>
    public int BuildDue()
    {
        lock (_building)
        {
            var now = time.GetUtcNow();
            var tracked = Volatile.Read(ref _tracked);
            var built = 0;
            DateTimeOffset? since = null;
            foreach (var (_, release) in tracked.Releases)
            {
                if (release.BuildIfDue(now))
                {
                    built++;
                    since = since < release.ShownSince ? since : release.ShownSince ?? since;
                }
            }

            if (built > 0 || !ReferenceEquals(tracked, _built))
            {
                _built = tracked;
                Publish(tracked, now, since);
                BoardMetrics.CountSnapshots(built);
            }

            return built;
        }
    }

    /// <summary>Measures that a board was built, or has reached whoever follows it: the time since the oldest sample that it is the first to show was received. A reader that skips boards is measured by the one that it took.</summary>
    public void Reached(DateTimeOffset? since, string where) => BoardMetrics.Reached(time.GetUtcNow() - since, where);

    private void Publish(Tracked tracked, DateTimeOffset now, DateTimeOffset? since)
    {
        var list = new List<ReleaseSnapshot>(tracked.Releases.Count);
        var replaced = ImmutableArray.CreateBuilder<ReleaseSnapshot>();
        foreach (var (id, release) in tracked.Releases)
        {
            if (release.Snapshot is { } snapshot)
            {
                (tracked.Replaced.Contains(id) ? (ICollection<ReleaseSnapshot>)replaced : list).Add(snapshot);
            }
        }

        list.Sort(BoardOrder.WorstFirst);
        var version = Math.Max(Current.Version + 1, TrackedRelease.VersionAt(now));
        Volatile.Write(ref _current, new BoardSnapshot(version, now, [.. list]) { Replaced = replaced.ToImmutable(), Since = since });
        Feed.Announce();
        Reached(since, BoardMetrics.Built);
    }

    private Tracked With(Tracked tracked, Release release)
    {
        if (tracked.Releases.TryGetValue(release.Id, out var known))
        {
            known.Update(release);
            return tracked;
        }

        var added = new TrackedRelease(release, time.GetUtcNow());
        if (_switches.Of(release) is { } value)
        {
            added.Show(value);
        }

        _routes.Add(added);
        return tracked with { Releases = tracked.Releases.Add(release.Id, added) };
    }

    private Tracked Without(Tracked tracked, Guid releaseId)
    {
        if (!tracked.Releases.TryGetValue(releaseId, out var gone))
        {
            return tracked;
        }

        _routes.Remove(gone);
        return new Tracked(tracked.Releases.Remove(releaseId), tracked.Replaced.Remove(releaseId));
    }

    private static bool IsAtThePlaceOf(Release release, Release other) =>
        other.Service == release.Service && other.Target == release.Target && other.Environment == release.Environment;

    /// <summary>All that are measured, and which of them have no row because a fix took their place.</summary>
    private sealed record Tracked(ImmutableDictionary<Guid, TrackedRelease> Releases, ImmutableHashSet<Guid> Replaced);
}
