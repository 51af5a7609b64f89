using System.Text;

namespace OpsConsole.Core.Sources.PrometheusText;

/// <summary>Reads the <c>name{label="value",...}</c> part of a line, and remembers what it has read: a source writes the same series at every read, so only the first costs text.</summary>
internal sealed class SeriesText(ExpositionLimits limits)
{
    private readonly Dictionary<string, SeriesId> _known = new(StringComparer.Ordinal);
    private long _characters;

    /// <summary>Reads a series at the cursor.</summary>
    public SeriesId Take(ref LineCursor cursor)
    {
        var length = Length(cursor.Rest);
        var lookup = _known.GetAlternateLookup<ReadOnlySpan<char>>();
        if (length > 0 && lookup.TryGetValue(cursor.Rest[..length], out var known))
        {
            cursor.Skip(length);
            return known;
        }

        var start = cursor;
        var name = cursor.TakeMetricName();
        Limit(start, name.Length, "a metric's name");
        var id = new SeriesId(name.ToString(), cursor.Sees('{') || BlanksThenBrace(ref cursor) ? TakeLabels(ref cursor) : []);
        Remember(start.Rest[..(cursor.At - start.At)].ToString(), id);
        return id;
    }

    /// <summary>Reads labels from the opening brace to the closing one.</summary>
    public List<Label> TakeLabels(ref LineCursor cursor)
    {
        cursor.Take('{');
        var labels = new List<Label>();
        while (true)
        {
            cursor.SkipBlanks();
            if (cursor.Take('}'))
            {
                return labels;
            }

            var start = cursor;
            var name = cursor.TakeLabelName().ToString();
            Limit(start, name.Length, "a label's name");
            if (name == "__name__")
            {
                throw start.Fault("the label '__name__' is the metric's name and cannot be written");
            }

            if (labels.Exists(l => l.Name == name))
            {
                throw start.Fault($"the label '{name}' is written twice");
            }

            if (labels.Count >= limits.MaxLabels)
            {
                throw start.Fault($"more than {limits.MaxLabels} labels");
            }

            cursor.SkipBlanks();
            if (!cursor.Take('='))
            {
                throw cursor.Fault($"'=' is missing after the label's name; found {cursor.Here}");
            }

            cursor.SkipBlanks();
            labels.Add(new Label(name, TakeValue(ref cursor)));
            cursor.SkipBlanks();
            if (!cursor.Take(',') && !cursor.Sees('}'))
            {
                throw cursor.Fault($"',' or '}}' is missing after the label's value; found {cursor.Here}");
            }
        }
    }

    /// <summary>A source that never writes the same series twice makes this begin anew rather than grow.</summary>
    private void Remember(string text, SeriesId id)
    {
        if (_known.Count >= 2 * limits.MaxSeries || _characters > 2L * limits.MaxBytes)
        {
            _known.Clear();
            _characters = 0;
        }

        _characters += text.Length;
        _known[text] = id;
    }

    private string TakeValue(ref LineCursor cursor)
    {
        var start = cursor;
        if (!cursor.Take('"'))
        {
            throw cursor.Fault($"a label's value begins with '\"'; found {cursor.Here}");
        }

        var end = cursor.Rest.IndexOfAny('"', '\\');
        if (end >= 0 && cursor.Rest[end] == '"')
        {
            Limit(start, end, "a label's value");
            var plain = cursor.Rest[..end].ToString();
            cursor.Skip(end + 1);
            return plain;
        }

        var value = new StringBuilder();
        while (!cursor.Take('"'))
        {
            if (cursor.AtEnd)
            {
                throw start.Fault("the label's value is not closed with '\"'");
            }

            value.Append(TakeCharacter(ref cursor));
            Limit(start, value.Length, "a label's value");
        }

        return value.ToString();
    }

    private static char TakeCharacter(ref LineCursor cursor)
    {
        var c = cursor.Rest[0];
        if (c != '\\')
        {
            cursor.Skip(1);
            return c;
        }

        var unescaped = cursor.Rest.Length < 2 ? '\0' : cursor.Rest[1] switch { '\\' => '\\', '"' => '"', 'n' => '\n', _ => '\0' };
        if (unescaped == '\0')
        {
            throw cursor.Fault("after '\\' in a label's value only '\\', '\"' or 'n' may follow");
        }

        cursor.Skip(2);
        return unescaped;
    }

    private static bool BlanksThenBrace(ref LineCursor cursor)
    {
        var ahead = cursor;
        ahead.SkipBlanks();
        if (!ahead.Sees('{'))
        {
            return false;
        }

        cursor = ahead;
        return true;
    }

    private void Limit(in LineCursor start, int length, string what)
    {
        if (length > limits.MaxTextLength)
        {
            throw start.Fault($"{what} is longer than {limits.MaxTextLength} characters");
        }
    }

    /// <summary>How many characters a well-formed series takes: to the brace that closes its labels, or to the first blank. 0 when it is written in another way.</summary>
    private static int Length(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAny(' ', '\t', '{');
        if (end < 0 || text[end] != '{')
        {
            return end < 0 || text[end..].TrimStart(" \t") is ['{', ..] ? 0 : end;
        }

        var quoted = false;
        for (var i = end + 1; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\\' when quoted:
                    i++;
                    break;
                case '"':
                    quoted = !quoted;
                    break;
                case '}' when !quoted:
                    return i + 1;
            }
        }

        return 0;
    }
}
