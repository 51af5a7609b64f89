using System.Text.Json;
using System.Text.Json.Serialization;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Policies.Judging;

/// <summary>How the values of one metric are spread on both sides: counts in equal bins of one axis.</summary>
/// <param name="Low">Lower end of the axis, in the unit of the values.</param>
/// <param name="High">Upper end, above <paramref name="Low"/>.</param>
/// <param name="Canary">Values of the new version in each bin.</param>
/// <param name="Baseline">Values of the previous version in each bin.</param>
public sealed record MetricSpread(double Low, double High, IReadOnlyList<int> Canary, IReadOnlyList<int> Baseline)
{
    /// <summary>Bins of an axis.</summary>
    public const int Bins = 24;

    /// <summary>Spreads what was compared; null when there is no value on either side.</summary>
    public static MetricSpread? Of(MetricSample canary, MetricSample baseline)
    {
        ArgumentNullException.ThrowIfNull(canary);
        ArgumentNullException.ThrowIfNull(baseline);
        var all = canary.Values.Concat(baseline.Values).ToList();
        if (all.Count == 0)
        {
            return null;
        }

        // Where all values are the same, the axis is as wide as they are large, so that they stand in its middle.
        var (low, high) = (all.Min(), all.Max());
        if (high <= low)
        {
            var half = Math.Max(Math.Abs(low) / 2, 0.5);
            (low, high) = (low - half, high + half);
        }

        return new(low, high, Count(canary.Values, low, high), Count(baseline.Values, low, high));
    }

    private static int[] Count(double[] values, double low, double high)
    {
        var bins = new int[Bins];
        foreach (var value in values)
        {
            bins[Math.Clamp((int)((value - low) / (high - low) * Bins), 0, Bins - 1)]++;
        }

        return bins;
    }
}

/// <summary>One metric of a report.</summary>
public sealed record AnalysedMetric
{
    public required string Signal { get; init; }

    public required string Title { get; init; }

    public required SignalUnit Unit { get; init; }

    public required string Group { get; init; }

    public required MetricLabel Label { get; init; }

    /// <summary>When it does not pass, nothing does.</summary>
    public bool IsCritical { get; init; }

    /// <summary>It is critical and did not pass.</summary>
    public bool FailedCritically { get; init; }

    /// <summary>The sentence that explains the label.</summary>
    public required string Reason { get; init; }

    /// <summary>Interval and estimate of how far the new version lies above the previous one; null where nothing was judged.</summary>
    public double? Lower { get; init; }

    public double? Upper { get; init; }

    public double? Estimate { get; init; }

    /// <summary>Half-width of the tolerance around zero; null likewise.</summary>
    public double? Tolerated { get; init; }

    /// <summary>Effect size; null where it cannot be computed.</summary>
    public double? Ratio { get; init; }

    /// <summary>Independent points of the new version that had a value.</summary>
    public int CanaryPoints { get; init; }


    /// <summary>The same of the previous version.</summary>
    public int BaselinePoints { get; init; }

    /// <summary>Seconds from one independent point to the next; null where the release does not have the signal, and in reports from before points were chosen so.</summary>
    public double? PointIntervalSeconds { get; init; }

    /// <summary>The interval is a cautious one, because the signal does not say what time its samples are taken over.</summary>
    public bool IsIntervalPresumed { get; init; }

    /// <summary>Seconds until there are enough points, at the earliest; null where there are, or where none come any more.</summary>
    public double? SecondsToEnough { get; init; }

    public int Outliers { get; init; }

    public MetricSpread? Spread { get; init; }
}

/// <summary>An analysis of a release as it is kept and shown.</summary>
public sealed record StageReport
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        NumberHandling = JsonNumberHandling.Strict,
    };

    public required DateTimeOffset At { get; init; }

    /// <summary>Stage that the release was in.</summary>
    public required int StageIndex { get; init; }

    /// <summary>Points from this time on were compared.</summary>
    public required DateTimeOffset From { get; init; }

    public required DateTimeOffset Until { get; init; }

    public required CanaryVerdict Verdict { get; init; }

    /// <summary>0 to 100.</summary>
    public required double Score { get; init; }

    public required string Reason { get; init; }

    /// <summary>From this score on it passes.</summary>
    public required double Pass { get; init; }

    /// <summary>From this score on it is marginal.</summary>
    public required double Marginal { get; init; }

    /// <summary>Fewest points a side.</summary>
    public required int MinimumPoints { get; init; }

    /// <summary>Seconds until every metric has enough points, at the earliest; null where each has, or where none come any more.</summary>
    public double? SecondsToEnough { get; init; }

    /// <summary>True where the release's policy asks for it, so that gates read it; false where every signal was taken for want of a policy.</summary>
    public required bool IsAskedFor { get; init; }

    public required IReadOnlyList<GroupScore> Groups { get; init; }

    public required IReadOnlyList<AnalysedMetric> Metrics { get; init; }

    public string Write() => JsonSerializer.Serialize(this, Json);

    /// <summary>A report that was kept.</summary>
    /// <exception cref="JsonException">The text is not a report.</exception>
    public static StageReport Read(string json) => JsonSerializer.Deserialize<StageReport>(json, Json) ?? throw new JsonException("The report is null.");
}
