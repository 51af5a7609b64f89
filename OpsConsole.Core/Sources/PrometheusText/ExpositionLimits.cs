namespace OpsConsole.Core.Sources.PrometheusText;

/// <summary>How much of a source's text is taken in before it is refused, so that a source cannot fill the console's memory.</summary>
public sealed record ExpositionLimits
{
    public static ExpositionLimits Default { get; } = new();

    /// <summary>Longest body, in bytes.</summary>
    public int MaxBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Most series in one body.</summary>
    public int MaxSeries { get; init; } = 20_000;

    /// <summary>Most labels of one series.</summary>
    public int MaxLabels { get; init; } = 64;

    /// <summary>Longest metric name, label name or label value, in characters.</summary>
    public int MaxTextLength { get; init; } = 1024;
}
