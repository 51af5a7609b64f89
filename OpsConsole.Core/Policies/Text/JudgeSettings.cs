using System.Globalization;
using OpsConsole.Core.Policies.Judging;

namespace OpsConsole.Core.Policies.Text;

/// <summary>Reads how the judge takes one metric: the words are those of the judge's API, written with underscores.</summary>
internal static class JudgeSettings
{
    private const int MostPoints = 100_000;
    private const double MostRatio = 1_000_000;

    /// <summary>With fewer points a side the judge's approximation is not good.</summary>
    private const int EnoughPoints = 50;

    private static readonly string[] Limits = ["allowed_increase", "allowed_decrease", "critical_increase", "critical_decrease"];

    /// <summary>The metric with what its section says of the judge.</summary>
    public static AnalysisMetric Read(PolicySection section, PolicyFaults faults, AnalysisMetric metric)
    {
        var effect = section.Section("effect_size", PolicyKeys.EffectSize);
        if (effect is not null && Limits.FirstOrDefault(limit => section.Node(limit) is not null) is { } twice)
        {
            faults.Error(section.KeyAt(twice), $"'{twice}' stands beside 'effect_size', and its limits stand inside it.", $"Move '{twice}' into 'effect_size'.");
            return metric;
        }

        var measure = effect?.Named("measure", PolicyNames.Measures) ?? EffectMeasure.MeanRatio;
        return Sizes(effect ?? section, faults, metric with
        {
            Measure = measure,
            Direction = section.Named("direction", PolicyNames.Directions),
            Tolerance = Share(section, faults, "tolerance", static n => n is >= 0 and < 1, "0 or more and below 1"),
            Confidence = Share(section, faults, "confidence", static n => n is > 0.5 and < 1, "above 0.5 and below 1"),
            NanStrategy = section.Named("nan_strategy", PolicyNames.NanStrategies) ?? NanStrategy.Remove,
            NoData = section.Named("no_data", PolicyNames.NoData),
            MinimumPoints = MinimumPoints(section, faults),
        });
    }

    /// <summary>Fewest points a side, of a metric or of the whole analysis.</summary>
    public static int? MinimumPoints(PolicySection section, PolicyFaults faults)
    {
        var points = section.Whole("minimum_points", 2, MostPoints);
        if (points < EnoughPoints)
        {
            faults.Warn(section.KeyAt("minimum_points"), $"With fewer than {EnoughPoints} points a side a difference is easily missed or imagined.");
        }

        return points;
    }

    private static AnalysisMetric Sizes(PolicySection section, PolicyFaults faults, AnalysisMetric metric)
    {
        var same = metric.Measure == EffectMeasure.Cles ? 0.5 : 1;
        var most = metric.Measure == EffectMeasure.Cles ? 1 : MostRatio;
        metric = metric with
        {
            AllowedIncrease = Size(section, faults, "allowed_increase", same, most, metric.Measure),
            AllowedDecrease = Size(section, faults, "allowed_decrease", 0, same, metric.Measure),
            CriticalIncrease = Size(section, faults, "critical_increase", same, most, metric.Measure),
            CriticalDecrease = Size(section, faults, "critical_decrease", 0, same, metric.Measure),
        };
        if (metric.CriticalIncrease < metric.AllowedIncrease)
        {
            faults.Error(section.KeyAt("critical_increase"), Said($"'critical_increase' is {metric.CriticalIncrease} and 'allowed_increase' is {metric.AllowedIncrease}; what is allowed is not critical."), Said($"Give it {metric.AllowedIncrease} or more."));
        }

        if (metric.CriticalDecrease > metric.AllowedDecrease)
        {
            faults.Error(section.KeyAt("critical_decrease"), Said($"'critical_decrease' is {metric.CriticalDecrease} and 'allowed_decrease' is {metric.AllowedDecrease}; what is allowed is not critical."), Said($"Give it {metric.AllowedDecrease} or less."));
        }

        return metric;
    }

    /// <summary>One of the four limits, on its own side of no difference.</summary>
    private static double? Size(PolicySection section, PolicyFaults faults, string key, double least, double most, EffectMeasure measure)
    {
        if (section.Scalar(key) is not { } scalar)
        {
            return null;
        }

        if (PolicyValues.TryNumber(scalar.Text, out var number) && number >= least && number <= most)
        {
            return number;
        }

        var (name, none) = measure == EffectMeasure.Cles ? ("a probability (cles)", "0.5") : ("a mean ratio", "1");
        faults.Error(
            scalar, Said($"'{key}' is '{PolicyNames.Shown(scalar.Text)}'; it takes {name} from {least} to {most}, where {none} is no difference."),
            measure == EffectMeasure.MeanRatio ? NearRatio(scalar.Text, key.EndsWith("increase", StringComparison.Ordinal)) : null);
        return null;
    }

    /// <summary>An increase of "20%", or by 0.2, is a ratio of 1.2; a decrease of "20%" one of 0.8.</summary>
    private static string? NearRatio(string text, bool up)
    {
        var isPercent = text.EndsWith('%');
        if (!PolicyValues.TryNumber(isPercent ? text[..^1].TrimEnd() : text, out var number))
        {
            return null;
        }

        var change = isPercent ? number / 100 : number;
        var ratio = up ? 1 + change : 1 - change;
        return (isPercent || up) && change is > 0 and < 1 ? Said($"Did you mean '{Math.Round(ratio, 9)}'?") : null;
    }

    private static double? Share(PolicySection section, PolicyFaults faults, string key, Func<double, bool> fits, string range)
    {
        if (section.Scalar(key) is not { } scalar)
        {
            return null;
        }

        if (PolicyValues.TryNumber(scalar.Text, out var number) && fits(number))
        {
            return number;
        }

        var isNumber = PolicyValues.TryNumber(scalar.Text.TrimEnd('%', ' '), out var percent) && fits(percent / 100);
        faults.Error(scalar, $"'{key}' is '{PolicyNames.Shown(scalar.Text)}'; it takes a number {range}.", isNumber ? Said($"Did you mean '{Math.Round(percent / 100, 9)}'?") : null);
        return null;
    }

    private static string Said(FormattableString sentence) => sentence.ToString(CultureInfo.InvariantCulture);
}
