namespace OpsConsole.Core.Signals;

/// <summary>What a sample says.</summary>
public enum SampleKind : byte
{
    /// <summary>A measured value.</summary>
    Measured,

    /// <summary>The source was read and had no value: nothing happened, or the metric is not there.</summary>
    Missing,

    /// <summary>The source could not be read, or what it said cannot be right.</summary>
    Error,
}

/// <summary>Which version of which service, where, a sample belongs to. The same sample is the canary of one release and may be the baseline of another.</summary>
public readonly record struct SignalAddress(string Service, string Target, string Environment, string Version, SignalKey Signal);

/// <summary>One measurement.</summary>
/// <param name="Address">What it measures.</param>
/// <param name="At">When it was measured, by the source's clock.</param>
/// <param name="Value">The value in the signal's unit; not read unless <paramref name="Kind"/> is <see cref="SampleKind.Measured"/>. Finite.</param>
/// <param name="Count">Observations behind the value (requests, sessions), 0 or more.</param>
/// <param name="Kind">Whether there is a value.</param>
/// <param name="Detail">For an error, and where it is known for what is missing: one sentence on why. A constant or cached text, so that recording allocates nothing.</param>
/// <param name="Repeats">True where the source says again what it said before: it is heard, and nothing is counted twice.</param>
/// <param name="Heard">When the source said it, where that is later than what it measures; null: at <paramref name="At"/>.</param>
/// <param name="IsSnapshot">True where it may be of the same time as the one before it, so that it takes its place and adds nothing to it.</param>
/// <param name="Corrects">What the same source said before of the same <paramref name="At"/>, which it takes back by this; null where it said nothing of it.</param>
/// <param name="IsPast">True where it was asked for afterwards, to fill a time in which nothing was read. It stands where nothing is known of that time or of a later one, and nowhere else.</param>
/// <param name="NewPart">The part of its observations that the sample before it did not have, above 0 and up to 1: what an objective counts of it.</param>
public readonly record struct SignalSample(
    SignalAddress Address,
    DateTimeOffset At,
    double Value,
    long Count,
    SampleKind Kind = SampleKind.Measured,
    string? Detail = null,
    bool Repeats = false,
    DateTimeOffset? Heard = null,
    bool IsSnapshot = false,
    (double Value, long Count)? Corrects = null,
    bool IsPast = false,
    double NewPart = 1);

/// <summary>How much a shown value can be trusted to be of now.</summary>
public enum SignalQuality
{
    Fresh,

    /// <summary>There was a value and nothing newer has come for longer than the signal's stale time.</summary>
    Stale,

    /// <summary>There has never been a value in the time that is kept.</summary>
    Missing,
}
