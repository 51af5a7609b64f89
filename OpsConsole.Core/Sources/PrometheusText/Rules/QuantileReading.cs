namespace OpsConsole.Core.Sources.PrometheusText.Rules;

/// <summary>A quantile of what histograms observed in the window.</summary>
internal sealed class QuantileReading(SeriesSelector histogram, double quantile, double scale, TimeSpan window) : IRuleReading
{
    private readonly string _bucketName = histogram.Name + "_bucket";
    private readonly BucketTracker _tracker = new(histogram);
    private readonly IncreaseWindow<double[]> _window = new(window);
    private double[] _sum = [];

    public RuleOutcome Read(Exposition exposition, TimeSpan elapsed)
    {
        var step = _tracker.Step(exposition);
        return Read(exposition, step, elapsed) with { Series = step.Selected };
    }

    private RuleOutcome Read(Exposition exposition, in BucketStep step, TimeSpan elapsed)
    {
        if (step.Fault is not null)
        {
            return RuleOutcome.Error(step.Fault);
        }

        if (step.Bounds is null)
        {
            return RuleOutcome.Missing(exposition.Knows(_bucketName) ? Sentences.NothingSelected : Sentences.Unknown);
        }

        if (step.Increase is null)
        {
            _window.Clear();
            return RuleOutcome.Missing(Sentences.Collecting);
        }

        _window.Add(elapsed, step.Increase);
        return Compute(step.Bounds);
    }

    private RuleOutcome Compute(double[] bounds)
    {
        if (bounds.Length < 2)
        {
            return RuleOutcome.Error(Sentences.NoFiniteBucket);
        }

        if (_sum.Length != bounds.Length)
        {
            _sum = new double[bounds.Length];
        }

        Array.Clear(_sum);
        foreach (var increase in _window.Increases)
        {
            for (var i = 0; i < _sum.Length; i++)
            {
                _sum[i] += increase[i];
            }
        }

        return _sum[^1] > 0
            ? RuleOutcome.Measured(HistogramQuantile.Of(quantile, bounds, _sum) * scale, _sum[^1])
            : RuleOutcome.Missing(Sentences.NothingHappened);
    }
}
