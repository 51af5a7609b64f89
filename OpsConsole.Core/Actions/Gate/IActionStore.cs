using OpsConsole.Core.Audit;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Switches;

namespace OpsConsole.Core.Actions.Gate;

/// <summary>What one step of an action changes, saved in one transaction or not at all.</summary>
public sealed record ActionChange
{
    public required ReleaseAction Action { get; init; }

    /// <summary>True for the first save of an action.</summary>
    public bool IsNew { get; init; }

    /// <summary>The release as changed, or null where it does not change; saved only if its revision is still the one it was read at.</summary>
    public Release? Release { get; init; }

    /// <summary>The release that the action was judged on, or null where it may be saved whatever has become of it: saved only if its revision is still that one. It is not changed.</summary>
    public Release? JudgedOn { get; init; }

    /// <summary>The switch as changed, likewise.</summary>
    public KillSwitch? Switch { get; init; }

    /// <summary>What differs about the switch in one environment, as changed or new, likewise.</summary>
    public SwitchEnvironment? SwitchIn { get; init; }

    /// <summary>The action in flight that this one takes the place of, already moved to <see cref="ActionPhase.PreEmpted"/>.</summary>
    public ReleaseAction? PreEmpted { get; init; }

    /// <summary>Words that people gave on the action, to be added.</summary>
    public IReadOnlyList<Approval> Approvals { get; init; } = [];

    /// <summary>The artifact that is rejected with it, to be added.</summary>
    public RejectedDigest? Rejected { get; init; }

    public IReadOnlyList<AuditEntry> Audit { get; init; } = [];

    public IReadOnlyList<ReleaseEvent> Events { get; init; } = [];
}

/// <summary>How a save ended.</summary>
public enum ActionSave
{
    Saved,

    /// <summary>Another action is in flight for the same release or switch.</summary>
    AlreadyInFlight,

    /// <summary>The action, release or switch was changed by someone else since it was read.</summary>
    Conflict,
}

/// <summary>How long a verb took on a target, from the record.</summary>
/// <param name="Count">Confirmed actions measured.</param>
/// <param name="Median">Median time from being carried out to confirmed.</param>
/// <param name="P95">95th percentile of the same.</param>
/// <param name="LastAt">When the last of them was confirmed.</param>
public sealed record MeasuredTime(int Count, TimeSpan Median, TimeSpan P95, DateTimeOffset LastAt);

/// <summary>Where actions are kept.</summary>
public interface IActionStore
{
    /// <summary>Saves one step: action, release, switch, audit and events together, or nothing.</summary>
    Task<ActionSave> SaveAsync(ActionChange change, CancellationToken cancellationToken);

    Task<ReleaseAction?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>The action that holds the subject (<see cref="ReleaseAction.SubjectKey"/>), if one is in flight.</summary>
    Task<ReleaseAction?> FindInFlightAsync(string subjectKey, CancellationToken cancellationToken);

    /// <summary>All actions in flight, oldest first: what a start or a schedule adopts.</summary>
    Task<IReadOnlyList<ReleaseAction>> ListInFlightAsync(CancellationToken cancellationToken);

    /// <summary>Actions of a release, newest first.</summary>
    Task<IReadOnlyList<ReleaseAction>> ForReleaseAsync(Guid releaseId, CancellationToken cancellationToken);

    /// <summary>Actions of a switch, newest first.</summary>
    Task<IReadOnlyList<ReleaseAction>> ForSwitchAsync(string switchKey, int take, CancellationToken cancellationToken);

    /// <summary>The latest action of each of these releases.</summary>
    Task<IReadOnlyDictionary<Guid, ReleaseAction>> LatestAsync(IReadOnlyCollection<Guid> releases, CancellationToken cancellationToken);

    /// <summary>How long this verb took on this target over its last 200 confirmed actions, or null when it never ran there.</summary>
    Task<MeasuredTime?> MeasureAsync(string? target, ActionVerb verb, CancellationToken cancellationToken);
}
