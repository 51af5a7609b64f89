namespace OpsConsole.Core.Slos;

/// <summary>Events of one bucket of time, as they are kept: what was counted in it so far, never an increment, so that writing it twice changes nothing.</summary>
public sealed record SloWindow
{
    /// <summary>Name of the objective.</summary>
    public required string Slo { get; init; }

    /// <summary>The version whose events these are; empty for those of all versions together.</summary>
    public required string Version { get; init; }

    /// <summary>Length of the bucket: 300 or 3600.</summary>
    public required int WidthSeconds { get; init; }

    /// <summary>Beginning of the bucket, on a whole multiple of its length.</summary>
    public required DateTimeOffset Start { get; init; }

    public required double Good { get; init; }

    public required double Total { get; init; }

    /// <summary>How much of the bucket measured samples speak for.</summary>
    public required int CoveredSeconds { get; init; }
}
