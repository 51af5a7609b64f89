using System.Globalization;
using OpsConsole.Core.Sources.PrometheusText;

namespace OpsConsole.Core.Sources.Otlp.Streams;

/// <summary>The series that a histogram or summary is written as.</summary>
internal sealed class PartIds
{
    private const string Infinite = "+Inf";

    private readonly SeriesId[] _buckets;

    /// <param name="id">What its parts have in common.</param>
    /// <param name="bounds">Upper bounds of its buckets, rising, without the last; null: it has none.</param>
    public PartIds(SeriesId id, IReadOnlyList<double>? bounds)
    {
        (Count, Sum) = (Named(id, "_count"), Named(id, "_sum"));
        _buckets = bounds is null ? [] : [.. bounds.Select(Text).Append(Infinite).Select(bound => With(id, id.Name + "_bucket", "le", bound))];
    }

    public SeriesId Count { get; }

    public SeriesId Sum { get; }

    public ReadOnlySpan<SeriesId> Buckets => _buckets;

    /// <summary>The series with one more label.</summary>
    public static SeriesId With(SeriesId id, string name, string label, string value) => new(name, [.. id.Labels, new Label(label, value)]);

    public static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static SeriesId Named(SeriesId id, string ending) => new(id.Name + ending, id.Labels.ToArray());
}
