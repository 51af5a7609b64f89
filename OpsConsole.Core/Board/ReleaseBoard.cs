using System.Collections.Concurrent;
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
    /// <summary>Oldest sample that is taken in.</summary>
    public static readonly TimeSpan OldestSample = TimeSpan.FromMinutes(10);

    /// <summary>How far ahead of the console a source's clock may be. Such a sample counts as of now, so that it is not fresh for longer.</summary>
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(5);

    private readonly Lock _changing = new();
    private readonly Lock _building = new();
    private readonly Dictionary<(string Key, string? Environment), SwitchSummary> _switches = [];

    // Read on every sample without a lock; arrays are replaced, never changed.
    private readonly ConcurrentDictionary<SignalAddress, SignalSeries[]> _routes = [];
    private ImmutableDictionary<Guid, TrackedRelease> _releases = ImmutableDictionary<Guid, TrackedRelease>.Empty;
    private ImmutableDictionary<Guid, TrackedRelease> _built = ImmutableDictionary<Guid, TrackedRelease>.Empty;
    private BoardSnapshot _current = new(0, time.GetUtcNow(), []);

    public BoardFeed Feed { get; } = new();

    /// <summary>The board as last built.</summary>
    public BoardSnapshot Current => Volatile.Read(ref _current);

    /// <summary>One release as last built, or null when it is not on the board.</summary>
    public ReleaseSnapshot? Find(Guid releaseId)
    {
        foreach (var release in Current.Releases)
        {
            if (release.Id == releaseId)
            {
                return release;
            }
        }

        return null;
    }

    /// <summary>Puts a release on the board, or takes over its changed phase, stage and exposure. One of an older revision than is known changes nothing.</summary>
    public void Track(Release release)
    {
        ArgumentNullException.ThrowIfNull(release);
        lock (_changing)
        {
            if (_releases.TryGetValue(release.Id, out var known))
            {
                known.Update(release);
                return;
            }

            var added = new TrackedRelease(release, time.GetUtcNow());
            if (SwitchOf(release) is { } value)
            {
                added.Show(value);
            }

            foreach (var (address, series) in Routes(added))
            {
                _routes.AddOrUpdate(address, static (_, one) => [one], static (_, list, one) => [.. list, one], series);
            }

            Volatile.Write(ref _releases, _releases.Add(release.Id, added));
        }
    }

    /// <summary>Takes a release off the board.</summary>
    public void Untrack(Guid releaseId)
    {
        lock (_changing)
        {
            if (!_releases.TryGetValue(releaseId, out var gone))
            {
                return;
            }

            foreach (var (address, series) in Routes(gone))
            {
                var left = Array.FindAll(_routes[address], s => s != series);
                if (left.Length > 0)
                {
                    _routes[address] = left;
                }
                else
                {
                    _routes.TryRemove(address, out _);
                }
            }

            Volatile.Write(ref _releases, _releases.Remove(releaseId));
        }
    }

    /// <summary>Shows the latest action of a release. An action requested before the one shown changes nothing.</summary>
    public void Show(Guid releaseId, ActionSummary action)
    {
        ArgumentNullException.ThrowIfNull(action);
        lock (_changing)
        {
            if (_releases.TryGetValue(releaseId, out var release))
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
            if (_switches.TryGetValue((value.Key, value.Environment), out var known) && known.ChangedAt > value.ChangedAt)
            {
                return;
            }

            _switches[(value.Key, value.Environment)] = value;
            foreach (var release in _releases.Values)
            {
                if (release.Identity.SwitchKey == value.Key && (value.Environment is null || value.Environment == release.Identity.Environment) && SwitchOf(release.Identity) is { } shown)
                {
                    release.Show(shown);
                }
            }
        }
    }

    /// <summary>The switch as it holds for a release: killed where it is killed everywhere, or where the release is.</summary>
    private SwitchSummary? SwitchOf(Release release)
    {
        if (release.SwitchKey is not { } key)
        {
            return null;
        }

        return (_switches.GetValueOrDefault((key, null)), _switches.GetValueOrDefault((key, release.Environment))) switch
        {
            (var everywhere, null) => everywhere,
            ({ Killed: true } everywhere, _) => everywhere,
            (_, { Killed: true } there) => there,
            (null, var there) => there with { Environment = null },
            (var everywhere, var there) => there.ChangedAt > everywhere.ChangedAt ? everywhere with { ChangedAt = there.ChangedAt } : everywhere,
        };
    }

    /// <summary>Shows what the playbook says of a release, and its recovery clock.</summary>
    public void Show(Guid releaseId, RecoveryStanding standing)
    {
        ArgumentNullException.ThrowIfNull(standing);
        lock (_changing)
        {
            if (_releases.TryGetValue(releaseId, out var release))
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
            if (_releases.TryGetValue(releaseId, out var release))
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

        if (now - sample.At > OldestSample)
        {
            return BoardMetrics.Count(RecordOutcome.TooOld);
        }

        if (!_routes.TryGetValue(sample.Address, out var series))
        {
            return BoardMetrics.Count(RecordOutcome.NoRelease);
        }

        foreach (var one in series)
        {
            one.Add(sample, now);
        }

        return BoardMetrics.Count(RecordOutcome.Recorded);
    }

    /// <summary>Builds a snapshot of every release that is due and announces when anything changed. Called by the pump.</summary>
    /// <returns>How many releases were built.</returns>
    public int BuildDue()
    {
        lock (_building)
        {
            var now = time.GetUtcNow();
            var releases = Volatile.Read(ref _releases);
            var built = 0;
            foreach (var (_, release) in releases)
            {
                built += release.BuildIfDue(now) ? 1 : 0;
            }

            if (built > 0 || !ReferenceEquals(releases, _built))
            {
                _built = releases;
                Publish(releases, now);
                BoardMetrics.CountSnapshots(built);
            }

            return built;
        }
    }

    private void Publish(ImmutableDictionary<Guid, TrackedRelease> releases, DateTimeOffset now)
    {
        var list = new List<ReleaseSnapshot>(releases.Count);
        foreach (var (_, release) in releases)
        {
            if (release.Snapshot is { } snapshot)
            {
                list.Add(snapshot);
            }
        }

        list.Sort(BoardOrder.WorstFirst);
        var version = Math.Max(Current.Version + 1, TrackedRelease.VersionAt(now));
        Volatile.Write(ref _current, new BoardSnapshot(version, now, [.. list]));
        Feed.Announce();
    }

    /// <summary>Where samples of a release come from: its own version is the canary, the previous one the baseline.</summary>
    private static IEnumerable<(SignalAddress Address, SignalSeries Series)> Routes(TrackedRelease release)
    {
        var of = release.Identity;
        foreach (var signal in release.Signals)
        {
            yield return (new(of.Service, of.Target, of.Environment, of.Version, signal.Key), signal.Canary);
            if (signal.Baseline is { } baseline && of.PreviousVersion is { } previous)
            {
                yield return (new(of.Service, of.Target, of.Environment, previous, signal.Key), baseline);
            }
        }
    }
}
