namespace OpsConsole.Core.Sources.PrometheusText.Rules;

/// <summary>How much counters rise in a second, over the window.</summary>
internal sealed class RateReading(SeriesSelector selector, double scale, TimeSpan window) : IRuleReading
{
    private readonly CounterTracker _tracker = new(selector);
    private readonly IncreaseWindow<double> _window = new(window);

    public RuleOutcome Read(Exposition exposition, TimeSpan elapsed)
    {
        var step = _tracker.Step(exposition);
        return Read(step, elapsed) with { Series = step.Selected };
    }

    private RuleOutcome Read(in CounterStep step, TimeSpan elapsed)
    {
        if (step.Fault is not null)
        {
            return RuleOutcome.Error(step.Fault);
        }

        if (!step.Known)
        {
            return RuleOutcome.Missing(Sentences.Unknown);
        }

        if (step.Increase is not { } increase)
        {
            _window.Begin(elapsed);
            return RuleOutcome.Missing(Sentences.Collecting);
        }

        _window.Add(elapsed, increase);
        if (step.Selected == 0)
        {
            return RuleOutcome.Missing(Sentences.NothingSelected);
        }

        var seconds = _window.Span.TotalSeconds;
        var sum = _window.Increases.Sum();
        return seconds > 0 ? RuleOutcome.Measured(sum / seconds * scale, sum) : RuleOutcome.Missing(Sentences.Collecting);
    }
}
