using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Policies.Text;

/// <summary>Reads <c>analysis:</c>.</summary>
internal static class AnalysisSection
{
    private const int MostMetrics = 50;
    private const int MostPoints = 100_000;
    private const int MostRatio = 1_000_000;
    private const int LongestGroup = 64;

    /// <summary>With fewer points a side the judge's approximation is not good.</summary>
    private const int EnoughPoints = 50;

    public static AnalysisPolicy Read(PolicySection section, PolicyReading reading)
    {
        var defaults = new AnalysisPolicy();
        var pass = section.Number("pass", 0, 100) ?? defaults.Pass;
        var analysis = new AnalysisPolicy
        {
            Metrics = Metrics(section, reading),
            Pass = pass,
            Marginal = section.Number("marginal", 0, 100) ?? Math.Min(defaults.Marginal, pass),
            MinimumPoints = section.Whole("minimum_points", 2, MostPoints) ?? defaults.MinimumPoints,
        };
        if (analysis.Marginal > analysis.Pass)
        {
            reading.Faults.Error(section.KeyAt("marginal"), $"'marginal' is at most 'pass', which is {analysis.Pass:0.##}.");
        }

        if (analysis.MinimumPoints < EnoughPoints)
        {
            reading.Faults.Warn(section.KeyAt("minimum_points"), $"With fewer than {EnoughPoints} points a side a difference is easily missed or imagined.");
        }

        if (analysis.Metrics.Count == 0 && section.Node("metrics") is null or ListNode { Items.Count: 0 })
        {
            reading.Faults.Error(section.KeyAt("metrics"), "The analysis looks at nothing: name at least one signal under 'metrics'.");
        }

        return analysis;
    }

    private static List<AnalysisMetric> Metrics(PolicySection section, PolicyReading reading)
    {
        var metrics = new List<AnalysisMetric>();
        var weights = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var item in section.Items("metrics", MostMetrics))
        {
            var metric = item is ScalarNode { IsEmpty: false } name ? Metric(name, null, reading) : Metric(item, reading);
            if (metric is null)
            {
                continue;
            }

            if (metrics.Exists(m => m.Signal == metric.Signal))
            {
                reading.Faults.Error(item, $"'{metric.Signal}' is there twice.");
            }

            if (metric.Weight is { } weight && !weights.TryAdd(metric.Group, weight) && !weights[metric.Group].Equals(weight))
            {
                reading.Faults.Error(item, $"The group '{metric.Group}' has another weight already; a weight is one of the whole group.");
            }

            metrics.Add(metric);
        }

        if (weights.Values.Sum() is > 100 and var sum)
        {
            reading.Faults.Error(section.KeyAt("metrics"), $"The weights of the groups come to {sum:0.##}; together they are at most 100.");
        }

        return metrics;
    }

    private static AnalysisMetric? Metric(PolicyNode item, PolicyReading reading)
    {
        if (PolicySection.Of(item, PolicyKeys.Metric, reading.Faults) is not { } section || section.Scalar("signal") is not { } name)
        {
            if (item is MapNode or ScalarNode)
            {
                reading.Faults.Error(item, "A metric names its signal.", "Add 'signal: p99_latency'.");
            }

            return null;
        }

        return Metric(name, section, reading);
    }

    private static AnalysisMetric? Metric(ScalarNode name, PolicySection? section, PolicyReading reading)
    {
        if (!SignalKey.IsValid(name.Text))
        {
            reading.Faults.Error(name, $"'{PolicyNames.Shown(name.Text)}' is no name of a signal: lower-case letters, digits and underscores, beginning with a letter.");
            return null;
        }

        reading.Named(name.Text, name);
        if (section is null)
        {
            return new(name.Text);
        }

        var metric = new AnalysisMetric(
            name.Text,
            section.Flag("critical") ?? false,
            section.Text("group", LongestGroup) ?? "default",
            section.Number("weight", 0, 100),
            section.Number("allowed_increase", 1, MostRatio),
            section.Number("allowed_decrease", 0, 1),
            section.Number("critical_increase", 1, MostRatio),
            section.Number("critical_decrease", 0, 1));
        if (metric.CriticalIncrease < metric.AllowedIncrease)
        {
            reading.Faults.Error(section.KeyAt("critical_increase"), "'critical_increase' is at least 'allowed_increase': what is allowed is not critical.");
        }

        if (metric.CriticalDecrease > metric.AllowedDecrease)
        {
            reading.Faults.Error(section.KeyAt("critical_decrease"), "'critical_decrease' is at most 'allowed_decrease': what is allowed is not critical.");
        }

        return metric;
    }
}
