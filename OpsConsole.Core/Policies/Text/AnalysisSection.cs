using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Policies.Text;

/// <summary>Reads <c>analysis:</c>.</summary>
internal static class AnalysisSection
{
    private const int MostMetrics = 50;
    private const int LongestGroup = 64;

    public static AnalysisPolicy Read(PolicySection section, PolicyReading reading)
    {
        var defaults = new AnalysisPolicy();
        var pass = section.Number("pass", 0, 100) ?? defaults.Pass;
        var analysis = new AnalysisPolicy
        {
            Metrics = Metrics(section, reading),
            Pass = pass,
            Marginal = section.Number("marginal", 0, 100) ?? Math.Min(defaults.Marginal, pass),
            MinimumPoints = JudgeSettings.MinimumPoints(section, reading.Faults) ?? defaults.MinimumPoints,
        };
        if (analysis.Marginal > analysis.Pass)
        {
            reading.Faults.Error(section.KeyAt("marginal"), $"'marginal' is {analysis.Marginal:0.##}; it is at most 'pass', which is {analysis.Pass:0.##}.");
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

            if (metrics.Find(m => m.Signal == metric.Signal || IsSame(m.Signal, metric.Signal, reading)) is { } other)
            {
                reading.Faults.Error(item, other.Signal == metric.Signal
                    ? $"'{metric.Signal}' is there twice."
                    : $"'{metric.Signal}' and '{other.Signal}' are the same signal, which would count twice.");
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

        if (metrics.Count > 0 && metrics.TrueForAll(m => weights.TryGetValue(m.Group, out var weight) && weight == 0))
        {
            reading.Faults.Error(section.KeyAt("metrics"), "Every group has the weight 0, so nothing would count.", "Give at least one group a weight, or leave the weights out.");
        }

        return metrics;
    }

    /// <summary>Whether two names mean one signal: of the scope, else of those that the console knows.</summary>
    private static bool IsSame(string one, string other, PolicyReading reading) =>
        PolicySignals.Find(one, reading.Scope) is { } first && PolicySignals.Find(other, reading.Scope) is { } second && first.Key == second.Key;

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

        return JudgeSettings.Read(section, reading.Faults, new(
            name.Text,
            section.Flag("critical") ?? false,
            section.Text("group", LongestGroup) ?? "default",
            section.Number("weight", 0, 100)));
    }
}
