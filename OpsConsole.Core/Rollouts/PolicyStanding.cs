using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Rollouts;

/// <summary>How a trigger stands.</summary>
public enum TriggerPhase
{
    /// <summary>Inside, with data.</summary>
    Clear,

    /// <summary>Breached, not yet for as long as it must be.</summary>
    Pending,

    Fired,

    /// <summary>Fired, inside again, not yet for as long as it must be.</summary>
    Recovering,

    /// <summary>No data to judge it on: neither fires nor forgets.</summary>
    Inconclusive,
}

/// <summary>A trigger as it stands, for boards and pages.</summary>
/// <param name="Trigger">Which.</param>
/// <param name="Phase">How it stands.</param>
/// <param name="Value">What was compared, or null without data.</param>
/// <param name="Since">When the phase began.</param>
/// <param name="FiresAt">While pending: when it fires if nothing changes.</param>
/// <param name="Sentence">One sentence with value, threshold and time.</param>
public sealed record TriggerStanding(Trigger Trigger, TriggerPhase Phase, double? Value, DateTimeOffset Since, DateTimeOffset? FiresAt, string Sentence)
{
    /// <summary>The value with its unit, a difference with its sign; a dash without one.</summary>
    public string ValueText { get; init; } = Signals.SignalText.None;

    /// <summary>Set while its present firing is one that a person resumed the release after: it is not acted on again, and nobody promotes until it has recovered.</summary>
    public SeenFiring? Seen { get; init; }
}

/// <summary>The resumption by which a firing was seen.</summary>
/// <param name="By">Who resumed; null where the record does not tell.</param>
/// <param name="At">When they asked for it; null likewise.</param>
public sealed record SeenFiring(string? By, DateTimeOffset? At);

/// <summary>How a check stands in the present stage.</summary>
public enum CheckPhase
{
    Running,
    Successful,
    Inconclusive,
    Error,
    Failed,
}

/// <summary>A check as it stands.</summary>
public sealed record CheckStanding(PolicyCheck Check, CheckPhase Phase, int Successful, int Failed, int Inconclusive, int Errors, string Sentence);

/// <summary>What the policy makes of a release now: worked out by the engine, shown by every board, read anew by the gate. Immutable.</summary>
public sealed record PolicyStanding
{
    /// <summary>In words: "web-canary, version 3".</summary>
    public required string PolicyTitle { get; init; }

    public required DeliveryMode Mode { get; init; }

    public required TriggerReaction OnTrigger { get; init; }

    public required RolloutStep Step { get; init; }

    public required DateTimeOffset StepSince { get; init; }

    public required string Reason { get; init; }

    public IReadOnlyList<TriggerStanding> Triggers { get; init; } = [];

    public IReadOnlyList<CheckStanding> Checks { get; init; } = [];

    /// <summary>The gates that the policy adds to those that always hold, as they stood last.</summary>
    public IReadOnlyList<GateResult> Gates { get; init; } = [];

    /// <summary>The declared class of the migration, or the worse one that the submitted SQL showed.</summary>
    public MigrationClass Migration { get; init; }

    /// <summary>Why the console does not roll back by itself, as far as the submitted migration tells.</summary>
    public RollbackDoubts Doubts { get; init; }

    /// <summary>Approvals that the next promotion needs; 0: none.</summary>
    public int ApprovalsNeeded { get; init; }

    /// <summary>Who rejected the artifact, while that is in force; null otherwise.</summary>
    public string? RejectedBy { get; init; }

    /// <summary>The gates that pass only because a person waived them.</summary>
    public IReadOnlyList<GateResult> Waived => WaivedGates.Of(Gates);

    /// <summary>When the engine looked. Shown anew at least every 10 s.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>Age from which a standing says nothing about now.</summary>
    public static readonly TimeSpan Oldest = TimeSpan.FromSeconds(30);

    /// <summary>True when the engine looked lately enough to rely on it; not when a clock that was set back makes it later than now by as much.</summary>
    public bool IsCurrent(DateTimeOffset now) => (now - AsOf).Duration() <= Oldest;
}
