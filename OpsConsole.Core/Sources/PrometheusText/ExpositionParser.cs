using System.Globalization;

namespace OpsConsole.Core.Sources.PrometheusText;

/// <summary>Reads Prometheus text exposition, format 0.0.4, strictly: what is not in the format is refused with its place, because half-understood numbers are worse than none.</summary>
/// <remarks>
/// Of OpenMetrics it takes <c># UNIT</c>, <c># EOF</c>, exemplars (checked and dropped) and timestamps in seconds when told so.
/// One parser belongs to one source and remembers the text of its series between reads. It is not safe for use by several threads.
/// </remarks>
public sealed class ExpositionParser(ExpositionLimits? limits = null)
{
    /// <summary>The header <c>Accept</c> that asks for it.</summary>
    public const string Accept = "text/plain;version=0.0.4;q=1,*/*;q=0.1";

    private readonly ExpositionLimits _limits = limits ?? ExpositionLimits.Default;
    private readonly SeriesText _seriesText = new(limits ?? ExpositionLimits.Default);
    private readonly HashSet<SeriesId> _seen = [];

    /// <summary>Reads a whole body.</summary>
    /// <param name="text">The body; every line ends with a line feed.</param>
    /// <param name="openMetrics">True when the source said that it writes OpenMetrics: timestamps are then seconds, not milliseconds.</param>
    /// <exception cref="ExpositionException">The text is not in the format, or passes a limit.</exception>
    public Exposition Parse(ReadOnlySpan<char> text, bool openMetrics = false)
    {
        _seen.Clear();
        var result = new Exposition();
        var comments = new CommentLines(result);
        var number = 0;
        while (!text.IsEmpty)
        {
            number++;
            var end = text.IndexOf('\n');
            var cursor = new LineCursor(end < 0 ? text : text[..end], number);
            ReadLine(ref cursor, result, comments, openMetrics);
            if (end < 0 && !comments.Ended)
            {
                throw cursor.Fault("the last line does not end with a line feed: the text is cut off");
            }

            text = end < 0 ? default : text[(end + 1)..];
        }

        HistogramCheck.Check(result);
        return result;
    }

    private void ReadLine(ref LineCursor cursor, Exposition result, CommentLines comments, bool openMetrics)
    {
        cursor.SkipBlanks();
        if (cursor.AtEnd)
        {
            return;
        }

        if (comments.Ended)
        {
            throw cursor.Fault("text follows after '# EOF'");
        }

        if (cursor.Take('#'))
        {
            comments.Read(ref cursor);
            return;
        }

        var start = cursor.At;
        var id = _seriesText.Take(ref cursor);
        CheckName(cursor, start, id, result);
        EndSeries(ref cursor);
        var value = TakeNumber(ref cursor, "value");
        cursor.SkipBlanks();
        var timestamp = cursor.AtEnd || cursor.Sees('#') ? null : TakeTimestamp(ref cursor, openMetrics);
        cursor.SkipBlanks();
        if (cursor.Take('#'))
        {
            SkipExemplar(ref cursor);
        }

        cursor.SkipBlanks();
        if (!cursor.AtEnd)
        {
            throw cursor.Fault($"after the value only a timestamp may follow; found {cursor.Here}");
        }

        if (!_seen.Add(id))
        {
            throw cursor.Fault(start, $"a series of '{id.Name}' with the same labels was given before");
        }

        if (result.Count >= _limits.MaxSeries)
        {
            throw cursor.Fault(start, $"more than {_limits.MaxSeries} series");
        }

        result.Add(new Series(id, value, timestamp, cursor.Line));
    }

    /// <summary>Holds a sample's name and labels against the type that was declared for it.</summary>
    private static void CheckName(in LineCursor cursor, int start, SeriesId id, Exposition result)
    {
        if (result.Declaration(id.Name) is not { } declared)
        {
            return;
        }

        var plain = id.Name.Length == declared.Name.Length;
        switch (declared.Type)
        {
            case MetricType.Histogram when plain:
                throw cursor.Fault(start, $"'{declared.Name}' is a histogram: it has '{declared.Name}_bucket', '{declared.Name}_sum' and '{declared.Name}_count'");
            case MetricType.Histogram when id.Name.EndsWith("_bucket", StringComparison.Ordinal) && double.IsNaN(id.UpperBound):
                throw cursor.Fault(start, "a bucket needs the label 'le' with a number or +Inf");
            case MetricType.Summary when plain && (!ExpositionNumber.TryParse(id["quantile"], out var quantile) || quantile is not (>= 0 and <= 1)):
                throw cursor.Fault(start, $"'{declared.Name}' is a summary: it needs the label 'quantile' with a number from 0 to 1");
        }
    }

    /// <summary>A name ends with a blank; labels end with their brace and need none.</summary>
    private static void EndSeries(ref LineCursor cursor)
    {
        if (!cursor.AtEnd && !cursor.Sees(' ') && !cursor.Sees('\t') && !cursor.Follows('}'))
        {
            throw cursor.Fault($"{cursor.Here} cannot be in a metric's name");
        }

        cursor.SkipBlanks();
    }

    private static double TakeNumber(ref LineCursor cursor, string what)
    {
        var start = cursor;
        var word = cursor.TakeWord();
        if (word.IsEmpty)
        {
            throw start.Fault($"the {what} is missing");
        }

        return ExpositionNumber.TryParse(word, out var number)
            ? number
            : throw start.Fault(word[^1] == '\r' ? "the line ends with a carriage return; lines end with a line feed alone" : $"the {what} is not a number");
    }

    private static long? TakeTimestamp(ref LineCursor cursor, bool openMetrics)
    {
        var start = cursor;
        var word = cursor.TakeWord();
        if (openMetrics && ExpositionNumber.TryParse(word, out var seconds) && Math.Abs(seconds) < 1e15)
        {
            return (long)(seconds * 1000);
        }

        return !openMetrics && long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var milliseconds)
            ? milliseconds
            : throw start.Fault(openMetrics ? "the timestamp is not a number of seconds" : "the timestamp is not a whole number of milliseconds");
    }

    private void SkipExemplar(ref LineCursor cursor)
    {
        cursor.SkipBlanks();
        if (!cursor.Sees('{'))
        {
            throw cursor.Fault($"an exemplar begins with '{{'; found {cursor.Here}");
        }

        _seriesText.TakeLabels(ref cursor);
        cursor.SkipBlanks();
        TakeNumber(ref cursor, "exemplar's value");
        cursor.SkipBlanks();
        if (!cursor.AtEnd)
        {
            TakeTimestamp(ref cursor, openMetrics: true);
        }
    }
}
