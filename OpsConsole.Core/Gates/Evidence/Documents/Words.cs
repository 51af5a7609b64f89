using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Core.Gates.Evidence.Documents;

/// <summary>Words out of documents, and sentences about them.</summary>
internal static class Words
{
    private const int MaxName = 200;
    private const int MaxDetail = 300;

    /// <summary>A name as it may be kept: one line, what nobody can see left out, at most 200 characters.</summary>
    public static string Name(string? text) => Clip(text, MaxName);

    /// <summary>The first line of a longer text, at most 300 characters; null where there is nothing to read.</summary>
    public static string? Detail(string? text)
    {
        var line = Clip(text?.AsSpan().Trim().ToString().Split('\n', 2)[0], MaxDetail);
        return line.Length == 0 ? null : line;
    }

    /// <summary>"1 test", "3 tests", "1,204 tests".</summary>
    public static string Of(long count, string one, string? many = null) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? one : many ?? one + "s")}");

    /// <summary>"a, b and c".</summary>
    public static string Join(IReadOnlyList<string> parts) =>
        parts.Count <= 1 ? string.Concat(parts) : $"{string.Join(", ", parts.Take(parts.Count - 1))} and {parts[^1]}";

    /// <summary>The parts that count something: "2 failed", leaving zeros out.</summary>
    public static IReadOnlyList<string> Counted(params (long Count, string Word)[] parts) =>
        [.. parts.Where(p => p.Count > 0).Select(p => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{p.Count:N0} {p.Word}"))];

    private static string Clip(string? text, int most)
    {
        if (text is { Length: > 4000 })
        {
            text = text[..4000];
        }

        var plain = PlainText.Of(text).Trim();
        if (plain.Length <= most)
        {
            return plain;
        }

        var end = char.IsHighSurrogate(plain[most - 2]) ? most - 2 : most - 1;
        return plain[..end] + "…";
    }
}
