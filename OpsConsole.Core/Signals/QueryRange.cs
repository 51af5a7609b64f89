using System.Globalization;

namespace OpsConsole.Core.Signals;

/// <summary>The time that a query in PromQL looks at, as its text says it: <c>[5m]</c>.</summary>
internal static class QueryRange
{
    /// <summary>Name of the kind of source whose queries are in that language.</summary>
    public const string SpokenBy = "prometheus";

    /// <summary>The longest range, or range of a subquery, that is selected in a query; zero where it selects none.</summary>
    /// <remarks>Durations are written as https://prometheus.io/docs/prometheus/latest/querying/basics/#time-durations has them. A number alone is of seconds. What stands in quotes, or in a comment, is no range.</remarks>
    public static TimeSpan Longest(string query)
    {
        ArgumentNullException.ThrowIfNull(query);
        var longest = TimeSpan.Zero;
        var quote = '\0';
        for (var i = 0; i < query.Length; i++)
        {
            var character = query[i];
            if (quote != '\0')
            {
                i += character == '\\' && quote != '`' ? 1 : 0;
                quote = character == quote ? '\0' : quote;
            }
            else if (character is '"' or '\'' or '`')
            {
                quote = character;
            }
            else if (character == '#')
            {
                i = query.IndexOf('\n', i) is var end and >= 0 ? end : query.Length;
            }
            else if (character == '[' && Duration(query.AsSpan(i + 1)) is { } range && range > longest)
            {
                longest = range;
            }
        }

        return longest;
    }

    /// <summary>The duration that a text begins with, up to the bracket or the colon of a subquery; null where it is none.</summary>
    private static TimeSpan? Duration(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAny(']', ':');
        var rest = end < 0 ? [] : text[..end].Trim();
        if (double.TryParse(rest, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds))
        {
            return Time(seconds * 1_000);
        }

        var milliseconds = 0d;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExceptInRange('0', '9');
            var unit = digits < 1 ? [] : rest[digits..];
            unit = unit[..(unit.IndexOfAnyInRange('0', '9') is var next and >= 0 ? next : unit.Length)];
            if (Milliseconds(unit) is not { } one || !double.TryParse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return null;
            }

            milliseconds += number * one;
            rest = rest[(digits + unit.Length)..];
        }

        return Time(milliseconds);
    }

    private static TimeSpan? Time(double milliseconds) => milliseconds is > 0 and < long.MaxValue / TimeSpan.TicksPerMillisecond ? TimeSpan.FromMilliseconds(milliseconds) : null;

    private static double? Milliseconds(ReadOnlySpan<char> unit) => unit switch
    {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        "w" => 7 * 86_400_000d,
        "y" => 365 * 86_400_000d,
        _ => null,
    };
}
