using System.Globalization;

namespace OpsConsole.Core.Switches;

/// <summary>Whether a rule's conditions hold for who is asking.</summary>
/// <remarks>What is not known about someone fulfils no condition, also not one that says what it must not be: a rule never reaches people by mistake.</remarks>
internal static class TargetingMatch
{
    public static bool Holds(TargetingRule rule, EvaluationContext context)
    {
        foreach (var condition in rule.Conditions)
        {
            if (!Holds(condition, context))
            {
                return false;
            }
        }

        return rule.Conditions.Count > 0;
    }

    private static bool Holds(TargetingCondition condition, EvaluationContext context)
    {
        var found = context.Find(condition.Attribute);
        return condition.Operator == TargetingOperator.NotIn
            ? IsKnown(found) && !Any(found!, TargetingOperator.In, condition.Values)
            : found is not null && Any(found, condition.Operator, condition.Values);
    }

    private static bool IsKnown(ContextValue? value) => value switch
    {
        ContextValue.List list => list.Values.Any(IsKnown),
        _ => value?.AsText is not null,
    };

    /// <summary>Of a list, any of its values.</summary>
    private static bool Any(ContextValue found, TargetingOperator by, IReadOnlyList<string> values)
    {
        if (found is ContextValue.List list)
        {
            foreach (var one in list.Values)
            {
                if (one is not ContextValue.List && Any(one, by, values))
                {
                    return true;
                }
            }

            return false;
        }

        return by switch
        {
            TargetingOperator.GreaterThan or TargetingOperator.LessThan => found is ContextValue.Number number && Number(number.Value, by, values),
            TargetingOperator.SemverAtLeast or TargetingOperator.SemverBelow => Version(found.AsText, by, values),
            _ => found.AsText is { } text && Text(text, by, values),
        };
    }

    private static bool Text(string text, TargetingOperator by, IReadOnlyList<string> values)
    {
        foreach (var value in values)
        {
            var holds = by switch
            {
                TargetingOperator.In => text == value,
                TargetingOperator.StartsWith => text.StartsWith(value, StringComparison.Ordinal),
                TargetingOperator.EndsWith => text.EndsWith(value, StringComparison.Ordinal),
                TargetingOperator.Contains => text.Contains(value, StringComparison.Ordinal),
                _ => false,
            };
            if (holds)
            {
                return true;
            }
        }

        return false;
    }

    private static bool Number(double number, TargetingOperator by, IReadOnlyList<string> values)
    {
        foreach (var value in values)
        {
            if (double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var limit) && (by == TargetingOperator.GreaterThan ? number > limit : number < limit))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Version(string? text, TargetingOperator by, IReadOnlyList<string> values)
    {
        if (SemanticVersion.Read(text) is not { } version)
        {
            return false;
        }

        foreach (var value in values)
        {
            if (SemanticVersion.Read(value) is { } limit && version.OrderTo(limit) >= 0 == (by == TargetingOperator.SemverAtLeast))
            {
                return true;
            }
        }

        return false;
    }
}
