namespace OpsConsole.Core.Policies.Judging;

/// <summary>The label of a metric as it counts in the score.</summary>
/// <param name="Group">The group it counts in.</param>
/// <param name="Label">What the judge said.</param>
/// <param name="Critical">Whether not passing makes the whole score 0.</param>
/// <param name="NoData">What it means that there is no data.</param>
public readonly record struct ScoredMetric(string Group, MetricLabel Label, bool Critical = false, NoDataMeaning NoData = NoDataMeaning.Inconclusive);

/// <summary>The weighted score of all metrics.</summary>
/// <param name="Groups">The groups in the order in which they first appear.</param>
/// <param name="Score">0 to 100, two decimals: <paramref name="Judged"/>, or 0 where a critical metric did not pass, one could not be judged for an error, or half or more have no data.</param>
/// <param name="Judged">The score of what was judged, whatever is missing: the groups without data have no weight, and the others theirs in proportion.</param>
public sealed record CanaryScore(IReadOnlyList<GroupScore> Groups, double Score, double Judged)
{
    /// <summary>Whether a critical metric did not pass.</summary>
    public bool CriticalFailure { get; private init; }

    /// <summary>Whether half or more of the metrics have no data, or there is none.</summary>
    public bool MostlyMissing { get; private init; }

    /// <summary>Whether no group that has a weight was judged, so that there is nothing to score.</summary>
    public bool NothingCounts { get; private init; }

    /// <summary>Scores metrics.</summary>
    /// <param name="metrics">The labels.</param>
    /// <param name="weights">Weights of groups in percent, not negative. Groups without one share what these leave of 100; where every group has one, or they come to more than 100, they count in proportion to their sum. What a group without data weighs goes to the others in proportion.</param>
    public static CanaryScore Of(IReadOnlyList<ScoredMetric> metrics, IReadOnlyDictionary<string, double> weights)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        ArgumentNullException.ThrowIfNull(weights);
        var groups = metrics.GroupBy(m => m.Group, StringComparer.Ordinal).Select(g => Group(g.Key, [.. g])).ToList();
        var weighted = Spread(Weigh(groups, weights));
        var nothing = !weighted.Exists(g => !g.NoData && g.Weight > 0);
        var judged = Math.Clamp(Math.Round(weighted.Sum(g => g.Score * g.Weight / 100), 2, MidpointRounding.AwayFromZero), 0, 100);
        var critical = metrics.Any(m => m.Critical && m.Label != MetricLabel.Pass);
        var missing = metrics.Count(m => m.Label == MetricLabel.Nodata && m.NoData != NoDataMeaning.Fail);
        var mostlyMissing = missing * 2 >= metrics.Count;
        var unsound = metrics.Any(m => m.Label == MetricLabel.Error);
        return new(weighted, critical || mostlyMissing || unsound ? 0 : judged, judged)
        {
            CriticalFailure = critical, MostlyMissing = mostlyMissing, NothingCounts = nothing,
        };
    }

    private static GroupScore Group(string name, IReadOnlyList<ScoredMetric> metrics)
    {
        var passed = metrics.Count(m => m.Label == MetricLabel.Pass);
        var counted = metrics.Count(m => m.Label is MetricLabel.Pass or MetricLabel.High or MetricLabel.Low
            || m is { Label: MetricLabel.Nodata, NoData: NoDataMeaning.Fail });
        return new(name, counted == 0 ? 0 : passed * 100.0 / counted, 0, counted == 0, metrics.Count);
    }

    /// <summary>Takes the weight of what was not judged and gives it to what was: nothing is known of it, neither that it is good nor that it is bad.</summary>
    private static List<GroupScore> Spread(List<GroupScore> groups)
    {
        var judged = groups.Where(g => !g.NoData).Sum(g => g.Weight);
        return [.. groups.Select(g => g with { Weight = g.NoData ? 0 : judged > 0 ? g.Weight * (groups.Sum(o => o.Weight) / judged) : g.Weight })];
    }

    private static List<GroupScore> Weigh(List<GroupScore> groups, IReadOnlyDictionary<string, double> weights)
    {
        var given = groups.Where(g => weights.ContainsKey(g.Name)).Sum(g => weights[g.Name]);
        var without = groups.Count(g => !weights.ContainsKey(g.Name));
        var share = without > 0 ? Math.Max(0, 100 - given) / without : 0;
        var scale = given > 100 || (without == 0 && given > 0) ? 100 / given : 1;
        return [.. groups.Select(g => g with { Weight = weights.TryGetValue(g.Name, out var weight) ? weight * scale : share })];
    }
}
