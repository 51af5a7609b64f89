using System.Text.Json;
using OpsConsole.Core.Policies.Judging;

namespace OpsConsole.Web.Api.Analysis;

/// <summary>A metric that is fit to be judged.</summary>
internal sealed record JudgeInput(MetricRules Rules, double[] Canary, double[] Baseline);

/// <summary>Holds a request against its bounds, and says of each fault where it is.</summary>
internal sealed class JudgeCheck
{
    /// <summary>Most metrics of one request.</summary>
    public const int MostMetrics = 200;

    /// <summary>Longest name of a metric or a group, in characters.</summary>
    public const int LongestName = 256;

    /// <summary>Faults that are told; a request of ten thousand is as well mended from these.</summary>
    private const int MostFaults = 20;

    /// <summary>Least number of points a side that a metric can ask for: one point has no spread.</summary>
    private const int LeastPoints = 2;

    /// <summary>Largest mean ratio that a limit can be set to.</summary>
    private const double LargestRatio = 1_000_000;

    private readonly List<(string Path, string Reason)> _faults = [];

    public IReadOnlyList<(string Path, string Reason)> Faults => _faults;

    public List<JudgeInput> Metrics { get; } = [];

    public Dictionary<string, double> Weights { get; } = new(StringComparer.Ordinal);

    public ScoreThresholds Thresholds { get; private set; } = ScoreThresholds.Default;

    public static JudgeCheck Of(JudgeRequest request)
    {
        var check = new JudgeCheck();
        check.ReadThresholds(request.Thresholds);
        if (request.Metrics is not { Count: > 0 and <= MostMetrics } metrics)
        {
            check.Fault("metrics", $"has to be an array of 1 to {MostMetrics} metrics");
            return check;
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < metrics.Count; i++)
        {
            var path = $"metrics[{i}]";
            if (metrics[i] is not { } metric)
            {
                check.Fault(path, "is null");
                continue;
            }

            check.Require(metric.Name is null || names.Add(metric.Name), path + ".name", "is the name of another metric too");
            check.ReadMetric(path, metric);
        }

        check.CheckWeights();
        return check;
    }

    private void ReadThresholds(ThresholdsPart? given)
    {
        var pass = given?.Pass ?? ScoreThresholds.Default.Pass;
        var marginal = given?.Marginal ?? Math.Min(ScoreThresholds.Default.Marginal, pass);
        Within(pass, 0, 100, "thresholds.pass");
        Within(marginal, 0, 100, "thresholds.marginal");
        Require(!(marginal > pass), "thresholds.marginal", "is above thresholds.pass");
        Thresholds = new(pass, marginal);
    }

    private void ReadMetric(string path, JudgeMetric metric)
    {
        Require(metric.Name is { Length: > 0 and <= LongestName }, path + ".name", $"has to be 1 to {LongestName} characters");
        Require(metric.Group is null or { Length: > 0 and <= LongestName }, path + ".group", $"has to be 1 to {LongestName} characters, or left out");
        Require(metric.Confidence is null or (> 0.5 and < 1), path + ".confidence", "has to be above 0.5 and below 1");
        Require(metric.Tolerance is null or (>= 0 and < 1), path + ".tolerance", "has to be 0 or more and below 1");
        Require(metric.MinimumPoints is null or (>= LeastPoints and <= PointArray.Most), path + ".minimumPoints", $"has to be {LeastPoints} to {PointArray.Most}");
        var canary = Points(metric.Canary, path + ".canary");
        var baseline = Points(metric.Baseline, path + ".baseline");
        var name = metric.Name ?? "";
        var rules = new MetricRules { Name = name };
        rules = rules with
        {
            Group = metric.Group ?? (metric.Weight is null ? rules.Group : name),
            Direction = Named(metric.Direction, rules.Direction, path + ".direction"),
            Critical = metric.Critical ?? rules.Critical,
            Tolerance = metric.Tolerance ?? rules.Tolerance,
            Confidence = metric.Confidence ?? rules.Confidence,
            Effect = Effect(metric.EffectSize, path + ".effectSize"),
            Nan = Named(metric.NanStrategy, rules.Nan, path + ".nanStrategy"),
            MinimumPoints = metric.MinimumPoints ?? rules.MinimumPoints,
            NoData = Named(metric.NoData, rules.NoData, path + ".noData"),
        };
        ReadWeight(metric.Weight, rules.Group, path + ".weight");
        Metrics.Add(new(rules, canary, baseline));
    }

    private void ReadWeight(double? weight, string group, string path)
    {
        if (weight is not { } given)
        {
            return;
        }

        Within(given, 0, 100, path);
        Require(Weights.TryAdd(group, given) || Weights[group] == given, path, $"differs from the weight that another metric gives the group '{group}'; a weight is the group's");
    }

    private void CheckWeights()
    {
        if (_faults.Count > 0)
        {
            return;
        }

        var given = Weights.Values.Sum();
        var open = Metrics.Find(m => !Weights.ContainsKey(m.Rules.Group));
        Require(open is null || given <= 100, "metrics", $"give weights of {given} in all, which leaves nothing of 100 for the group '{open?.Rules.Group}' without a weight");
        Require(open is not null || given > 0, "metrics", "give every group the weight 0, so nothing would count");
    }

    private EffectLimits Effect(EffectSizePart? given, string path)
    {
        var limits = EffectLimits.None(Named(given?.Measure, EffectMeasure.MeanRatio, path + ".measure"));
        var most = limits.Measure == EffectMeasure.Cles ? 1 : LargestRatio;
        Require(!(given?.CriticalIncrease < given?.AllowedIncrease), path + ".criticalIncrease", "is below allowedIncrease; what is allowed is not critical");
        Require(!(given?.CriticalDecrease > given?.AllowedDecrease), path + ".criticalDecrease", "is above allowedDecrease; what is allowed is not critical");
        return limits with
        {
            AllowedIncrease = Limit(given?.AllowedIncrease, limits.AllowedIncrease, most, path + ".allowedIncrease"),
            AllowedDecrease = Limit(given?.AllowedDecrease, limits.AllowedDecrease, most, path + ".allowedDecrease"),
            CriticalIncrease = Limit(given?.CriticalIncrease, limits.CriticalIncrease, most, path + ".criticalIncrease"),
            CriticalDecrease = Limit(given?.CriticalDecrease, limits.CriticalDecrease, most, path + ".criticalDecrease"),
        };
    }

    private double Limit(double? given, double otherwise, double most, string path)
    {
        Within(given ?? otherwise, 0, most, path);
        return given ?? otherwise;
    }

    private double[] Points(PointArray? given, string path)
    {
        Require(given is not null, path, "is missing: an array of numbers, empty where there are none");
        Require(given?.Fault is null, given?.FaultIndex is { } at ? $"{path}[{at}]" : path, given?.Fault ?? "");
        return given?.Values ?? [];
    }

    private TEnum Named<TEnum>(string? given, TEnum otherwise, string path)
        where TEnum : struct, Enum
    {
        if (given is null)
        {
            return otherwise;
        }

        foreach (var value in Enum.GetValues<TEnum>())
        {
            if (given.Equals(value.ToString(), StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        Fault(path, $"has to be one of {string.Join(", ", Enum.GetNames<TEnum>().Select(JsonNamingPolicy.CamelCase.ConvertName))}");
        return otherwise;
    }

    private void Within(double value, double least, double most, string path) =>
        Require(value >= least && value <= most, path, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"has to be {least} to {most:0.##}"));

    private void Require(bool holds, string path, string reason)
    {
        if (!holds)
        {
            Fault(path, reason);
        }
    }

    private void Fault(string path, string reason)
    {
        if (_faults.Count < MostFaults)
        {
            _faults.Add((path, reason));
        }
    }
}
