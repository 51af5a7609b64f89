using OpsConsole.Core.Rollouts;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Policies.Replay;

/// <summary>What a replay came to.</summary>
public enum ReplayVerdict
{
    /// <summary>The policy would have halted the release or rolled it back.</summary>
    Stopped,

    /// <summary>A trigger would have fired, and the policy leaves it to a person.</summary>
    Recommended,

    /// <summary>Nothing fired in what was measured, and not everything was measured.</summary>
    Inconclusive,

    /// <summary>Nothing to go by: no points, no exposure, or no trigger.</summary>
    NotKnown,

    /// <summary>Every trigger was judged on data all the way, and none fired.</summary>
    NothingFired,
}

/// <summary>A trigger that changed how it stands.</summary>
/// <param name="Phase">How it stands from then on.</param>
/// <param name="At">When, by the record.</param>
/// <param name="Value">What was compared; null without data.</param>
public sealed record TriggerChange(TriggerPhase Phase, DateTimeOffset At, double? Value);

/// <summary>What one trigger would have done.</summary>
public sealed record TriggerOutcome
{
    public required Trigger Trigger { get; init; }

    /// <summary>The signal that it was judged on; null where the release has none of that name, or none is recorded.</summary>
    public SignalDefinition? Signal { get; init; }

    /// <summary>Why it could not be judged at all; null when it could.</summary>
    public string? NotKnown { get; init; }

    /// <summary>Every change, oldest first, at most <see cref="MostChanges"/>.</summary>
    public required IReadOnlyList<TriggerChange> Changes { get; init; }

    /// <summary>How many changes there were; above <see cref="MostChanges"/> the later ones are not listed.</summary>
    public required int ChangeCount { get; init; }

    public DateTimeOffset? FiredAt { get; init; }

    /// <summary>How it stood at the end of the record.</summary>
    public required TriggerPhase Ended { get; init; }

    /// <summary>Time without data to judge it on, the first moments of the release apart.</summary>
    public required TimeSpan Unmeasured { get; init; }

    /// <summary>Most changes that are listed.</summary>
    public const int MostChanges = 500;
}

/// <summary>What the policy would have done first.</summary>
/// <param name="Kind">Recommend, halt or roll back.</param>
/// <param name="At">When.</param>
/// <param name="Trigger">Because of which trigger.</param>
/// <param name="Value">What was compared.</param>
/// <param name="ExposurePercent">Exposure that the release really had then.</param>
/// <param name="Instead">Why it would not have been what the policy asks for; null when it would.</param>
public sealed record PolicyReaction(TriggerReaction Kind, DateTimeOffset At, Trigger Trigger, double? Value, double ExposurePercent, string? Instead);

/// <summary>What the policy would have said to a promotion that was really made.</summary>
public enum PromotionVerdict
{
    Allowed,
    Withheld,

    /// <summary>Nothing recorded speaks against it, and not all that the policy asks for is recorded.</summary>
    NotKnown,
}

/// <summary>A promotion that was really made, under the replayed policy.</summary>
public sealed record PromotionOutcome(DateTimeOffset At, double ToPercent, PromotionVerdict Verdict, IReadOnlyList<string> Reasons);

/// <summary>A time in which the policy could not judge the release and would have paused it.</summary>
public sealed record PauseOutcome(DateTimeOffset From, DateTimeOffset Until, string Reason);

/// <summary>A step of the way that the policy would have allowed at the earliest.</summary>
public sealed record PlannedStep(DateTimeOffset At, double Percent, string Reason);

/// <summary>How many would not have met the release.</summary>
public sealed record ExposureEffect
{
    /// <summary>The signal that was counted with; null: none is recorded, so that nothing is known.</summary>
    public SignalKey? Signal { get; init; }

    /// <summary>What is counted: requests, sessions, users.</summary>
    public string Noun { get; init; } = "requests";

    /// <summary>How it was counted, or why it is not known.</summary>
    public required string Basis { get; init; }

    /// <summary>All that met the release between <see cref="From"/> and <see cref="Until"/>.</summary>
    public long? Total { get; init; }

    /// <summary>Those of them after the policy would have stopped it.</summary>
    public long? AfterStop { get; init; }

    /// <summary>Those that would not have met it: all after a roll back, after a halt the part that came with later growth.</summary>
    public long? Fewer { get; init; }

    public DateTimeOffset From { get; init; }

    public DateTimeOffset Until { get; init; }

    /// <summary>Time in that span for which nothing was counted.</summary>
    public TimeSpan Uncounted { get; init; }
}

/// <summary>What a policy would have done with a release, by the record. Times are those of the record; values were measured at the exposure that the release really had.</summary>
public sealed record ReplayOutcome
{
    public required ReplayVerdict Verdict { get; init; }

    /// <summary>One sentence.</summary>
    public required string Sentence { get; init; }

    /// <summary>What the record lacks, and what was not replayed; empty when nothing.</summary>
    public required IReadOnlyList<string> Caveats { get; init; }

    public required IReadOnlyList<TriggerOutcome> Triggers { get; init; }

    public PolicyReaction? Reaction { get; init; }

    public required IReadOnlyList<PromotionOutcome> Promotions { get; init; }

    public required IReadOnlyList<PauseOutcome> Pauses { get; init; }

    /// <summary>The earliest way up that the policy would have allowed, oldest first.</summary>
    public required IReadOnlyList<PlannedStep> Plan { get; init; }

    public required ExposureEffect Exposure { get; init; }

    public required DateTimeOffset From { get; init; }

    public required DateTimeOffset Until { get; init; }
}
