namespace OpsConsole.Core.Sources.PrometheusText.Rules;

/// <summary>What the buckets of the selected histograms did since the reading before, added up.</summary>
/// <param name="Bounds">Upper bounds, rising, the last +Inf; null when nothing was selected or a fault was found.</param>
/// <param name="Increase">Cumulative increase of each bucket; null when there is nothing to compare with.</param>
/// <param name="Fault">Why the histograms cannot be right, or null.</param>
/// <param name="Selected">Histograms that the selector chose.</param>
internal readonly record struct BucketStep(double[]? Bounds, double[]? Increase, string? Fault, int Selected = 0);

/// <summary>Follows the buckets of histograms from reading to reading.</summary>
/// <remarks>When any bucket on its own holds less than before, the whole histogram was reset, and all of it counts from 0: its buckets rise and fall together.</remarks>
internal sealed class BucketTracker(SeriesSelector histogram)
{
    private readonly SeriesSelector _buckets = histogram.WithName(histogram.Name + "_bucket");
    private readonly Dictionary<SeriesId, double[]> _last = [];
    private double[]? _bounds;
    private bool _known;

    public BucketStep Step(Exposition exposition)
    {
        if ((exposition.TypeOf(histogram.Name) ?? exposition.TypeOf(_buckets.Name)) is not (null or MetricType.Histogram or MetricType.Untyped))
        {
            return Fail(Sentences.NotAHistogram);
        }

        var histograms = new Dictionary<SeriesId, List<Series>>();
        foreach (ref readonly var series in exposition.Named(_buckets.Name))
        {
            if (_buckets.Matches(series.Id))
            {
                if (series.Id.Histogram is null)
                {
                    return Fail(Sentences.BadBuckets);
                }

                histograms.TryAdd(series.Id.Histogram, []);
                histograms[series.Id.Histogram].Add(series);
            }
        }

        if (histograms.Count == 0)
        {
            _known = exposition.Knows(_buckets.Name);
            return default;
        }

        double[]? bounds = null;
        foreach (var series in histograms.Values)
        {
            series.Sort(static (a, b) => a.Id.UpperBound.CompareTo(b.Id.UpperBound));
            var own = series.Select(static s => s.Id.UpperBound).ToArray();
            bounds ??= own;
            if (!bounds.AsSpan().SequenceEqual(own))
            {
                return Fail(Sentences.MixedBuckets);
            }

            if (!AreBuckets(series))
            {
                return Fail(Sentences.BadBuckets);
            }
        }

        return Compare(bounds!, histograms);
    }

    private BucketStep Compare(double[] bounds, Dictionary<SeriesId, List<Series>> histograms)
    {
        var first = _bounds is null ? !_known : !_bounds.AsSpan().SequenceEqual(bounds);
        if (first)
        {
            _last.Clear();
        }

        var increase = new double[bounds.Length];
        var values = new Dictionary<SeriesId, double[]>();
        foreach (var (id, series) in histograms)
        {
            var now = series.Select(static s => s.Value).ToArray();
            var before = _last.TryGetValue(id, out var last) && !WasReset(last, now) ? last : null;
            for (var i = 0; i < now.Length; i++)
            {
                increase[i] += now[i] - (before?[i] ?? 0);
            }

            values[id] = now;
        }

        Remember(values);
        _bounds = bounds;
        _known = true;
        return new(bounds, first ? null : increase, null, histograms.Count);
    }

    private BucketStep Fail(string fault)
    {
        _last.Clear();
        _bounds = null;
        _known = false;
        return new(null, null, fault);
    }

    /// <summary>Histograms that are gone are remembered, in case they come back, as long as they are not many.</summary>
    private void Remember(Dictionary<SeriesId, double[]> values)
    {
        if (_last.Count > (2 * values.Count) + 100)
        {
            _last.Clear();
        }

        foreach (var (id, value) in values)
        {
            _last[id] = value;
        }
    }

    private static bool WasReset(double[] before, double[] now)
    {
        double beforeLower = 0, nowLower = 0;
        for (var i = 0; i < now.Length; i++)
        {
            if (now[i] - nowLower < before[i] - beforeLower)
            {
                return true;
            }

            (beforeLower, nowLower) = (before[i], now[i]);
        }

        return false;
    }

    private static bool AreBuckets(List<Series> series)
    {
        double lower = 0;
        foreach (var bucket in series)
        {
            if (!double.IsFinite(bucket.Value) || bucket.Value < lower)
            {
                return false;
            }

            lower = bucket.Value;
        }

        return double.IsPositiveInfinity(series[^1].Id.UpperBound);
    }
}
