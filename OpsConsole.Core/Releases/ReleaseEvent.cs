namespace OpsConsole.Core.Releases;

/// <summary>What kind of thing happened to a release.</summary>
public enum ReleaseEventKind
{
    Registered,
    StageChanged,
    Halted,
    Resumed,
    RolledBack,
    Completed,
    Superseded,
    SwitchKilled,
    SwitchRestored,
    ActionRequested,
    ActionRefused,
    ActionFailed,
    ActionUnconfirmed,
    ActionPreEmpted,
    VerdictChanged,

    /// <summary>Found on the target without having been asked for here, for example a weight changed by hand.</summary>
    Drift,

    /// <summary>A trigger of the policy became pending, fired or recovered.</summary>
    Trigger,

    /// <summary>The engine changed its step: paused, verifying, watching.</summary>
    Rollout,

    /// <summary>Evidence was posted.</summary>
    Evidence,

    /// <summary>Somebody approved, rejected, or an approval lapsed.</summary>
    Approval,

    /// <summary>A gate was waived, or a waiver ended.</summary>
    Waiver,

    /// <summary>An alert on an objective of the service began or ended.</summary>
    Alert,
}

/// <summary>One line of a release's timeline: history and the annotations on its charts are the same rows.</summary>
public sealed class ReleaseEvent
{
    public long Id { get; init; }

    public required Guid ReleaseId { get; init; }

    public required ReleaseEventKind Kind { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>One sentence for people.</summary>
    public required string Text { get; init; }

    /// <summary>Who did it; null when nobody did (a verdict changed).</summary>
    public string? Actor { get; init; }

    /// <summary>The reason the person gave.</summary>
    public string? Reason { get; init; }

    public Guid? ActionId { get; init; }

    /// <summary>Exposure after the event, 0 to 100, where it changed.</summary>
    public double? ExposurePercent { get; init; }
}
