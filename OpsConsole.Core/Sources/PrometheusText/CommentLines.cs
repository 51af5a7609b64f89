namespace OpsConsole.Core.Sources.PrometheusText;

/// <summary>The lines of one body that begin with '#': TYPE, HELP, UNIT and EOF mean something, every other is a remark.</summary>
internal sealed class CommentLines(Exposition result)
{
    private static readonly string[] Endings = ["", "_bucket", "_sum", "_count", "_total", "_created", "_info", "_gsum", "_gcount"];

    private readonly HashSet<string> _helped = new(StringComparer.Ordinal);
    private readonly HashSet<string> _measured = new(StringComparer.Ordinal);

    /// <summary>True after <c># EOF</c>.</summary>
    public bool Ended { get; private set; }

    /// <summary>Reads what follows after '#'.</summary>
    public void Read(ref LineCursor cursor)
    {
        if (!cursor.Sees(' ') && !cursor.Sees('\t'))
        {
            return;
        }

        cursor.SkipBlanks();
        switch (cursor.TakeWord())
        {
            case "TYPE":
                ReadType(ref cursor);
                break;
            case "HELP":
                Once(ref cursor, _helped, "HELP");
                break;
            case "UNIT":
                Once(ref cursor, _measured, "UNIT");
                break;
            case "EOF":
                cursor.SkipBlanks();
                Ended = cursor.AtEnd;
                break;
        }
    }

    private static void Once(ref LineCursor cursor, HashSet<string> seen, string keyword)
    {
        cursor.SkipBlanks();
        var at = cursor.At;
        var name = cursor.TakeMetricName().ToString();
        RequireBlankOrEnd(cursor);
        if (!seen.Add(name))
        {
            throw cursor.Fault(at, $"a second {keyword} line for '{name}'");
        }
    }

    private void ReadType(ref LineCursor cursor)
    {
        cursor.SkipBlanks();
        var at = cursor.At;
        var name = cursor.TakeMetricName().ToString();
        RequireBlankOrEnd(cursor);
        cursor.SkipBlanks();
        var typeAt = cursor.At;
        MetricType? type = cursor.TakeWord() switch
        {
            "counter" => MetricType.Counter,
            "gauge" => MetricType.Gauge,
            "histogram" => MetricType.Histogram,
            "summary" => MetricType.Summary,
            "untyped" or "unknown" => MetricType.Untyped,
            "gaugehistogram" => MetricType.GaugeHistogram,
            "info" => MetricType.Info,
            "stateset" => MetricType.StateSet,
            _ => null,
        };
        if (type is null)
        {
            throw cursor.Fault(typeAt, "the type is none of counter, gauge, histogram, summary and untyped");
        }

        cursor.SkipBlanks();
        if (!cursor.AtEnd)
        {
            throw cursor.Fault($"nothing may follow after the type; found {cursor.Here}");
        }

        if (result.Types.ContainsKey(name))
        {
            throw cursor.Fault(at, $"a second TYPE line for '{name}'");
        }

        result.Declare(name, type.Value);
        if (Endings.Any(ending => result.ByName.ContainsKey(name + ending) && result.Declaration(name + ending)?.Name == name))
        {
            throw cursor.Fault(at, $"the TYPE line for '{name}' comes after its series");
        }
    }

    private static void RequireBlankOrEnd(in LineCursor cursor)
    {
        if (!cursor.AtEnd && !cursor.Sees(' ') && !cursor.Sees('\t'))
        {
            throw cursor.Fault($"{cursor.Here} cannot be in a metric's name");
        }
    }
}
