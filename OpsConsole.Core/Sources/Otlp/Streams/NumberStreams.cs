using OpsConsole.Core.Sources.PrometheusText;

namespace OpsConsole.Core.Sources.Otlp.Streams;

/// <summary>A sum that only rises.</summary>
internal sealed class CounterStream(SeriesId id) : OtlpStream(id)
{
    private double _total;
    private double _before;
    private double _settled;

    public override int Lines => 1;

    public override MetricType Type => MetricType.Counter;

    protected override string? Fault(OtlpPoint point) => point.Value is not { } value ? "they have no value" : !double.IsFinite(value) || value < 0 ? "a sum that only rises is negative or not a finite number" : null;

    protected override bool Fell(OtlpPoint point) => point.Value < _before;

    protected override bool Rose(OtlpPoint point) => point.Value > _before;

    protected override void Add(OtlpPoint point, CountedFrom from)
    {
        _total += Rise(point.Value!.Value, _before, from);
        _before = point.Value!.Value;
    }

    protected override void Settle() => _settled = _total;

    protected override void Write(Exposition exposition, long at, bool isWhole, bool isBroken) =>
        exposition.Add(new Series(Id, isBroken ? double.NaN : isWhole ? _total : _settled, at, 0));
}

/// <summary>A value that stands by itself: a gauge, or a sum that may fall.</summary>
internal sealed class GaugeStream(SeriesId id) : OtlpStream(id)
{
    private double _value;
    private double _settled;

    public override int Lines => 1;

    public override MetricType Type => MetricType.Gauge;

    protected override bool Counts => false;

    protected override string? Fault(OtlpPoint point) => point.Value is null ? "they have no value" : null;

    protected override bool Fell(OtlpPoint point) => false;

    protected override bool Rose(OtlpPoint point) => false;

    protected override void Add(OtlpPoint point, CountedFrom from) => _value = point.Value!.Value;

    protected override void Settle() => _settled = _value;

    protected override void Write(Exposition exposition, long at, bool isWhole, bool isBroken) =>
        exposition.Add(new Series(Id, isBroken ? double.NaN : isWhole ? _value : _settled, at, 0));
}
