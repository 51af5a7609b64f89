namespace OpsConsole.Core.Sources.PrometheusText.Rules;

/// <summary>Of what the denominator counted in the window, how much the numerator counted, in percent.</summary>
internal sealed class RatioReading(SeriesSelector numerator, SeriesSelector denominator, double scale, TimeSpan window) : IRuleReading
{
    private readonly CounterTracker _numerator = new(numerator);
    private readonly CounterTracker _denominator = new(denominator);
    private readonly IncreaseWindow<(double Part, double Whole)> _window = new(window);

    public RuleOutcome Read(Exposition exposition, TimeSpan elapsed)
    {
        // Both are stepped before either is judged, so that they always cover the same time.
        var part = _numerator.Step(exposition);
        var whole = _denominator.Step(exposition);
        return Read(part, whole, elapsed) with { Series = part.Selected + whole.Selected };
    }

    private RuleOutcome Read(in CounterStep part, in CounterStep whole, TimeSpan elapsed)
    {
        if ((part.Fault ?? whole.Fault) is { } fault)
        {
            return RuleOutcome.Error(fault);
        }

        if (!part.Known || !whole.Known)
        {
            return RuleOutcome.Missing(Sentences.Unknown);
        }

        if (part.Increase is not { } partIncrease || whole.Increase is not { } wholeIncrease)
        {
            return RuleOutcome.Missing(Sentences.Collecting);
        }

        _window.Add(elapsed, (partIncrease, wholeIncrease));
        return whole.Selected == 0 ? RuleOutcome.Missing(Sentences.NothingSelected) : Divide();
    }

    private RuleOutcome Divide()
    {
        double part = 0, whole = 0;
        foreach (var step in _window.Increases)
        {
            part += step.Part;
            whole += step.Whole;
        }

        if (whole <= 0)
        {
            return RuleOutcome.Missing(Sentences.NothingHappened);
        }

        // Counters of one reading are not read at one instant, so a part may be an event ahead of its whole; far ahead, it is no part of it.
        return part > whole + Math.Max(1, 0.05 * whole)
            ? RuleOutcome.Error(Sentences.PartExceedsWhole)
            : RuleOutcome.Measured(100 * Math.Min(part / whole, 1) * scale, whole);
    }
}
