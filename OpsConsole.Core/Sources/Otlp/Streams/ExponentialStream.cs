using OpsConsole.Core.Sources.PrometheusText;

namespace OpsConsole.Core.Sources.Otlp.Streams;

/// <summary>A histogram whose buckets follow from a scale. See https://opentelemetry.io/docs/specs/otel/metrics/data-model/#exponentialhistogram.</summary>
/// <param name="id">Its name and labels.</param>
/// <param name="layout">What every histogram of the metric is written with.</param>
internal sealed class ExponentialStream(SeriesId id, ExponentialLayout layout) : OtlpStream(id)
{
    private Observations _total = new();
    private Observations _settled = new();
    private Observations _before = new();
    private PartIds _ids = new(id, null);
    private int _written = -1;

    public override int Lines => layout.Lines;

    public override MetricType Type => MetricType.Histogram;

    protected override string? Fault(OtlpPoint point) =>
        point.Scale is < ExponentialLayout.Coarsest or > 20 ? $"the scale of an exponential histogram is not from {ExponentialLayout.Coarsest} to 20"
        : Math.Max(point.Positive.Counts.Count, point.Negative.Counts.Count) > ExponentialLayout.MostOfPoint ? $"an exponential histogram has more than {ExponentialLayout.MostOfPoint} buckets"
        : !CanHold(point.Positive, point.Scale) || !CanHold(point.Negative, point.Scale) ? "an exponential histogram has observations in a bucket that lies outside of what a double holds"
        : !double.IsFinite(point.ZeroThreshold) || point.ZeroThreshold < 0 ? "the zero threshold of an exponential histogram is not 0 or more"
        : point.Positive.Counts.Concat(point.Negative.Counts).Aggregate(point.ZeroCount, static (sum, count) => sum + count) != point.Count ? "the buckets of an exponential histogram do not add up to its count"
        : null;

    private static bool CanHold(OtlpBuckets buckets, int scale)
    {
        var (first, last) = (buckets.Counts.FindIndex(static c => c > 0), buckets.Counts.FindLastIndex(static c => c > 0));
        return first < 0 || (ExponentialLayout.CanHold((long)buckets.Offset + first, scale) && ExponentialLayout.CanHold((long)buckets.Offset + last, scale));
    }

    protected override bool Fell(OtlpPoint point) => IsLess(Observations.Of(point), _before);

    protected override bool Rose(OtlpPoint point) => IsLess(_before, Observations.Of(point));

    private static bool IsLess(Observations some, Observations others)
    {
        var (less, more) = (some.Copy(), others.Copy());
        less.CoarsenTo(more.Scale);
        more.CoarsenTo(less.Scale);
        return less.Count < more.Count || less.Lowest < more.Lowest || more.Buckets.Any(b => less.Buckets.GetValueOrDefault(b.Key) < b.Value);
    }

    protected override void Add(OtlpPoint point, CountedFrom from)
    {
        var says = Observations.Of(point);
        _total.Rise(says, from == CountedFrom.Zero ? new() : from == CountedFrom.Before ? _before : says);
        _before = says;
        if (_total.Buckets.Count > 0)
        {
            layout.Include(_total.Scale, _total.Buckets.Keys.Min(), _total.Buckets.Keys.Max());

            // Nothing finer is kept than is written.
            _total.Gather(layout.Scale!.Value, layout.Low);
        }
    }

    protected override void Settle() => _settled = _total.Copy();

    protected override void Write(Exposition exposition, long at, bool isWhole, bool isBroken)
    {
        if (_written != layout.Changes)
        {
            (_ids, _written) = (new(Id, layout.Scale is null ? null : layout.Bounds()), layout.Changes);
        }

        var shown = isWhole ? _total : _settled;
        var counts = new double[_ids.Buckets.Length];
        if (counts.Length > 0)
        {
            counts[layout.Place(shown.LowestIsUpTo)] += shown.Lowest;
            foreach (var (index, count) in shown.Buckets)
            {
                counts[layout.Place(index, shown.Scale)] += count;
            }
        }

        double upTo = 0;
        for (var i = 0; i < counts.Length; i++)
        {
            upTo += counts[i];
            exposition.Add(new Series(_ids.Buckets[i], isBroken ? double.NaN : upTo, at, 0));
        }

        exposition.Add(new Series(_ids.Count, isBroken ? double.NaN : shown.Count, at, 0));
        if (shown.Sum is { } sum && !isBroken)
        {
            exposition.Add(new Series(_ids.Sum, sum, at, 0));
        }
    }

    /// <summary>What was observed, in buckets of one scale.</summary>
    private sealed class Observations
    {
        public int Scale { get; private set; } = ExponentialLayout.Finest;

        public Dictionary<int, double> Buckets { get; private set; } = [];

        /// <summary>Observations that are below every bucket: about zero, and negative ones.</summary>
        public double Lowest { get; private set; }

        /// <summary>What those are at most.</summary>
        public double LowestIsUpTo { get; private set; }

        public double Count { get; private set; }

        /// <summary>Null where it cannot be told: senders leave it out where observations may be negative.</summary>
        public double? Sum { get; private set; } = 0;

        public static Observations Of(OtlpPoint point)
        {
            var shift = Math.Max(0, point.Scale - ExponentialLayout.Finest);
            var result = new Observations
            {
                Scale = point.Scale - shift,
                Lowest = point.ZeroCount + point.Negative.Counts.Aggregate(0.0, static (sum, count) => sum + count),
                LowestIsUpTo = point.ZeroThreshold,
                Count = point.Count,
                Sum = point.Sum is { } sum && double.IsFinite(sum) ? sum : null,
            };
            for (var i = 0; i < point.Positive.Counts.Count; i++)
            {
                if (point.Positive.Counts[i] > 0)
                {
                    var index = (int)(((long)point.Positive.Offset + i) >> shift);
                    result.Buckets[index] = result.Buckets.GetValueOrDefault(index) + point.Positive.Counts[i];
                }
            }

            return result;
        }

        /// <summary>Adds what one says beyond another.</summary>
        public void Rise(Observations says, Observations before)
        {
            var (now, then) = (says.Copy(), before.Copy());
            var scale = Math.Min(Scale, Math.Min(now.Scale, then.Buckets.Count == 0 ? now.Scale : then.Scale));
            CoarsenTo(scale);
            now.CoarsenTo(scale);
            then.CoarsenTo(scale);
            foreach (var (index, count) in now.Buckets)
            {
                if (count - then.Buckets.GetValueOrDefault(index) is > 0 and var more)
                {
                    Buckets[index] = Buckets.GetValueOrDefault(index) + more;
                }
            }

            Lowest += Math.Max(0, now.Lowest - then.Lowest);
            LowestIsUpTo = Math.Max(LowestIsUpTo, now.LowestIsUpTo);
            Count += Math.Max(0, now.Count - then.Count);
            Sum = Sum + now.Sum - then.Sum;
        }

        public void CoarsenTo(int scale)
        {
            if (scale >= Scale)
            {
                return;
            }

            var by = Scale - scale;
            Buckets = Buckets.GroupBy(b => b.Key >> by).ToDictionary(static g => g.Key, static g => g.Sum(static b => b.Value));
            Scale = scale;
        }

        /// <summary>Counts what lies below a bucket in it.</summary>
        public void Gather(int scale, int low)
        {
            CoarsenTo(scale);
            foreach (var (index, count) in Buckets.Where(b => b.Key < low).ToList())
            {
                Buckets.Remove(index);
                Buckets[low] = Buckets.GetValueOrDefault(low) + count;
            }
        }

        public Observations Copy() => new() { Scale = Scale, Buckets = new(Buckets), Lowest = Lowest, LowestIsUpTo = LowestIsUpTo, Count = Count, Sum = Sum };
    }
}
