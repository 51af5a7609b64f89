namespace OpsConsole.Core.Switches;

/// <summary>A switch in one environment as it is evaluated. Immutable.</summary>
/// <param name="Key">The flag key.</param>
/// <param name="Environment">Where.</param>
/// <param name="TurnsOff">What killing it turns off, for people.</param>
/// <param name="Killed">True while it is killed here or everywhere.</param>
/// <param name="ChangedAt">When the answer that clients get last changed: kill, restore or targeting.</param>
/// <param name="Targeting">Who gets it while it is not killed.</param>
public sealed record FlagState(string Key, string Environment, string TurnsOff, bool Killed, DateTimeOffset ChangedAt, Targeting Targeting)
{
    /// <summary>When the kill in force was made, here or everywhere: of both, the one that turned it off first. Null while it is not killed.</summary>
    public DateTimeOffset? KilledAt { get; init; }
}

/// <summary>What happened to a flag.</summary>
public enum FlagChangeKind
{
    Killed,
    Restored,
    Targeted,
    Added,
    Removed,
}

/// <summary>A change of what clients are answered, told once it is in force in memory.</summary>
/// <param name="Key">The flag.</param>
/// <param name="Environment">Where; null: everywhere.</param>
/// <param name="Kind">What happened.</param>
/// <param name="At">When it was decided: the time that the record has.</param>
/// <param name="Version">Of the <see cref="SwitchBoard"/>, after it.</param>
public sealed record FlagChange(string Key, string? Environment, FlagChangeKind Kind, DateTimeOffset At, long Version);
