namespace OpsConsole.Core.Targets.Flags;

/// <summary>A target whose exposure is the percentage of each release's own switch on this console.</summary>
public sealed record FlagTargetOptions
{
    /// <summary>The name that releases use for this target.</summary>
    public string Target { get; init; } = "flags";

    /// <summary>Longest time the record may take for one change or one reading.</summary>
    public TimeSpan Timeout { get; init; } = TargetSettings.DefaultTimeout;
}
