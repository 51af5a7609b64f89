using OpsConsole.Core.Sources.PrometheusText;

namespace OpsConsole.Core.Sources.Otlp.Streams;

/// <summary>A histogram whose buckets have bounds of their own.</summary>
internal sealed class HistogramStream(SeriesId id) : OtlpStream(id)
{
    private const int MostBounds = 512;

    private Buckets _now = new(id, null);
    private Buckets _settled = new(id, null);

    public override int Lines => _now.Totals.Length + 1;

    public override MetricType Type => MetricType.Histogram;

    /// <summary>How many series a first point makes.</summary>
    public static int LinesOf(OtlpPoint point) => point.Counts.Count + 2;

    protected override string? Fault(OtlpPoint point)
    {
        if (point.Counts.Count == 0 && point.Bounds.Count == 0)
        {
            return null;
        }

        if (point.Bounds.Count > MostBounds)
        {
            return $"a histogram has more than {MostBounds} bounds";
        }

        for (var i = 0; i < point.Bounds.Count; i++)
        {
            if (!double.IsFinite(point.Bounds[i]) || (i > 0 && point.Bounds[i] <= point.Bounds[i - 1]))
            {
                return "the bounds of a histogram are not rising numbers";
            }
        }

        return point.Counts.Count != point.Bounds.Count + 1 ? "a histogram has not one bucket more than bounds"
            : point.Counts.Aggregate(0UL, static (sum, count) => sum + count) != point.Count ? "the buckets of a histogram do not add up to its count"
            : null;
    }

    protected override bool Fell(OtlpPoint point) => Some(point, static (says, before) => says < before);

    protected override bool Rose(OtlpPoint point) => Some(point, static (says, before) => says > before);

    /// <summary>Whether something holds of a bucket, or of the count of all, and what it was before. Other bounds are another histogram, of which it holds nowhere.</summary>
    private bool Some(OtlpPoint point, Func<double, double, bool> holds)
    {
        if (!_now.IsFor(point))
        {
            return false;
        }

        for (var i = 0; i < point.Counts.Count; i++)
        {
            if (holds(point.Counts[i], _now.Before[i]))
            {
                return true;
            }
        }

        return holds(point.Count, _now.Before[^1]);
    }

    protected override void Add(OtlpPoint point, CountedFrom from)
    {
        if (!_now.IsFor(point))
        {
            // Other bounds are another histogram: what it held before cannot be compared.
            _now = new(Id, point);
            from = from == CountedFrom.Before ? CountedFrom.Unknown : from;
        }

        for (var i = 0; i < point.Counts.Count; i++)
        {
            _now.Totals[i] += Rise(point.Counts[i], _now.Before[i], from);
            _now.Before[i] = point.Counts[i];
        }

        _now.Totals[^1] += Rise(point.Count, _now.Before[^1], from);
        _now.Before[^1] = point.Count;
        _now.AddSum(point.Sum, from);
    }

    protected override void Settle() => _settled = _now.Copy();

    protected override void Write(Exposition exposition, long at, bool isWhole, bool isBroken) => (isWhole ? _now : _settled).Write(exposition, at, isBroken);

    /// <summary>Buckets with bounds, side by side, and after them the count of all.</summary>
    private sealed class Buckets
    {
        private readonly double[]? _bounds;
        private readonly PartIds _ids;
        private double _sum;
        private double _sumBefore;
        private bool _hasSum = true;

        public Buckets(SeriesId id, OtlpPoint? point)
        {
            _bounds = point is { Counts.Count: > 0 } ? [.. point.Bounds] : null;
            _ids = new(id, _bounds);
            (Totals, Before) = (new double[_bounds is null ? 1 : _bounds.Length + 2], new double[_bounds is null ? 1 : _bounds.Length + 2]);
        }

        private Buckets(Buckets other)
        {
            (_bounds, _ids, _sum, _sumBefore, _hasSum) = (other._bounds, other._ids, other._sum, other._sumBefore, other._hasSum);
            (Totals, Before) = ([.. other.Totals], other.Before);
        }

        public double[] Totals { get; }

        public double[] Before { get; }

        public bool IsFor(OtlpPoint point) => _bounds is null ? point.Counts.Count == 0 : point.Counts.Count > 0 && point.Bounds.SequenceEqual(_bounds);

        public void AddSum(double? sum, CountedFrom from)
        {
            // A sum is left out where observations may be negative.
            _hasSum &= sum is { } number && double.IsFinite(number);
            if (_hasSum)
            {
                _sum += Rise(sum!.Value, _sumBefore, from);
                _sumBefore = sum.Value;
            }
        }

        public Buckets Copy() => new(this);

        public void Write(Exposition exposition, long at, bool isBroken)
        {
            double upTo = 0;
            for (var i = 0; i < _ids.Buckets.Length; i++)
            {
                upTo += Totals[i];
                exposition.Add(new Series(_ids.Buckets[i], isBroken ? double.NaN : upTo, at, 0));
            }

            exposition.Add(new Series(_ids.Count, isBroken ? double.NaN : Totals[^1], at, 0));
            if (_hasSum && !isBroken)
            {
                exposition.Add(new Series(_ids.Sum, _sum, at, 0));
            }
        }
    }
}
