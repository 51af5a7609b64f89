namespace OpsConsole.Core.Sources.PrometheusText.Rules;

/// <summary>The sum of the selected series as they stand. Its count is 1: one observation.</summary>
internal sealed class GaugeReading(SeriesSelector selector, double scale) : IRuleReading
{
    public RuleOutcome Read(Exposition exposition, TimeSpan elapsed)
    {
        double sum = 0;
        var selected = 0;
        foreach (ref readonly var series in exposition.Named(selector.Name))
        {
            if (selector.Matches(series.Id))
            {
                sum += series.Value;
                selected++;
            }
        }

        return Outcome(exposition, sum, selected) with { Series = selected };
    }

    private RuleOutcome Outcome(Exposition exposition, double sum, int selected) =>
        selected == 0 ? RuleOutcome.Missing(exposition.Knows(selector.Name) ? Sentences.NothingSelected : Sentences.Unknown)
            : !double.IsFinite(sum) ? RuleOutcome.Error(Sentences.NotFinite)
            : RuleOutcome.Measured(sum * scale, 1);
}
