using System.Globalization;

namespace OpsConsole.Core.Switches;

/// <summary>What is wrong with a targeting that a person gives.</summary>
/// <param name="Path">Where, as in its JSON: <c>rules[0].conditions[1].values[0]</c>.</param>
/// <param name="Sentence">What, and what is accepted.</param>
public sealed record TargetingFault(string Path, string Sentence);

/// <summary>Checks a targeting before it is taken, and names every place that is wrong.</summary>
public static class TargetingCheck
{
    public const int MaxRules = 50;
    public const int MaxConditions = 20;
    public const int MaxValues = 1_000;
    public const int MaxNameLength = 128;
    public const int MaxAttributeLength = 128;
    public const int MaxValueLength = 256;

    /// <summary>Longest targeting as JSON, in characters: it is looked through for each evaluation.</summary>
    public const int MaxLength = 256 * 1024;

    /// <summary>Faults are listed up to this many.</summary>
    public const int MaxFaults = 50;

    /// <summary>Every fault, in the order of the text; empty when there is none.</summary>
    public static IReadOnlyList<TargetingFault> Faults(Targeting value)
    {
        ArgumentNullException.ThrowIfNull(value);
        List<TargetingFault> faults = [.. All(value).Take(MaxFaults)];
        if (faults.Count == 0 && TargetingText.Write(value).Length > MaxLength)
        {
            faults.Add(new("", $"The targeting is longer than {MaxLength:N0} characters as JSON; give shorter lists."));
        }

        return faults;
    }

    private static IEnumerable<TargetingFault> All(Targeting value)
    {
        if (Percent("percent", value.Percent) is { } percent)
        {
            yield return percent;
        }

        if (value.Rules is null || value.Rules.Count > MaxRules)
        {
            yield return new("rules", $"Give at most {MaxRules} rules; an empty list for none.");
            yield break;
        }

        for (var i = 0; i < value.Rules.Count; i++)
        {
            foreach (var fault in Rule($"rules[{i}]", value.Rules[i]))
            {
                yield return fault;
            }
        }
    }

    private static IEnumerable<TargetingFault> Rule(string path, TargetingRule? rule)
    {
        if (rule is null)
        {
            yield return new(path, "The rule is empty.");
            yield break;
        }

        if (Text($"{path}.name", rule.Name, "a name for people", MaxNameLength) is { } name)
        {
            yield return name;
        }

        if (Percent($"{path}.percent", rule.Percent) is { } percent)
        {
            yield return percent;
        }

        if (rule.Conditions is null || rule.Conditions.Count is 0 or > MaxConditions)
        {
            yield return new($"{path}.conditions", $"Give 1 to {MaxConditions} conditions; for everyone without any, use the percentage of the rest.");
            yield break;
        }

        for (var i = 0; i < rule.Conditions.Count; i++)
        {
            foreach (var fault in Condition($"{path}.conditions[{i}]", rule.Conditions[i]))
            {
                yield return fault;
            }
        }
    }

    private static IEnumerable<TargetingFault> Condition(string path, TargetingCondition? condition)
    {
        if (condition is null)
        {
            yield return new(path, "The condition is empty.");
            yield break;
        }

        if (Text($"{path}.attribute", condition.Attribute, "the name of an attribute, dots for objects in objects", MaxAttributeLength) is { } attribute)
        {
            yield return attribute;
        }
        else if (condition.Attribute.Split('.').Contains(""))
        {
            yield return new($"{path}.attribute", "The name has nothing before, after or between its dots.");
        }

        if (!Enum.IsDefined(condition.Operator))
        {
            yield return new($"{path}.operator", "There is no such operator.");
        }

        if (condition.Values is null || condition.Values.Count is 0 or > MaxValues)
        {
            yield return new($"{path}.values", $"Give 1 to {MaxValues:N0} values.");
            yield break;
        }

        for (var i = 0; i < condition.Values.Count; i++)
        {
            if (Value($"{path}.values[{i}]", condition.Operator, condition.Values[i]) is { } fault)
            {
                yield return fault;
            }
        }
    }

    private static TargetingFault? Value(string path, TargetingOperator by, string? value) => Text(path, value, "a text", MaxValueLength) ?? by switch
    {
        TargetingOperator.GreaterThan or TargetingOperator.LessThan when !double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number) =>
            new(path, "Give a number, with a point for decimals."),
        TargetingOperator.SemverAtLeast or TargetingOperator.SemverBelow when SemanticVersion.Read(value) is null => new(path, "Give a semantic version of three numbers, for example 2.15.0 or 3.0.0-beta.1."),
        _ => null,
    };

    private static TargetingFault? Text(string path, string? text, string what, int most)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > most)
        {
            return new(path, $"Give {what}, 1 to {most} characters.");
        }

        return text.Any(c => char.IsControl(c)) ? new(path, "The text has a control character.") : null;
    }

    private static TargetingFault? Percent(string path, double percent)
    {
        if (!double.IsFinite(percent) || percent is < 0 or > 100)
        {
            return new(path, "Give a percentage from 0 to 100.");
        }

        // A share that nobody falls into must not look like one.
        return Math.Abs(percent - Math.Round(percent, 3)) > 1e-9 ? new(path, "Give at most three decimals: a thousandth of a percent is the finest step.") : null;
    }
}
