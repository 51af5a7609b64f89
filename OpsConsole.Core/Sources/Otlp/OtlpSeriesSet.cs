using OpsConsole.Core.Sources.Otlp.Streams;
using OpsConsole.Core.Sources.PrometheusText;

namespace OpsConsole.Core.Sources.Otlp;

/// <summary>What the series of one metric have in common.</summary>
internal sealed class OtlpSeriesSet(OtlpForm form, MetricType type)
{
    /// <summary>Series that an exponential histogram is taken for before its values are known.</summary>
    private const int UsualBuckets = 100;

    private readonly ExponentialLayout _layout = new();

    public MetricType Type { get; } = type;

    /// <summary>Until when the metric has no value because something of it was left out, and in what words.</summary>
    public (DateTimeOffset Until, string Sentence)? Refused { get; private set; }

    /// <summary>What a metric is; null when it can be nothing.</summary>
    public static MetricType? TypeOf(OtlpMetric metric) => (metric.Form, metric.Temporality) switch
    {
        (OtlpForm.Gauge, _) => MetricType.Gauge,
        (OtlpForm.Summary, _) => MetricType.Summary,
        (OtlpForm.Sum, OtlpTemporality.Cumulative) => metric.IsMonotonic ? MetricType.Counter : MetricType.Gauge,
        (OtlpForm.Sum, OtlpTemporality.Delta) when metric.IsMonotonic => MetricType.Counter,
        (OtlpForm.Histogram or OtlpForm.ExponentialHistogram, OtlpTemporality.Delta or OtlpTemporality.Cumulative) => MetricType.Histogram,
        _ => null,
    };

    /// <summary>Why it can be nothing.</summary>
    public static string WhyNone(OtlpMetric metric) => metric is { Form: OtlpForm.Sum, IsMonotonic: false, Temporality: OtlpTemporality.Delta }
        ? "is a sum that may fall, told as differences, which has no value of its own: send it with cumulative temporality"
        : "does not say whether it is cumulative or tells differences";

    public bool IsOf(OtlpForm other, MetricType otherType) => form == other && Type == otherType;

    public bool IsRefused(DateTimeOffset now) => now <= Refused?.Until;

    /// <summary>Notes that something was left out: a sum without it may look better than the truth.</summary>
    public void Refuse(DateTimeOffset until, string sentence)
    {
        if (Refused is not { } before || before.Until <= until)
        {
            Refused = (until, sentence);
        }
    }

    public int LinesOf(OtlpPoint first) => form switch
    {
        OtlpForm.Histogram => HistogramStream.LinesOf(first),
        OtlpForm.ExponentialHistogram => Math.Max(UsualBuckets, _layout.Lines),
        OtlpForm.Summary => first.Quantiles.Count + 2,
        _ => 1,
    };

    /// <summary>True once it has a series.</summary>
    public bool IsUsed { get; private set; }

    public OtlpStream NewStream(SeriesId series)
    {
        IsUsed = true;
        return form switch
        {
            OtlpForm.Histogram => new HistogramStream(series),
            OtlpForm.ExponentialHistogram => new ExponentialStream(series, _layout),
            OtlpForm.Summary => new SummaryStream(series),
            _ => Type == MetricType.Counter ? new CounterStream(series) : new GaugeStream(series),
        };
    }
}

/// <summary>The taking in of what one resource sends.</summary>
/// <param name="instance">The resource.</param>
/// <param name="now">By the console's clock.</param>
/// <param name="most">Most series that it may have.</param>
/// <param name="isShared">True where that is for want of room that it shares with others.</param>
internal sealed class OtlpTaking(OtlpInstance instance, DateTimeOffset now, int most, bool isShared)
{
    private int _added;

    public OtlpInstance Instance { get; } = instance;

    public DateTimeOffset Now { get; } = now;

    public bool IsShared { get; } = isShared;

    public OtlpReceipt Receipt { get; } = new();

    /// <summary>Takes room for more series, if there is any.</summary>
    public bool HasRoomFor(int lines)
    {
        if (Instance.Lines + _added + lines > most)
        {
            return false;
        }

        _added += lines;
        return true;
    }
}
