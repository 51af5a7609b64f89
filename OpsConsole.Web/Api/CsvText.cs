using System.Globalization;
using System.Text;

namespace OpsConsole.Web.Api;

/// <summary>Comma-separated values (RFC 4180) that a spreadsheet takes for text: what others wrote must not become a formula on the machine of whoever opens the file.</summary>
internal static class CsvText
{
    public const string ContentType = "text/csv; charset=utf-8";

    /// <summary>What a cell must not begin with, spaces aside; the wide forms become the narrow ones in some programs.</summary>
    private const string Formula = "=+-@|%＝＋－＠";

    /// <summary>One line with its end.</summary>
    public static string Line(params IEnumerable<object?> cells) => string.Join(',', cells.Select(Cell)) + "\r\n";

    private static string Cell(object? value) => value switch
    {
        null => "\"\"",
        DateTimeOffset at => Quote(at.ToString("O", CultureInfo.InvariantCulture)),
        string text => Quote(Plain(text)),
        IFormattable number => Quote(number.ToString(null, CultureInfo.InvariantCulture)),
        _ => Quote(Plain(value.ToString() ?? "")),
    };

    private static string Quote(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Plain(string text)
    {
        var plain = string.Create(text.Length, text, static (to, from) =>
        {
            for (var i = 0; i < to.Length; i++)
            {
                to[i] = char.IsControl(from[i]) ? ' ' : from[i];
            }
        });
        var first = plain.AsSpan().TrimStart(' ');
        return first.Length > 0 && Formula.Contains(first[0], StringComparison.Ordinal) ? "'" + plain : plain;
    }

    /// <summary>A file of rows that come page by page, at most so many.</summary>
    public static IResult File(string name, IEnumerable<string> titles, int most, Func<int, Task<IReadOnlyList<IEnumerable<object?>>>> read) => Results.Stream(
        async to =>
        {
            await using var writer = new StreamWriter(to, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true);
            await writer.WriteAsync(Line(titles));
            for (var skip = 0; skip < most;)
            {
                var rows = await read(skip);
                foreach (var row in rows)
                {
                    await writer.WriteAsync(Line(row));
                }

                if (rows.Count == 0)
                {
                    return;
                }

                skip += rows.Count;
                await writer.FlushAsync();
            }
        },
        ContentType,
        name);
}
