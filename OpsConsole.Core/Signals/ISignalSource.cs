namespace OpsConsole.Core.Signals;

/// <summary>One place that signals of one version are read from, as configured.</summary>
public sealed record SourceBinding
{
    /// <summary>Unique among bindings; used as the name of its job.</summary>
    public required string Key { get; init; }

    /// <summary>Kind of source that reads it, for example <c>prometheus-text</c>.</summary>
    public required string Kind { get; init; }

    public required string Service { get; init; }

    public required string Target { get; init; }

    public required string Environment { get; init; }

    public required string Version { get; init; }

    /// <summary>Absolute http or https address.</summary>
    public required Uri Address { get; init; }

    /// <summary>Time between two reads, 1 s or more.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest time one read may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Which signals to make of what is read; empty for a source of checks.</summary>
    public required IReadOnlyList<SignalRule> Rules { get; init; }

    /// <summary>What to ask and what a good answer is; of sources of checks only.</summary>
    public IReadOnlyList<HttpCheck> Checks { get; init; } = [];

    /// <summary>Where samples of this source belong, all of them.</summary>
    public IEnumerable<SignalAddress> Addresses => Rules.Select(AddressOf).Concat(Checks.SelectMany(c => new[] { AddressOf(c.Signal), AddressOf(c.LatencySignal) }));

    /// <summary>Where the samples of one of its rules belong.</summary>
    public SignalAddress AddressOf(SignalRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return AddressOf(rule.Signal);
    }

    /// <summary>Where the samples of one of its signals belong.</summary>
    public SignalAddress AddressOf(SignalKey signal) => new(Service, Target, Environment, Version, signal);
}

/// <summary>How a signal is computed from a source's series.</summary>
public enum SignalRuleKind
{
    /// <summary>Increase of <see cref="SignalRule.Numerator"/> over the increase of <see cref="SignalRule.Denominator"/>, in percent; the count is the denominator's increase.</summary>
    Ratio,

    /// <summary>A quantile of the increase of a histogram's buckets; the count is the increase of all observations.</summary>
    Quantile,

    /// <summary>The sum of the selected series as it stands.</summary>
    Gauge,

    /// <summary>Increase of the selected counters per second; the count is the increase.</summary>
    Rate,
}

/// <summary>One signal of a binding.</summary>
public sealed record SignalRule
{
    public required SignalKey Signal { get; init; }

    public required SignalRuleKind Kind { get; init; }

    /// <summary>Selector of the series, as in PromQL: <c>http_requests_total{status=~"5.."}</c>. For a quantile, the histogram's name without <c>_bucket</c>.</summary>
    public required string Numerator { get; init; }

    /// <summary>Selector of what the numerator is divided by; ratios only.</summary>
    public string? Denominator { get; init; }

    /// <summary>Above 0 and below 1; quantiles only.</summary>
    public double? Quantile { get; init; }

    /// <summary>Multiplies the value, for example 1000 from seconds to milliseconds.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Time a quantile, ratio or rate is taken over; zero: since the last read.</summary>
    public TimeSpan Window { get; init; }
}

/// <summary>Reads signals. One instance belongs to one binding and keeps what it needs between reads (the counters of the last one).</summary>
public interface ISignalSource
{
    /// <summary>What was odd about the last good read without making it wrong, for example a source's clock that is far off; null when nothing was.</summary>
    string? Note => null;

    /// <summary>Reads once and gives each sample to <paramref name="record"/>: for every rule a value, a missing or an error, never nothing.</summary>
    /// <remarks>Does not throw for what the source does wrong; throws <see cref="OperationCanceledException"/> only when <paramref name="cancellationToken"/> asks for it.</remarks>
    /// <returns>Null when the read worked, else one sentence on why not.</returns>
    Task<string?> ReadAsync(Action<SignalSample> record, CancellationToken cancellationToken);
}
