using System.Security.Cryptography;
using System.Text;
using OpsConsole.Core.Sources.PrometheusText;

namespace OpsConsole.Core.Sources.Otlp;

/// <summary>Names and attributes of OpenTelemetry as names and labels that a selector can write: what cannot stand in a name becomes an underscore, and nothing is added to the end. See https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/.</summary>
internal static class OtlpLabels
{
    /// <summary>Most labels of one series.</summary>
    public const int Most = 128;

    private const int LongestName = 255;
    private const int LongestValue = 256;
    private const string OfResource = "resource_";
    private const string OfScope = "otel_scope_";

    /// <summary>Attributes of a resource that say whose metrics they are; every series of a version has the same.</summary>
    private static readonly string[] Identity = ["service.name", "service.version", "deployment.environment.name", "deployment.environment"];

    /// <summary>A metric's name; null when it has none, or one that is too long.</summary>
    public static string? Metric(string name) => name.Length is 0 or > LongestName ? null : Name(name, colons: true);

    /// <summary>Labels that every series of a resource has.</summary>
    public static List<(string Key, Label Label)> Resource(OtlpResource resource) =>
        [.. resource.Attributes.Where(a => !Identity.Contains(a.Key, StringComparer.Ordinal)).Select(a => (OfResource + a.Key, Labelled(OfResource + a.Key, a.Value)))];

    /// <summary>Labels of one point by itself.</summary>
    public static List<(string Key, Label Label)> Point(OtlpScope scope, OtlpPoint point)
    {
        var labels = new List<(string, Label)>(point.Attributes.Count + 2);
        if (scope.Name.Length > 0)
        {
            labels.Add((OfScope + "name", Labelled(OfScope + "name", scope.Name)));
        }

        if (scope.Version.Length > 0)
        {
            labels.Add((OfScope + "version", Labelled(OfScope + "version", scope.Version)));
        }

        foreach (var (key, value) in point.Attributes)
        {
            labels.Add((key, Labelled(key, value)));
        }

        return labels;
    }

    /// <summary>A series of these labels. Where keys become the same label, their values stand beside one another in the order of the keys.</summary>
    public static SeriesId Series(string metric, IEnumerable<(string Key, Label Label)> labels) => new(metric, labels
        .GroupBy(static l => l.Label.Name, StringComparer.Ordinal)
        .Select(static same => same.Count() == 1 ? same.First().Label : new Label(same.Key, string.Join(';', same.OrderBy(static l => l.Key, StringComparer.Ordinal).Select(static l => l.Label.Value)))));

    private static Label Labelled(string key, string value)
    {
        var name = Name(key.Length > LongestName ? Short(key) : key, colons: false);

        // These stand for something else in a series.
        return new(name is "le" or "quantile" || name.StartsWith("__", StringComparison.Ordinal) ? "attribute_" + name.TrimStart('_') : name, value.Length > LongestValue ? Short(value) : value);
    }

    /// <summary>What is too long is cut, and still differs from every other.</summary>
    private static string Short(string text) => string.Concat(text.AsSpan(0, 200), " ", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8)));

    private static string Name(string text, bool colons)
    {
        var name = new StringBuilder(text.Length + 1);
        if (text.Length == 0 || char.IsAsciiDigit(text[0]))
        {
            name.Append('_');
        }

        foreach (var c in text)
        {
            if (char.IsAsciiLetterOrDigit(c) || (colons && c == ':'))
            {
                name.Append(c);
            }
            else if (name.Length == 0 || name[^1] != '_')
            {
                name.Append('_');
            }
        }

        return name.ToString();
    }
}
