using System.Collections.Immutable;

namespace OpsConsole.Core.Recovery;

/// <summary>Who has a bad version at one time.</summary>
/// <param name="At">When it was measured.</param>
/// <param name="Percent">Share of all that were seen that has it, 0 to 100.</param>
/// <param name="Count">How many of them, in the window.</param>
/// <param name="Of">How many were seen in all, in the window.</param>
public readonly record struct ExposurePoint(DateTimeOffset At, double Percent, long Count, long Of);

/// <summary>How many were hurt by a release since its fault was first seen.</summary>
/// <param name="Count">Failed requests or crashed sessions.</param>
/// <param name="Of">Requests or sessions on the bad version.</param>
/// <param name="Unit">"requests", "sessions".</param>
/// <param name="From">Begin of the first window, in which the fault was seen.</param>
/// <param name="To">End of the window.</param>
public sealed record Hurt(long Count, long Of, string Unit, DateTimeOffset From, DateTimeOffset To);

/// <summary>What is measured of a bad release while it is recovered from.</summary>
/// <param name="Source">What the share is measured by: "sessions by version", "gateway share".</param>
/// <param name="Curve">At most 300 points, oldest first, thinned as it grows.</param>
/// <param name="Hurt">Null where nothing counts them.</param>
public sealed record Exposure(string Source, ImmutableArray<ExposurePoint> Curve, Hurt? Hurt);

/// <summary>What the board shows of a release's recovery. Immutable.</summary>
public sealed record RecoveryStanding
{
    public required PlaybookAdvice Advice { get; init; }

    /// <summary>The clock that runs, or the last one of this release; null where nothing broke.</summary>
    public ClockFace? Clock { get; init; }

    /// <summary>Null while nothing broke.</summary>
    public Exposure? Exposure { get; init; }

    /// <summary>What is left of the release that this one fixes; null where it fixes none, or none was ever measured.</summary>
    public FixedForward? Fixes { get; init; }

    public required DateTimeOffset AsOf { get; init; }
}

/// <summary>A bad release on the row of the one that fixes it.</summary>
/// <param name="ReleaseId">The bad one.</param>
/// <param name="Version">Its version.</param>
/// <param name="Left">Who still has it.</param>
/// <param name="Source">What that is measured by.</param>
/// <param name="RunsSince">When what its clock counts was detected; null once the clock has ended.</param>
public sealed record FixedForward(Guid ReleaseId, string Version, ExposurePoint Left, string Source, DateTimeOffset? RunsSince);

/// <summary>A <see cref="RecoveryClock"/> as it is shown. Immutable.</summary>
public sealed record ClockFace(
    Guid Id, FaultKind Fault, string Signal, DateTimeOffset OnsetAt, DateTimeOffset DetectedAt, DateTimeOffset? AcknowledgedAt, string? AcknowledgedBy, DateTimeOffset? DecidedAt,
    RecoveryMove? Move, DateTimeOffset? AppliedAt, DateTimeOffset? ConfirmedAt, DateTimeOffset? VerifiedAt, RecoveryEnding? Ending, DateTimeOffset? EndedAt, Guid? SuccessorId)
{
    public static ClockFace Of(RecoveryClock clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        return new(
            clock.Id, clock.Fault, clock.Signal, clock.OnsetAt, clock.DetectedAt, clock.AcknowledgedAt, clock.AcknowledgedBy, clock.DecidedAt,
            clock.Move, clock.AppliedAt, clock.ConfirmedAt, clock.VerifiedAt, clock.Ending, clock.EndedAt, clock.SuccessorId);
    }
}
