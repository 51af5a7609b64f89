namespace OpsConsole.Core.Targets.Flags;

/// <summary>A target whose exposure is the percentage of each release's own switch on this console.</summary>
public sealed record FlagTargetOptions
{
    /// <summary>Shortest and longest <see cref="Timeout"/>: what carries an action out waits no longer than that for a target to accept a change.</summary>
    public static readonly TimeSpan MinTimeout = TimeSpan.FromMilliseconds(100), MaxTimeout = TimeSpan.FromSeconds(10);

    /// <summary>The name that releases use for this target.</summary>
    public string Target { get; init; } = "flags";

    /// <summary>Longest time the record may take for one change or one reading.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);
}
