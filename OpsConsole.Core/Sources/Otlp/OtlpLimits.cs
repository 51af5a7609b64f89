namespace OpsConsole.Core.Sources.Otlp;

/// <summary>How much of what is sent is kept, so that labels that never repeat cannot fill the console's memory. A series is one line as Prometheus would write it: a histogram has one for each bucket, and two more.</summary>
public sealed record OtlpLimits
{
    /// <summary>Most series of one resource.</summary>
    public int OfOneResource { get; init; } = 5_000;

    /// <summary>Most series of one version of a service in one environment.</summary>
    public int OfOneVersion { get; init; } = 20_000;

    /// <summary>Most series at all.</summary>
    public int OfAll { get; init; } = 200_000;

    /// <summary>Most resources of one version of a service in one environment.</summary>
    public int ResourcesOfOneVersion { get; init; } = 2_000;

    /// <summary>Most names of metrics likewise.</summary>
    public int MetricsOfOneVersion { get; init; } = 2_000;

    /// <summary>Most versions of services, each environment by itself.</summary>
    public int Versions { get; init; } = 500;

    /// <summary>Longest that a resource which sends nothing is kept, and oldest point that is taken.</summary>
    public TimeSpan Kept { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How far a point's time may lie ahead of the console's clock.</summary>
    public TimeSpan Ahead { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>An export may come in several requests: what came in is not looked at until nothing more has come from its resource for this long.</summary>
    public TimeSpan Settling { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest that is waited for that.</summary>
    public TimeSpan SettlingAtMost { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A gauge that was not told for longer is not added to those that were: its process may be gone.</summary>
    public TimeSpan GaugeKept { get; init; } = TimeSpan.FromSeconds(150);
}
