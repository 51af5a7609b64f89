using System.Runtime.InteropServices;

namespace OpsConsole.Core.Sources.PrometheusText;

/// <summary>What a metric says it is.</summary>
public enum MetricType
{
    Untyped,
    Counter,
    Gauge,
    Histogram,
    Summary,
    GaugeHistogram,
    Info,
    StateSet,
}

/// <summary>One line of values.</summary>
/// <param name="Id">Which series it belongs to.</param>
/// <param name="Value">May be NaN or infinite: the format allows it, and what uses the value decides.</param>
/// <param name="TimestampMilliseconds">Since 1970 in UTC, by the source's clock; null when the source states none.</param>
/// <param name="Line">Where it was read, from 1.</param>
public readonly record struct Series(SeriesId Id, double Value, long? TimestampMilliseconds, int Line);

/// <summary>Everything that one body of text said.</summary>
public sealed class Exposition
{
    private readonly Dictionary<string, List<Series>> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MetricType> _types = new(StringComparer.Ordinal);

    /// <summary>How many series there are.</summary>
    public int Count { get; private set; }

    /// <summary>True when any series states a time of its own; most sources state none.</summary>
    public bool StatesTimes { get; private set; }

    /// <summary>Names that have series, each with them.</summary>
    internal IReadOnlyDictionary<string, List<Series>> ByName => _byName;

    /// <summary>Declared types by the name in the TYPE line.</summary>
    internal IReadOnlyDictionary<string, MetricType> Types => _types;

    /// <summary>The series of a name, in the order they were written; none when there are none.</summary>
    public ReadOnlySpan<Series> Named(string name) => _byName.TryGetValue(name, out var list) ? CollectionsMarshal.AsSpan(list) : default;

    /// <summary>True when the source knows a metric of this sample name, even while it has no series: a counter with labels has none before the first event.</summary>
    public bool Knows(string name) => _byName.ContainsKey(name) || TypeOf(name) is not null;

    /// <summary>The declared type of the metric that a sample name belongs to, or null when none was declared.</summary>
    public MetricType? TypeOf(string name) => Declaration(name)?.Type;

    /// <summary>The TYPE line that a sample name falls under: its own name's, or that of the name without the ending its type adds.</summary>
    internal (string Name, MetricType Type)? Declaration(string name)
    {
        if (_types.TryGetValue(name, out var own))
        {
            return (name, own);
        }

        var cut = name.LastIndexOf('_');
        if (cut <= 0 || !_types.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name.AsSpan(0, cut), out var metric, out var type))
        {
            return null;
        }

        var belongs = name.AsSpan(cut) switch
        {
            "_bucket" => type is MetricType.Histogram or MetricType.GaugeHistogram,
            "_sum" or "_count" => type is MetricType.Histogram or MetricType.Summary,
            "_gsum" or "_gcount" => type is MetricType.GaugeHistogram,
            "_created" => type is MetricType.Counter or MetricType.Histogram or MetricType.Summary,
            "_total" => type is MetricType.Counter,
            "_info" => type is MetricType.Info,
            _ => false,
        };
        return belongs ? (metric, type) : null;
    }

    internal void Declare(string metric, MetricType type) => _types.Add(metric, type);

    internal void Add(in Series series)
    {
        ref var list = ref CollectionsMarshal.GetValueRefOrAddDefault(_byName, series.Id.Name, out _);
        (list ??= []).Add(series);
        StatesTimes |= series.TimestampMilliseconds is not null;
        Count++;
    }
}
