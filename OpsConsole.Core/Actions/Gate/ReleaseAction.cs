namespace OpsConsole.Core.Actions.Gate;

/// <summary>One action that the gate let through (or refused), from request to what the target confirmed. Kept for ever.</summary>
public sealed class ReleaseAction
{
    /// <summary>Unique and ordered by time; also the idempotency key given to the target.</summary>
    public required Guid Id { get; init; }

    public required ActionVerb Verb { get; init; }

    /// <summary>The release acted on; null for an action on a switch alone.</summary>
    public Guid? ReleaseId { get; init; }

    public string? SwitchKey { get; init; }

    public string? Service { get; init; }

    public string? Target { get; init; }

    public string? Environment { get; init; }

    public string? Version { get; init; }

    public required string RequestedBy { get; init; }

    /// <summary>The role that allowed it.</summary>
    public required string Role { get; init; }

    public required string Reason { get; init; }

    public long? SeenVersion { get; init; }

    public double? FromExposure { get; init; }

    public double? ToExposure { get; init; }

    /// <summary>The frozen <see cref="Evidence"/> as canonical JSON.</summary>
    public required string EvidenceJson { get; init; }

    /// <summary>SHA-256 of <see cref="EvidenceJson"/>, lower-case hex.</summary>
    public required string EvidenceSeal { get; init; }

    /// <summary>Approvals that it needs before it is carried out; 0: none.</summary>
    public int ApprovalsNeeded { get; init; }

    /// <summary>While it waits for approval or for its gates: when it is given up.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public required DateTimeOffset RequestedAt { get; init; }

    public ActionPhase Phase { get; private set; } = ActionPhase.Requested;

    public DateTimeOffset? ExecutingAt { get; private set; }

    /// <summary>When it was confirmed, failed, pre-empted or given up on.</summary>
    public DateTimeOffset? FinishedAt { get; private set; }

    /// <summary>One sentence on how it ended or stands.</summary>
    public string? Outcome { get; private set; }

    /// <summary>Equals the release (or switch) while the action is in flight, else null: a unique index over it allows one at a time.</summary>
    public string? InFlightKey { get; private set; }

    public int Revision { get; private set; }

    /// <summary>From request to confirmed, once it is.</summary>
    public TimeSpan? TimeToConfirmed => Phase == ActionPhase.Confirmed ? FinishedAt - RequestedAt : null;

    /// <summary>Moves to a phase; the outcome is kept when none is given.</summary>
    public void Move(ActionPhase phase, DateTimeOffset at, string? outcome = null)
    {
        Phase = phase;
        Outcome = outcome ?? Outcome;
        Revision++;
        if (phase == ActionPhase.Executing)
        {
            ExecutingAt = at;
        }

        InFlightKey = phase.IsInFlight() ? SubjectKey : null;
        FinishedAt = phase is ActionPhase.Requested or ActionPhase.AwaitingApproval or ActionPhase.Approved or ActionPhase.Executing ? null : at;
    }

    /// <summary>What the action holds while it is in flight.</summary>
    public string SubjectKey => ReleaseId is { } release ? $"release:{release:N}" : $"switch:{SwitchKey}";
}
