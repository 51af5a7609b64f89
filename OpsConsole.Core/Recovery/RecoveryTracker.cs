using System.Security.Cryptography;
using OpsConsole.Core.Board;
using OpsConsole.Core.Switches;

namespace OpsConsole.Core.Recovery;

/// <summary>The recoveries of the releases on the board, in memory: looks at the board, moves the clocks, measures who is exposed, and shows it. Never waits for the record; <see cref="RecoveryKeeper"/> keeps what has changed.</summary>
public sealed class RecoveryTracker(ReleaseBoard board, PlaybookReading playbook, SwitchBoard switches, TimeProvider time)
{
    /// <summary>Time between two looks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, TrackedRecovery> _tracked = [];

    /// <summary>False until the stored clocks were read: until then none is opened, so that a restart opens none twice.</summary>
    public bool IsLoaded { get; private set; }

    /// <summary>Looks once. A board on which nothing differs is shown nothing.</summary>
    public void Look()
    {
        var current = board.Current;
        lock (_lock)
        {
            // Those without a row first, because the row of the fix shows what is known of them.
            foreach (var release in current.Replaced.Concat(current.Releases))
            {
                LookAt(release, current);
            }

            var shown = current.Releases.Concat(current.Replaced).Select(r => r.Id).ToHashSet();
            foreach (var (id, gone) in _tracked.Where(t => !shown.Contains(t.Key)).ToList())
            {
                LookAtGone(id, gone, current);
            }
        }
    }

    /// <summary>Someone takes note of the fault of a release. Null where no clock of it runs.</summary>
    public ClockFace? Acknowledge(Guid releaseId, string by)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(by);
        lock (_lock)
        {
            if (_tracked.GetValueOrDefault(releaseId)?.Clock is not { Ending: null } clock)
            {
                return null;
            }

            clock.Acknowledge(by, time.GetUtcNow());
            return ClockFace.Of(clock);
        }
    }

    /// <summary>The clock of a release that runs, or its last one; null without one.</summary>
    public ClockFace? Find(Guid releaseId)
    {
        lock (_lock)
        {
            return _tracked.GetValueOrDefault(releaseId) is { } known ? ClockFace.Of(known.Clock) : null;
        }
    }

    /// <summary>The release of a clock in words, or null without one.</summary>
    internal string? TitleOf(Guid releaseId)
    {
        lock (_lock)
        {
            return _tracked.GetValueOrDefault(releaseId)?.Clock is { } c ? $"{c.Service} {c.Version} on {c.Target}, {c.Environment}" : null;
        }
    }

    /// <summary>The environment of the release of a clock, or null without one.</summary>
    internal string? EnvironmentOf(Guid releaseId)
    {
        lock (_lock)
        {
            return _tracked.GetValueOrDefault(releaseId)?.Clock.Environment;
        }
    }

    /// <summary>Takes over stored clocks that are newer than what is known of them.</summary>
    internal void Take(IEnumerable<RecoveryClock> stored, bool loaded = false)
    {
        lock (_lock)
        {
            foreach (var clock in stored)
            {
                if (!_tracked.TryGetValue(clock.ReleaseId, out var known))
                {
                    _tracked[clock.ReleaseId] = TrackedRecovery.Stored(clock);
                }
                else if (known.IsOlderThan(clock))
                {
                    known.Become(clock);
                }
            }

            IsLoaded |= loaded;
        }
    }

    /// <summary>What is known of a release is given up for what the record has; what a person said in between is said again.</summary>
    internal void Replace(Guid releaseId, RecoveryClock? stored)
    {
        lock (_lock)
        {
            if (stored is null)
            {
                _tracked.Remove(releaseId);
            }
            else if (_tracked.TryGetValue(releaseId, out var known))
            {
                known.Become(stored);
            }
            else
            {
                _tracked[releaseId] = TrackedRecovery.Stored(stored);
            }
        }
    }

    /// <summary>Does something with all that is tracked while no look is under way. Must be short.</summary>
    internal T With<T>(Func<IReadOnlyCollection<TrackedRecovery>, T> read)
    {
        lock (_lock)
        {
            return read(_tracked.Values);
        }
    }

    /// <summary>The id of the clock after another: the same on every console that opens it, so that only one of them can.</summary>
    /// <param name="releaseId">Its release.</param>
    /// <param name="before">The clock before it, if any.</param>
    internal static Guid NextId(Guid releaseId, Guid? before)
    {
        Span<byte> text = stackalloc byte[32], id = stackalloc byte[16], hash = stackalloc byte[32];
        releaseId.TryWriteBytes(text, bigEndian: true, out _);
        (before ?? Guid.Empty).TryWriteBytes(text[16..], bigEndian: true, out _);
        SHA256.HashData(text, hash);
        text[..6].CopyTo(id);
        hash[..10].CopyTo(id[6..]);
        id[6] = (byte)((id[6] & 0x0F) | 0x70);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id, bigEndian: true);
    }

    private void LookAt(ReleaseSnapshot release, BoardSnapshot current)
    {
        var now = time.GetUtcNow();
        var known = _tracked.GetValueOrDefault(release.Id);
        if (IsLoaded && known is not { Clock.Ending: null }
            && ClockRule.Open(release, NextId(release.Id, known?.Clock.Id), known?.Clock.EndedAt ?? DateTimeOffset.MinValue, now) is { } opened)
        {
            _tracked[release.Id] = known = TrackedRecovery.New(opened);
        }

        var successor = SuccessorOf(release.Id, current);
        if (known is not null)
        {
            known.BackSince = known.Clock.Ending is null && ClockRule.IsBack(release, known.Clock.Signal) ? Earlier(known.BackSince, now) : null;
            ClockRule.Move(known.Clock, new ClockFacts
            {
                Release = release,
                Kill = KillOf(release, known),
                NoKill = switches.IsLoaded && known.KilledAt is null,
                BackSince = known.BackSince,
                Successor = successor,
                Now = now,
            });
            if (successor is not null)
            {
                // Also of a clock that has ended: whoever looks at it later wants to know what came after.
                known.Clock.FixForward(successor.Id);
            }

            known.Measure(release, playbook.IsShadowed(release), successor);
        }

        var advice = playbook.Advise(release);
        var face = known is null ? null : ClockFace.Of(known.Clock);
        var fixes = FixedBy(release);
        if (release.Recovery is not { } shown || !advice.SaysTheSameAs(shown.Advice) || shown.Clock != face || !ReferenceEquals(shown.Exposure, known?.Exposure) || shown.Fixes != fixes)
        {
            board.Show(release.Id, new RecoveryStanding { Advice = advice, Clock = face, Exposure = known?.Exposure, Fixes = fixes, AsOf = release.AsOf });
        }
    }

    /// <summary>What is known of the release that this one fixes; null where nothing ever broke of it.</summary>
    private FixedForward? FixedBy(ReleaseSnapshot release) =>
        release.FixesReleaseId is { } bad && _tracked.GetValueOrDefault(bad) is { } known && known.Exposure is { Curve: [.., var last] }
            ? new(bad, known.Clock.Version, last, known.Exposure.Source, known.Clock.Ending is null ? known.Clock.DetectedAt : null)
            : null;

    /// <summary>Of a release that is not on the board any more: forgotten once its clock has ended and was kept.</summary>
    private void LookAtGone(Guid id, TrackedRecovery gone, BoardSnapshot current)
    {
        var now = time.GetUtcNow();
        if (gone.Clock.Ending is null)
        {
            ClockRule.Move(gone.Clock, new ClockFacts { Release = null, Successor = SuccessorOf(id, current), Now = now });
        }
        else if (!gone.IsDue(now))
        {
            _tracked.Remove(id);
        }
    }

    /// <summary>As the flag is answered where the release is; before the switches were read, as the board shows it.</summary>
    private KillFact? KillOf(ReleaseSnapshot release, TrackedRecovery known)
    {
        if (release.Switch is not { } bound)
        {
            known.KilledAt = null;
            return null;
        }

        DateTimeOffset? at = switches.Find(bound.Key, release.Environment) is { } state ? state.KilledAt : !switches.IsLoaded && bound.Killed ? bound.ChangedAt : null;
        (known.SwitchKey, known.KilledAt) = (bound.Key, at);
        return at is not { } killed ? null : known.Kill is { ConfirmedAt: { } read } found && read >= killed ? found with { At = killed } : new KillFact(killed);
    }

    private static ReleaseSnapshot? SuccessorOf(Guid releaseId, BoardSnapshot current)
    {
        foreach (var release in current.Releases)
        {
            if (release.FixesReleaseId == releaseId)
            {
                return release;
            }
        }

        return null;
    }

    /// <summary>A clock that was set back makes no hold longer than it was.</summary>
    private static DateTimeOffset Earlier(DateTimeOffset? since, DateTimeOffset now) => since < now ? since.Value : now;
}
