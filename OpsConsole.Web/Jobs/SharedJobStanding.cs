using Quartz;

namespace OpsConsole.Web.Jobs;

/// <summary>How a shared job stands on the schedule, as this console saw it last.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State">What the schedule says of it.</param>
/// <param name="DueAt">When it is to run next, or was to run; null where it is not on the schedule.</param>
internal sealed record SharedJobStanding(string Name, TriggerState State, DateTimeOffset? DueAt)
{
    /// <summary>How late a run may be: longer than the others need to take over from a console that ended.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>True where this console could not look at it.</summary>
    public bool IsUnseen { get; init; }

    /// <summary>How long the run has been waited for, zero while it is not due.</summary>
    public TimeSpan Late(DateTimeOffset now) => DueAt is { } due && now > due ? now - due : TimeSpan.Zero;

    /// <summary>What is wrong with it, in words; null where nothing is.</summary>
    public string? Trouble(DateTimeOffset now) =>
        IsUnseen ? "not known: it could not be looked at"
        : State == TriggerState.Error ? "taken off the schedule by an error"
        : DueAt is null ? "not on the schedule"
        : State == TriggerState.Paused ? "paused"
        : Late(now) > Patience ? $"due for {Late(now).TotalMinutes:0} minutes"
        : null;
}
