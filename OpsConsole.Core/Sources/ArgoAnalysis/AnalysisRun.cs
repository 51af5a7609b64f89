using System.Globalization;
using System.Text.Json.Nodes;
using OpsConsole.Core.Targets.Kubernetes;

namespace OpsConsole.Core.Sources.ArgoAnalysis;

/// <summary>One measurement of a metric.</summary>
/// <param name="Phase">How it was judged, in Argo's word.</param>
/// <param name="Value">What was measured, as Argo writes it; empty where the provider gives no value.</param>
/// <param name="Message">What Argo says of it; null where nothing.</param>
/// <param name="FinishedAt">When it was made.</param>
internal sealed record Measurement(string Phase, string Value, string? Message, DateTimeOffset FinishedAt);

/// <summary>A metric in a run.</summary>
/// <param name="Name">As the AnalysisTemplate names it.</param>
/// <param name="Phase">How all of its measurements are judged.</param>
/// <param name="Message">What Argo says of it; null where nothing.</param>
/// <param name="Measurements">Those that are kept and finished, oldest first.</param>
internal sealed record MetricResult(string Name, string Phase, string? Message, IReadOnlyList<Measurement> Measurements)
{
    /// <summary>Measurements that were made: those that succeeded, failed or came to no judgement.</summary>
    public required long Count { get; init; }

    public required long Failed { get; init; }

    public required long Inconclusive { get; init; }

    public required long Errors { get; init; }

    /// <summary>The newest; null before the first.</summary>
    public Measurement? Last => Measurements.MaxBy(static m => m.FinishedAt);
}

/// <summary>An AnalysisRun as the API writes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="CreatedAt">When it was begun.</param>
/// <param name="Phase">How it is judged; empty before Argo has looked at it.</param>
/// <param name="Message">What Argo says of it; null where nothing.</param>
/// <param name="Metrics">Its metrics.</param>
internal sealed record AnalysisRun(string Name, DateTimeOffset CreatedAt, string Phase, string? Message, IReadOnlyList<MetricResult> Metrics)
{
    /// <summary>Most runs that are looked at, the newest first: Argo keeps few of each Rollout.</summary>
    public const int Most = 100;

    /// <summary>When a metric of it was measured last; null before the first.</summary>
    public DateTimeOffset? MeasuredAt => Metrics.Max(static m => m.Last?.FinishedAt);

    /// <summary>Reads those of a list that an object owns, the newest first.</summary>
    public static IReadOnlyList<AnalysisRun> List(JsonObject list, KubeObject owner) =>
    [
        .. (list["items"] as JsonArray ?? throw new FormatException("No list.")).OfType<JsonObject>()
            .Where(r => r.Part("metadata").Items("ownerReferences").Any(o => o.Text("uid") == owner.Uid))
            .Select(Read).OrderByDescending(static r => r.CreatedAt).Take(Most),
    ];

    private static AnalysisRun Read(JsonObject run)
    {
        var (metadata, status) = (run.Part("metadata"), run.Part("status"));
        return new AnalysisRun(
            metadata.Text("name") ?? throw new FormatException("No name."), At(metadata.Text("creationTimestamp")) ?? throw new FormatException("No time."), status.Text("phase") ?? "", status.Text("message"),
            [.. status.Items("metricResults").Select(Metric)]);
    }

    private static MetricResult Metric(JsonObject metric) => new(
        metric.Text("name") ?? throw new FormatException("No name."), metric.Text("phase") ?? "", metric.Text("message"),
        [
            .. metric.Items("measurements")
                .Select(m => At(m.Text("finishedAt")) is { } at ? new Measurement(m.Text("phase") ?? "", m.Text("value") ?? "", m.Text("message"), at) : null).OfType<Measurement>(),
        ])
    {
        Count = metric.Number("count"),
        Failed = metric.Number("failed"),
        Inconclusive = metric.Number("inconclusive"),
        Errors = metric.Number("error"),
    };

    private static DateTimeOffset? At(string? text) =>
        text is null ? null : DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
}
