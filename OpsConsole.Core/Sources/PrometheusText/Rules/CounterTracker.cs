namespace OpsConsole.Core.Sources.PrometheusText.Rules;

/// <summary>What the selected counters did since the reading before.</summary>
/// <param name="Increase">By how much all of them rose; null when the reading before did not know the metric, so that there is nothing to compare with.</param>
/// <param name="Selected">Series that the selector chose.</param>
/// <param name="Known">True when the source knows a metric of that name.</param>
/// <param name="Fault">Why the counters cannot be right, or null.</param>
internal readonly record struct CounterStep(double? Increase, int Selected, bool Known, string? Fault);

/// <summary>Follows counters from reading to reading.</summary>
/// <remarks>
/// A counter that is lower than before was reset, and what it shows now is its increase, as PromQL's increase has it. Nothing is extrapolated.
/// A series that appears beside others of its metric began at 0: a counter with labels is first written with its first event, and that event counts.
/// </remarks>
internal sealed class CounterTracker(SeriesSelector selector)
{
    private readonly Dictionary<SeriesId, double> _last = [];
    private bool _known;

    public CounterStep Step(Exposition exposition)
    {
        var known = exposition.Knows(selector.Name);
        if (exposition.TypeOf(selector.Name) is MetricType.Gauge or MetricType.Info or MetricType.StateSet)
        {
            return Fail($"'{selector.Name}' is not a counter.");
        }

        var selected = new List<Series>();
        foreach (ref readonly var series in exposition.Named(selector.Name))
        {
            if (!selector.Matches(series.Id))
            {
                continue;
            }

            if (!double.IsFinite(series.Value) || series.Value < 0)
            {
                return Fail($"The counter '{selector.Name}' is {(double.IsFinite(series.Value) ? "negative" : "not a finite number")}.");
            }

            selected.Add(series);
        }

        double increase = 0;
        foreach (var series in selected)
        {
            var before = _last.GetValueOrDefault(series.Id);
            increase += series.Value >= before ? series.Value - before : series.Value;
        }

        Remember(selected);
        var first = !_known;
        _known = known;
        return new(first ? null : increase, selected.Count, known, null);
    }

    /// <summary>After a fault nothing is compared with what was before it: what is counted beside these counters would cover another time.</summary>
    private CounterStep Fail(string fault)
    {
        _last.Clear();
        _known = false;
        return new(null, 0, true, fault);
    }

    /// <summary>Series that are gone are remembered, in case they come back, as long as they are not many.</summary>
    private void Remember(List<Series> selected)
    {
        if (_last.Count > (2 * selected.Count) + 100)
        {
            _last.Clear();
        }

        foreach (var series in selected)
        {
            _last[series.Id] = series.Value;
        }
    }
}
