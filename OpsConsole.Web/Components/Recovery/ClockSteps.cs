using OpsConsole.Core.Recovery;
using OpsConsole.Web.Components.Kit;

namespace OpsConsole.Web.Components.Recovery;

/// <summary>One step of a clock as it is shown.</summary>
/// <param name="Name">"Detected".</param>
/// <param name="At">When; null while it has not come.</param>
/// <param name="After">Time since the step before; null for the first and for what has not come.</param>
/// <param name="Note">Who or what, where that says more.</param>
/// <param name="RunsSince">Set on the step that is waited for now: since when.</param>
public sealed record ClockStep(string Name, DateTimeOffset? At, TimeSpan? After, string? Note, DateTimeOffset? RunsSince);

/// <summary>A clock in words.</summary>
public static class ClockSteps
{
    /// <summary>All seven, in their order. A person may take note at any time after it was detected, so that step stands beside the others.</summary>
    public static IReadOnlyList<ClockStep> Of(ClockFace clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        var steps = new List<ClockStep> { new("Onset", clock.OnsetAt, null, "first bad sample", null) };
        var (before, waits) = (clock.OnsetAt, clock.Ending is null);
        Add("Detected", clock.DetectedAt, clock.Signal);
        steps.Add(new("Acknowledged", clock.AcknowledgedAt, clock.AcknowledgedAt - clock.DetectedAt, clock.AcknowledgedBy is { } by ? $"by {by}" : null, null));
        Add("Decided", clock.DecidedAt, "first move asked for");
        Add("Applied", clock.AppliedAt, clock.Move is { } move ? Words.Of(move) : null);
        Add("Confirmed", clock.ConfirmedAt, clock.Move switch
        {
            RecoveryMove.FixForward => "everyone has the fix",
            RecoveryMove.Kill => "the flag is answered off",
            _ => "read back from the target",
        });
        Add("Verified", clock.VerifiedAt, "signals back for their hold time");
        return steps;

        void Add(string name, DateTimeOffset? at, string? note)
        {
            steps.Add(new(name, at, at - before, at is null ? null : note, at is null && waits ? before : null));
            waits &= at is not null;
            before = at ?? before;
        }
    }

    /// <summary>Where it stands, in one phrase.</summary>
    public static string Sentence(ClockFace clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        return clock switch
        {
            { Ending: RecoveryEnding.Verified, VerifiedAt: { } at } => $"Verified {Spans.Measured(at - clock.DetectedAt)} after it was detected{(clock.Move is { } made ? $", by {Noun(made)}" : "")}.",
            { Ending: RecoveryEnding.ByItself, EndedAt: { } at } => $"The signals came back without a move that was confirmed, {Spans.Measured(at - clock.DetectedAt)} after it was detected.",
            { Ending: RecoveryEnding.Left } => "The release ended another way before it was verified.",
            { ConfirmedAt: { } at, DetectedAt: var detected } => $"Confirmed {Spans.Measured(at - detected)} after it was detected{Made(clock, " (", ")")}; not verified yet.",
            { DecidedAt: not null, Move: null } => "What was done about it was undone; nothing else was decided yet.",
            { DecidedAt: not null } => $"Asked for{Made(clock, ": ")}; not confirmed yet.",
            _ => "Nothing was decided yet.",
        };
    }

    /// <summary>What is waited for: "to decide".</summary>
    public static string Waits(ClockFace clock) => clock switch
    {
        { ConfirmedAt: not null } => "to verified",
        { AppliedAt: not null } => "to confirmed",
        { DecidedAt: not null, Move: not null } => "to applied",
        _ => "to a decision",
    };

    private static string Noun(RecoveryMove move) => move switch
    {
        RecoveryMove.Kill => "the kill of its switch",
        RecoveryMove.FixForward => "the release that fixes it",
        _ => "the " + Words.Of(move),
    };

    private static string Made(ClockFace clock, string before, string after = "") => clock.Move is { } move ? before + Words.Of(move) + after : "";
}
