namespace OpsConsole.Core.Signals;

/// <summary>What one rule of a source came to in one read.</summary>
/// <param name="Kind">Whether there is a value.</param>
/// <param name="Value">The value in the rule's unit before its scale; not read unless there is one.</param>
/// <param name="Count">Observations behind the value.</param>
/// <param name="At">End of the time that was measured, by the source's clock; null: now.</param>
/// <param name="Sentence">Why there is no value.</param>
/// <param name="Series">How many series were found; null where the source has none.</param>
/// <param name="Points">How many points of them were read; null where it is not known.</param>
public readonly record struct SignalReading(SampleKind Kind, double Value, long Count, DateTimeOffset? At, string? Sentence, int? Series, int? Points)
{
    /// <summary>What the source says of times before, oldest first; null where it says nothing of them.</summary>
    public IReadOnlyList<PastValue>? Past { get; init; }

    /// <summary>There is a value.</summary>
    public static SignalReading Measured(double value, long count, DateTimeOffset? at = null, int? series = null, int? points = null) => new(SampleKind.Measured, value, count, at, null, series, points);

    /// <summary>The source was read and has no value.</summary>
    public static SignalReading Missing(string sentence, int? series = null, int? points = null) => new(SampleKind.Missing, 0, 0, null, sentence, series, points);

    /// <summary>What the source said of this cannot be right, or it refused this one.</summary>
    public static SignalReading Error(string sentence, int? series = null) => new(SampleKind.Error, 0, 0, null, sentence, series, null);
}

/// <summary>What a source says, when it is read, of a time before.</summary>
/// <param name="At">The time, by the console's clock.</param>
/// <param name="Value">The value in the rule's unit before its scale; finite.</param>
/// <param name="Count">Observations behind it, 0 or more.</param>
public readonly record struct PastValue(DateTimeOffset At, double Value, long Count);

/// <summary>What the last read of a source found for one of its signals.</summary>
/// <param name="Signal">Which signal.</param>
/// <param name="Kind">Whether there was a value.</param>
/// <param name="Value">The value; null without one.</param>
/// <param name="Count">Observations behind it.</param>
/// <param name="Newest">End of the time that the value is of.</param>
/// <param name="Series">How many series were found; null where the source has none.</param>
/// <param name="Points">How many points of them were read; null where it is not known.</param>
/// <param name="Sentence">Why there was none.</param>
public sealed record SignalFinding(SignalKey Signal, SampleKind Kind, double? Value, long Count, DateTimeOffset? Newest, int? Series, int? Points, string? Sentence);
