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
/// <param name="Detail">For an error: one sentence on what went wrong. A constant or cached text, so that recording allocates nothing.</param>
public readonly record struct SignalSample(
    SignalAddress Address,
    DateTimeOffset At,
    double Value,
    long Count,
    SampleKind Kind = SampleKind.Measured,
    string? Detail = null);

/// <summary>How much a shown value can be trusted to be of now.</summary>
public enum SignalQuality
{
    Fresh,

    /// <summary>There was a value and nothing newer has come for longer than the signal's stale time.</summary>
    Stale,

    /// <summary>There has never been a value in the time that is kept.</summary>
    Missing,
}
