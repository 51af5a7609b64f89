using OpsConsole.Core.Sources.PrometheusText;

namespace OpsConsole.Core.Sources.Otlp.Streams;

/// <summary>A count and a sum that rise, and quantiles that the sender computed.</summary>
internal sealed class SummaryStream(SeriesId id) : OtlpStream(id)
{
    private const int MostQuantiles = 20;

    private readonly PartIds _ids = new(id, null);
    private (double Count, double Sum, (double Quantile, double Value)[] Quantiles) _total = (0, 0, []);
    private (double Count, double Sum, (double Quantile, double Value)[] Quantiles) _settled = (0, 0, []);
    private (double Count, double Sum) _before;

    public override int Lines => _total.Quantiles.Length + 2;

    public override MetricType Type => MetricType.Summary;

    protected override string? Fault(OtlpPoint point) =>
        point.Quantiles.Count > MostQuantiles ? $"a summary has more than {MostQuantiles} quantiles"
        : point.Quantiles.Exists(static q => q.Quantile is not (>= 0 and <= 1)) ? "a quantile of a summary is not from 0 to 1"
        : null;

    protected override bool Fell(OtlpPoint point) => point.Count < _before.Count;

    protected override bool Rose(OtlpPoint point) => point.Count > _before.Count;

    protected override void Add(OtlpPoint point, CountedFrom from)
    {
        _total = (_total.Count + Rise(point.Count, _before.Count, from), _total.Sum + Rise(point.Sum ?? 0, _before.Sum, from), [.. point.Quantiles.DistinctBy(static q => q.Quantile)]);
        _before = (point.Count, point.Sum ?? 0);
    }

    protected override void Settle() => _settled = _total;

    protected override void Write(Exposition exposition, long at, bool isWhole, bool isBroken)
    {
        var (count, sum, quantiles) = isWhole ? _total : _settled;
        foreach (var (quantile, value) in quantiles)
        {
            exposition.Add(new Series(PartIds.With(Id, Id.Name, "quantile", PartIds.Text(quantile)), isBroken ? double.NaN : value, at, 0));
        }

        exposition.Add(new Series(_ids.Count, isBroken ? double.NaN : count, at, 0));
        exposition.Add(new Series(_ids.Sum, isBroken ? double.NaN : sum, at, 0));
    }
}
