using System.Text;

namespace OpsConsole.Core.Sources.PrometheusText;

/// <summary>Chooses series as an instant selector of PromQL does: <c>http_requests_total{status=~"5..",env!="dev"}</c>. A label that a series does not have counts as empty.</summary>
public sealed class SeriesSelector
{
    private readonly LabelMatcher[] _matchers;

    private SeriesSelector(string name, LabelMatcher[] matchers)
    {
        Name = name;
        _matchers = matchers;
    }

    /// <summary>The metric's name.</summary>
    public string Name { get; }

    /// <summary>Reads a selector.</summary>
    /// <exception cref="FormatException">It is none; the message says where and why.</exception>
    public static SeriesSelector Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            return Read(new LineCursor(text, 1));
        }
        catch (ExpositionException e)
        {
            throw new FormatException($"'{text}' is not a selector: {e.Message}.", e);
        }
    }

    /// <summary>The same matchers on another name: a histogram's on its buckets.</summary>
    public SeriesSelector WithName(string name) => new(name, _matchers);

    /// <summary>True when the series has the name and passes every matcher.</summary>
    /// <exception cref="System.Text.RegularExpressions.RegexMatchTimeoutException">An expression took longer than <see cref="LabelMatcher.Timeout"/>.</exception>
    public bool Matches(SeriesId series)
    {
        ArgumentNullException.ThrowIfNull(series);
        if (series.Name != Name)
        {
            return false;
        }

        foreach (var matcher in _matchers)
        {
            if (!matcher.Matches(series[matcher.Label]))
            {
                return false;
            }
        }

        return true;
    }

    private static SeriesSelector Read(LineCursor cursor)
    {
        cursor.SkipBlanks();
        var name = cursor.TakeMetricName().ToString();
        cursor.SkipBlanks();
        var matchers = new List<LabelMatcher>();
        if (cursor.Take('{'))
        {
            ReadMatchers(ref cursor, matchers);
        }

        cursor.SkipBlanks();
        return cursor.AtEnd ? new SeriesSelector(name, [.. matchers]) : throw cursor.Fault($"only a name and matchers in braces are taken; found {cursor.Here}");
    }

    private static void ReadMatchers(ref LineCursor cursor, List<LabelMatcher> matchers)
    {
        while (true)
        {
            cursor.SkipBlanks();
            if (cursor.Take('}'))
            {
                return;
            }

            var label = cursor.TakeLabelName().ToString();
            if (label == "__name__")
            {
                throw cursor.Fault("the metric's name stands before the braces, not in them");
            }

            cursor.SkipBlanks();
            var kind = ReadKind(ref cursor);
            cursor.SkipBlanks();
            var start = cursor;
            var value = ReadText(ref cursor);
            try
            {
                matchers.Add(new LabelMatcher(label, kind, value));
            }
            catch (ArgumentException e)
            {
                throw start.Fault($"the expression is not understood: {e.Message}");
            }

            cursor.SkipBlanks();
            if (!cursor.Take(',') && !cursor.Sees('}'))
            {
                throw cursor.Fault($"',' or '}}' is missing after the matcher; found {cursor.Here}");
            }
        }
    }

    private static MatchKind ReadKind(ref LineCursor cursor)
    {
        if (cursor.Take('='))
        {
            return cursor.Take('~') ? MatchKind.Like : MatchKind.Equal;
        }

        if (cursor.Take('!'))
        {
            if (cursor.Take('='))
            {
                return MatchKind.NotEqual;
            }

            if (cursor.Take('~'))
            {
                return MatchKind.NotLike;
            }
        }

        throw cursor.Fault($"one of =, !=, =~ and !~ is expected; found {cursor.Here}");
    }

    /// <summary>A text in double quotes, in single quotes, or as it stands in backticks.</summary>
    private static string ReadText(ref LineCursor cursor)
    {
        var start = cursor;
        if (cursor.AtEnd || cursor.Rest[0] is not ('"' or '\'' or '`'))
        {
            throw cursor.Fault($"a text in quotes is expected; found {cursor.Here}");
        }

        var quote = cursor.Rest[0];
        cursor.Skip(1);
        var text = new StringBuilder();
        while (!cursor.Take(quote))
        {
            if (cursor.AtEnd)
            {
                throw start.Fault("the text is not closed");
            }

            var c = cursor.Rest[0];
            if (c == '\\' && quote != '`')
            {
                c = cursor.Rest.Length < 2 ? '\0' : cursor.Rest[1] switch
                {
                    '\\' => '\\', '"' => '"', '\'' => '\'', 'n' => '\n', 't' => '\t', 'r' => '\r', _ => '\0',
                };
                if (c == '\0')
                {
                    throw cursor.Fault("after '\\' only '\\', a quote, 'n', 't' or 'r' may follow; write '\\\\' for a backslash of an expression");
                }

                cursor.Skip(1);
            }

            text.Append(c);
            cursor.Skip(1);
        }

        return text.ToString();
    }
}
