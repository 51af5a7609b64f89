using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Recovery;

/// <summary>The latest clock of one release as it is worked on, beside what the record has of it. Only under the lock of <see cref="RecoveryTracker"/>.</summary>
internal sealed class TrackedRecovery
{
    /// <summary>Pace at which exposure alone is kept; a time that was set is kept at once, and so is that nobody has it any more.</summary>
    public static readonly TimeSpan KeepExposure = TimeSpan.FromSeconds(15);

    private int _keptRevision = -1;
    private ClockFace? _kept;
    private Exposure? _keptExposure;

    private TrackedRecovery(RecoveryClock clock) => Clock = clock;

    public RecoveryClock Clock { get; private set; }

    /// <summary>The object that the store knows; null until the clock was saved once. Touched by <see cref="RecoveryKeeper"/> alone.</summary>
    public RecoveryClock? Row { get; private set; }

    public Exposure? Exposure { get; private set; }

    public DateTimeOffset? BackSince { get; set; }

    public string? SwitchKey { get; set; }

    /// <summary>When the kill in force was made; null while there is none.</summary>
    public DateTimeOffset? KilledAt { get; set; }

    /// <summary>The kill that was confirmed, once it was found.</summary>
    public KillFact? Kill { get; set; }

    public DateTimeOffset KeptAt { get; private set; }

    public static TrackedRecovery New(RecoveryClock clock) => new(clock);

    public static TrackedRecovery Stored(RecoveryClock row)
    {
        var tracked = new TrackedRecovery(row.Copy());
        tracked.Become(row);
        return tracked;
    }

    /// <summary>True when the record has this clock as someone else changed it, or a later one.</summary>
    public bool IsOlderThan(RecoveryClock stored) => stored.Id == Clock.Id ? stored.Revision > _keptRevision && _keptRevision >= 0 : stored.OnsetAt > Clock.OnsetAt;

    public void Become(RecoveryClock row)
    {
        var before = Clock;
        (Clock, Row) = (row.Copy(), row);
        if (before.Id != row.Id)
        {
            (Exposure, BackSince, Kill, KilledAt) = (null, null, null, null);
        }
        else if (before is { AcknowledgedAt: { } at, AcknowledgedBy: { } by })
        {
            Clock.Acknowledge(by, at);
        }

        var read = ExposureReading.Read(row.ExposureJson);
        Exposure = Exposure is { } mine && read is not null && mine.Source == read.Source && mine.Curve.Length >= read.Curve.Length ? mine : read;
        (_keptRevision, _kept, _keptExposure) = (row.Revision, ClockFace.Of(row), Exposure);
    }

    /// <summary>Residual exposure goes on being measured after the clock: while the release is halted, rolled back or replaced by its fix.</summary>
    /// <param name="release">The bad one.</param>
    /// <param name="shadowed">True while a kill shadows the exposure that the target confirmed.</param>
    /// <param name="successor">The one on the board that fixes it, if any.</param>
    public void Measure(ReleaseSnapshot release, bool shadowed, ReleaseSnapshot? successor)
    {
        var running = Clock.Ending is null;
        if (!running && (Clock.Ending != RecoveryEnding.Verified || Exposure is null || release.Phase is not (ReleasePhase.Halted or ReleasePhase.RolledBack or ReleasePhase.Superseded)))
        {
            return;
        }

        // Nobody after nobody adds nothing; someone after nobody does, such as a phone that was switched off.
        var next = ExposureReading.Measure(Exposure, release, Clock.OnsetAt, running, shadowed, successor);
        if (running || !IsNobody(Exposure) || !IsNobody(next))
        {
            Exposure = next;
        }
    }

    private static bool IsNobody(Exposure? exposure) => exposure is { Curve: [.., { Percent: <= 0 }] };

    public bool IsDue(DateTimeOffset now) => _kept != ClockFace.Of(Clock) || _keptRevision < 0
        || (!ReferenceEquals(_keptExposure, Exposure) && (IsNobody(Exposure) != IsNobody(_keptExposure) || (now - KeptAt).Duration() >= KeepExposure));

    /// <summary>The row to save, and what it was made of.</summary>
    public (RecoveryClock Row, ClockFace Face, Exposure? Exposure) ToSave()
    {
        Clock.Measure(ExposureReading.Write(Exposure));
        if (Row is null)
        {
            return (Clock.Copy(), ClockFace.Of(Clock), Exposure);
        }

        Row.Become(Clock);
        return (Row, ClockFace.Of(Clock), Exposure);
    }

    public void Kept(RecoveryClock row, ClockFace face, Exposure? exposure, DateTimeOffset now)
    {
        Row = row;
        (_keptRevision, _kept, _keptExposure, KeptAt) = (row.Revision, face, exposure, now);
    }
}
