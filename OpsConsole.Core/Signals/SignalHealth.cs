namespace OpsConsole.Core.Signals;

/// <summary>How a signal stands at its source, or a source with all of its signals; the worst last.</summary>
public enum SignalStanding
{
    /// <summary>There is a value that is new enough.</summary>
    Fresh,

    /// <summary>Nothing was read yet.</summary>
    Awaited,

    /// <summary>There was a value, and it is too old by now.</summary>
    Stale,

    /// <summary>The source was read, and never had a value since then.</summary>
    Missing,

    /// <summary>It could not be read, or what was read cannot be right.</summary>
    Failing,
}

/// <summary>What a source has said of one of its signals since it is read.</summary>
/// <param name="Signal">Which signal.</param>
public sealed record SignalHealth(SignalKey Signal)
{
    /// <summary>What the last read found; null before the first.</summary>
    public SignalFinding? Last { get; init; }

    /// <summary>The newest value, however old; null while there never was one.</summary>
    public double? Value { get; init; }

    /// <summary>Observations behind it.</summary>
    public long Count { get; init; }

    /// <summary>End of the time that it is of; null while there never was one.</summary>
    public DateTimeOffset? ValueAt { get; init; }

    /// <summary>True once a value or a series of it was found.</summary>
    public bool HasFound { get; init; }

    /// <summary>How it stands.</summary>
    /// <param name="now">The time to look at it.</param>
    /// <param name="staleAfter">Age from which a value is too old.</param>
    public SignalStanding StandingAt(DateTimeOffset now, TimeSpan staleAfter) =>
        Last is null ? SignalStanding.Awaited
        : Last.Kind == SampleKind.Error ? SignalStanding.Failing
        : ValueAt is not { } at ? SignalStanding.Missing
        : now - at >= staleAfter ? SignalStanding.Stale
        : SignalStanding.Fresh;
}
