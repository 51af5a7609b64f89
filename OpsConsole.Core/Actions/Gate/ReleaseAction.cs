namespace OpsConsole.Core.Actions.Gate;

/// <summary>One action that the gate let through (or refused), from request to what the target confirmed. Kept for ever.</summary>
public sealed class ReleaseAction
{
    private string _evidenceJson = "";
    private string _evidenceSeal = "";

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

    /// <summary>The service token that asked, or the lasting one that it was issued from, so that another token of the same name does not pass for it; null for people and for the console.</summary>
    public Guid? RequestedByToken { get; init; }

    /// <summary>The role that allowed it; <see cref="Access.Operator.ConsoleRole"/> where the console asked by itself.</summary>
    public required string Role { get; init; }

    public required string Reason { get; init; }

    public long? SeenVersion { get; init; }

    public double? FromExposure { get; init; }

    public double? ToExposure { get; init; }

    /// <summary>The frozen <see cref="Evidence"/> as canonical JSON.</summary>
    public required string EvidenceJson
    {
        get => _evidenceJson;
        init => _evidenceJson = value;
    }

    /// <summary>SHA-256 of <see cref="EvidenceJson"/>, lower-case hex.</summary>
    public required string EvidenceSeal
    {
        get => _evidenceSeal;
        init => _evidenceSeal = value;
    }

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

    /// <summary>From being carried out to confirmed, once it is: the time that people took to agree is not the target's.</summary>
    public TimeSpan? TimeToConfirmed => Phase == ActionPhase.Confirmed ? FinishedAt - (ExecutingAt ?? RequestedAt) : null;

    /// <summary>Puts newer evidence in the place of what it was asked on, while it waits or as it is carried out. The audit keeps every seal.</summary>
    public void Refreeze(EvidenceSeal evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        (_evidenceJson, _evidenceSeal) = (evidence.Json, evidence.Seal);
    }

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
        FinishedAt = phase.IsWaiting() || phase == ActionPhase.Executing ? null : at;
    }

    /// <summary>True for a promotion that was asked of the target and not refused there: whatever became of it, it may have left the version there.</summary>
    public bool MayHaveArrived => Verb == ActionVerb.Promote && ExecutingAt is not null
        && !(Phase == ActionPhase.Failed && Outcome?.EndsWith(ActionExecutor.NothingChanged, StringComparison.Ordinal) == true);

    /// <summary>What the action holds while it is in flight.</summary>
    public string SubjectKey => ReleaseId is { } release ? $"release:{release:N}" : $"switch:{SwitchKey}";
}
