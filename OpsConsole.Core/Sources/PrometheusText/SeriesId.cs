using System.Globalization;
using System.Text;

namespace OpsConsole.Core.Sources.PrometheusText;

/// <summary>One label of a series.</summary>
public readonly record struct Label(string Name, string Value);

/// <summary>What tells one series from another: its name and its labels, in whatever order they were written. A label with an empty value is the same as none.</summary>
public sealed class SeriesId : IEquatable<SeriesId>
{
    private const string BucketSuffix = "_bucket";
    private readonly Label[] _labels;
    private readonly int _hash;

    public SeriesId(string name, IEnumerable<Label> labels)
    {
        ArgumentNullException.ThrowIfNull(name);
        Name = name;
        _labels = [.. labels.Where(l => l.Value.Length > 0).OrderBy(l => l.Name, StringComparer.Ordinal)];
        var hash = new HashCode();
        hash.Add(name, StringComparer.Ordinal);
        foreach (var label in _labels)
        {
            hash.Add(label);
        }

        _hash = hash.ToHashCode();
        if (name.EndsWith(BucketSuffix, StringComparison.Ordinal) && this["le"] is { Length: > 0 } bound && ExpositionNumber.TryParse(bound, out var upper))
        {
            UpperBound = upper;
            Histogram = new SeriesId(name[..^BucketSuffix.Length], _labels.Where(l => l.Name != "le"));
        }
    }

    public string Name { get; }

    public ReadOnlySpan<Label> Labels => _labels;

    /// <summary>For a bucket: the histogram it is part of. Null for every other series.</summary>
    public SeriesId? Histogram { get; }

    /// <summary>For a bucket: its upper bound, inclusive. NaN for every other series.</summary>
    public double UpperBound { get; } = double.NaN;

    /// <summary>Value of a label, empty when the series does not have it.</summary>
    public string this[string label]
    {
        get
        {
            foreach (var candidate in _labels)
            {
                if (candidate.Name == label)
                {
                    return candidate.Value;
                }
            }

            return "";
        }
    }

    public bool Equals(SeriesId? other) =>
        ReferenceEquals(this, other) || (other is not null && _hash == other._hash && Name == other.Name && _labels.AsSpan().SequenceEqual(other._labels));

    public override bool Equals(object? obj) => Equals(obj as SeriesId);

    public override int GetHashCode() => _hash;

    /// <summary>As the exposition format writes it, labels in order of their names.</summary>
    public override string ToString()
    {
        if (_labels.Length == 0)
        {
            return Name;
        }

        var text = new StringBuilder(Name).Append('{');
        for (var i = 0; i < _labels.Length; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{(i > 0 ? "," : "")}{_labels[i].Name}=\"{Escape(_labels[i].Value)}\"");
        }

        return text.Append('}').ToString();
    }

    private static string Escape(string value) => value
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal);
}
