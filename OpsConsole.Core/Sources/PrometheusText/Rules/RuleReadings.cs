using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Sources.PrometheusText.Rules;

/// <summary>Makes a rule's reading, and says what is wrong with a rule.</summary>
internal static class RuleReadings
{
    /// <summary>A reading that has seen nothing yet. The rule has no faults.</summary>
    public static IRuleReading Create(SignalRule rule)
    {
        var numerator = SeriesSelector.Parse(rule.Numerator);
        return rule.Kind switch
        {
            SignalRuleKind.Ratio => new RatioReading(numerator, SeriesSelector.Parse(rule.Denominator!), rule.Scale, rule.Window),
            SignalRuleKind.Quantile => new QuantileReading(numerator, rule.Quantile!.Value, rule.Scale, rule.Window),
            SignalRuleKind.Rate => new RateReading(numerator, rule.Scale, rule.Window),
            _ => new GaugeReading(numerator, rule.Scale),
        };
    }

    /// <summary>What a rule chooses series by. The rule has no faults.</summary>
    public static SeriesSelector[] Selectors(SignalRule rule)
    {
        var numerator = SeriesSelector.Parse(rule.Numerator);
        return rule.Kind switch
        {
            SignalRuleKind.Ratio => [numerator, SeriesSelector.Parse(rule.Denominator!)],
            SignalRuleKind.Quantile => [numerator.WithName(numerator.Name + "_bucket")],
            _ => [numerator],
        };
    }

    /// <summary>Everything that is wrong with a rule, one sentence each.</summary>
    public static IEnumerable<string> Faults(SignalRule rule)
    {
        if (rule.Kind == SignalRuleKind.Query)
        {
            yield return "queries belong to a source that evaluates them, such as prometheus";
            yield break;
        }

        if (rule.Kind == SignalRuleKind.Measure)
        {
            yield break; // Said for every kind by the catalog.
        }

        if (SelectorFault(rule.Numerator) is { } numerator)
        {
            yield return numerator;
        }

        if (rule.Kind == SignalRuleKind.Ratio)
        {
            if (rule.Denominator is null)
            {
                yield return "a ratio needs a denominator";
            }
            else if (SelectorFault(rule.Denominator) is { } denominator)
            {
                yield return denominator;
            }
        }
        else if (rule.Denominator is not null)
        {
            yield return "only a ratio has a denominator";
        }

        if (rule.Kind == SignalRuleKind.Quantile ? rule.Quantile is not (> 0 and < 1) : rule.Quantile is not null)
        {
            yield return rule.Kind == SignalRuleKind.Quantile ? "the quantile has to be above 0 and below 1" : "only a quantile rule has a quantile";
        }
    }

    private static string? SelectorFault(string selector)
    {
        try
        {
            SeriesSelector.Parse(selector);
            return null;
        }
        catch (FormatException e)
        {
            return e.Message.TrimEnd('.');
        }
    }
}
