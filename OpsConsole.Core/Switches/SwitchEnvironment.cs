namespace OpsConsole.Core.Switches;

/// <summary>What differs about a switch in one environment: whether it is killed there alone, and who gets what it guards there. Made when the first of that is said.</summary>
/// <remarks>A kill everywhere (<see cref="KillSwitch.Killed"/>) and a kill here both answer off, whatever the targeting says; neither changes the targeting, so that restoring brings it back as it was.</remarks>
public sealed class SwitchEnvironment
{
    public required string Key { get; init; }

    public required string Environment { get; init; }

    /// <summary>True while it is killed here alone.</summary>
    public bool Killed { get; private set; }

    /// <summary>When it was last killed or restored here; when this was made, if never.</summary>
    public required DateTimeOffset ChangedAt { get; set; }

    public string? ChangedBy { get; private set; }

    public string? Reason { get; private set; }

    /// <summary>The <see cref="Targeting"/> as JSON; null: on for everyone.</summary>
    public string? TargetingJson { get; private set; }

    public DateTimeOffset? TargetedAt { get; private set; }

    public string? TargetedBy { get; private set; }

    /// <summary>Grows with every change.</summary>
    public int Revision { get; private set; }

    public void Kill(string by, string reason, DateTimeOffset at) => Set(true, by, reason, at);

    public void Restore(string by, string reason, DateTimeOffset at) => Set(false, by, reason, at);

    /// <summary>Says who gets what the switch guards here. A kill stays in force.</summary>
    public void Target(string? targetingJson, string by, DateTimeOffset at)
    {
        TargetingJson = targetingJson;
        TargetedBy = by;
        TargetedAt = at;
        Revision++;
    }

    /// <summary>Keeps who gets it as it is, and notes what else is said with it: who targeted it last, and when, stays.</summary>
    public void Note(string targetingJson)
    {
        TargetingJson = targetingJson;
        Revision++;
    }

    private void Set(bool killed, string by, string reason, DateTimeOffset at)
    {
        Killed = killed;
        ChangedBy = by;
        Reason = reason;
        ChangedAt = at;
        Revision++;
    }
}
