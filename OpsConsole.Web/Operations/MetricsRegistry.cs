using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace OpsConsole.Web.Operations;

/// <summary>Keeps the current values of the console's own instruments and writes them as Prometheus text exposition (format 0.0.4).</summary>
/// <remarks>Histograms use fixed bounds in seconds. At most <see cref="MaxSeries"/> label sets are kept, so that a label gone wild cannot fill the memory.</remarks>
public sealed class MetricsRegistry : IDisposable
{
    /// <summary>Meter that the console's own instruments belong to.</summary>
    public const string MeterName = "OpsConsole";

    /// <summary>Bounds of histograms, in seconds.</summary>
    internal static readonly IReadOnlyList<double> Bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    /// <summary>The meters that the console tells of.</summary>
    internal static readonly IReadOnlyList<string> Meters = [MeterName, "System.Runtime"];

    private const int MaxSeries = 2000;
    private static readonly double[] InOrder = [.. Bounds];

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, Family> _families = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();
    private readonly Lock _writing = new();
    private int _series;
    private int _look;

    public MetricsRegistry()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (Meters.Contains(instrument.Meter.Name))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<float>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>Everything known now. What an observed instrument does not tell of any more is left out: its last value would stand for ever, as that of a source that is not read any more.</summary>
    public string Write()
    {
        lock (_writing)
        {
            return WriteOne();
        }
    }

    private string WriteOne()
    {
        lock (_lock)
        {
            _look++;
        }

        _listener.RecordObservableInstruments();
        var text = new StringBuilder(8192);
        lock (_lock)
        {
            _series -= _families.Values.Sum(f => f.Forget(_look));
            foreach (var (name, family) in _families)
            {
                family.Write(name, text);
            }
        }

        return text.ToString();
    }

    public void Dispose() => _listener.Dispose();

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = Labels(tags);
        lock (_lock)
        {
            var kind = KindOf(instrument);
            var name = NameOf(instrument, kind);
            if (!_families.TryGetValue(name, out var family))
            {
                _families[name] = family = new Family(kind, instrument.Description ?? instrument.Name);
            }

            if (!family.Series.TryGetValue(labels, out var series))
            {
                if (_series >= MaxSeries)
                {
                    return;
                }

                _series++;
                family.Series[labels] = series = new Series(kind == Kind.Histogram);
            }

            // Observed instruments report totals and gauges report states; everything else reports what to add.
            var adds = !instrument.IsObservable && (kind != Kind.Gauge || IsUpDown(instrument));
            series.Take(value, adds);
            series.ObservedAt = instrument.IsObservable ? _look : null;
        }
    }

    private static bool IsUpDown(Instrument instrument) => instrument.GetType().Name.StartsWith("UpDownCounter", StringComparison.Ordinal);

    private static Kind KindOf(Instrument instrument)
    {
        var type = instrument.GetType().Name;
        return type.StartsWith("Histogram", StringComparison.Ordinal) ? Kind.Histogram
            : type.StartsWith("Counter", StringComparison.Ordinal) || type.StartsWith("ObservableCounter", StringComparison.Ordinal) ? Kind.Counter
            : Kind.Gauge;
    }

    private static string NameOf(Instrument instrument, Kind kind)
    {
        var name = new StringBuilder(instrument.Name.Length + 16);
        foreach (var c in instrument.Name)
        {
            name.Append(char.IsAsciiLetterOrDigit(c) ? c : '_');
        }

        if (instrument.Unit is "s" or "By")
        {
            var suffix = instrument.Unit == "s" ? "_seconds" : "_bytes";
            if (!name.ToString().EndsWith(suffix, StringComparison.Ordinal))
            {
                name.Append(suffix);
            }
        }

        return kind == Kind.Counter && !name.ToString().EndsWith("_total", StringComparison.Ordinal) ? name + "_total" : name.ToString();
    }

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty)
        {
            return "";
        }

        var parts = new List<string>(tags.Length);
        foreach (var (key, value) in tags)
        {
            var name = string.Concat(key.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
            var escaped = Convert.ToString(value, CultureInfo.InvariantCulture)?
                .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
            parts.Add($"{name}=\"{escaped}\"");
        }

        parts.Sort(StringComparer.Ordinal);
        return string.Join(',', parts);
    }

    private enum Kind
    {
        Counter,
        Gauge,
        Histogram,
    }

    private sealed record Family(Kind Kind, string Help)
    {
        public SortedDictionary<string, Series> Series { get; } = new(StringComparer.Ordinal);

        /// <summary>Lets go of what was observed before and not at the latest look; how many those were.</summary>
        public int Forget(int look)
        {
            var gone = Series.Where(s => s.Value.ObservedAt is { } at && at != look).Select(s => s.Key).ToList();
            gone.ForEach(labels => Series.Remove(labels));
            return gone.Count;
        }

        public void Write(string name, StringBuilder text)
        {
            if (Series.Count == 0)
            {
                return;
            }

            text.Append("# HELP ").Append(name).Append(' ').Append(Help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", " ", StringComparison.Ordinal)).Append('\n');
            text.Append("# TYPE ").Append(name).Append(' ').Append(Kind switch { Kind.Counter => "counter", Kind.Gauge => "gauge", _ => "histogram" }).Append('\n');
            foreach (var (labels, series) in Series)
            {
                series.Write(name, labels, text);
            }
        }
    }

    private sealed class Series(bool histogram)
    {
        private readonly long[]? _buckets = histogram ? new long[InOrder.Length + 1] : null;
        private double _value;
        private long _count;

        /// <summary>The look at which an observed instrument told of it last; null for what is recorded as it happens.</summary>
        public int? ObservedAt { get; set; }

        public void Take(double value, bool adds)
        {
            _value = adds ? _value + value : value;
            if (_buckets is not null)
            {
                _count++;
                var bucket = Array.BinarySearch(InOrder, value);
                _buckets[bucket < 0 ? ~bucket : bucket]++;
            }
        }

        public void Write(string name, string labels, StringBuilder text)
        {
            if (_buckets is null)
            {
                Line(text, name, labels, _value);
                return;
            }

            long sum = 0;
            for (var i = 0; i < _buckets.Length; i++)
            {
                sum += _buckets[i];
                var bound = i < InOrder.Length ? InOrder[i].ToString(CultureInfo.InvariantCulture) : "+Inf";
                Line(text, name + "_bucket", labels.Length == 0 ? $"le=\"{bound}\"" : $"{labels},le=\"{bound}\"", sum);
            }

            Line(text, name + "_sum", labels, _value);
            Line(text, name + "_count", labels, _count);
        }

        private static void Line(StringBuilder text, string name, string labels, double value)
        {
            text.Append(name);
            if (labels.Length > 0)
            {
                text.Append('{').Append(labels).Append('}');
            }

            text.Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
        }
    }
}
