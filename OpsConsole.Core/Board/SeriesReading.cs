using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Board;

/// <summary>One side of a signal as it stands: what a verdict is made from.</summary>
/// <param name="Value">Value over the window, or null when nothing was measured in it.</param>
/// <param name="LastValue">The newest value known, however old; null when there never was one.</param>
/// <param name="Count">Observations behind <paramref name="Value"/>.</param>
/// <param name="MeasuredAt">Time of the newest measured sample.</param>
/// <param name="HeardAt">Time of the newest sample of any kind.</param>
/// <param name="HeardKind">What that newest sample said.</param>
/// <param name="Detail">What went wrong, where it was an error.</param>
public readonly record struct SeriesReading(
    double? Value,
    double? LastValue,
    long Count,
    DateTimeOffset? MeasuredAt,
    DateTimeOffset? HeardAt,
    SampleKind HeardKind,
    string? Detail)
{
    /// <summary>True where the signal was registered as a mean, and its source tells it over windows of its own, so that the newest counts alone.</summary>
    public bool IsNewestAlone { get; init; }
}
