using System.Text.RegularExpressions;

namespace OpsConsole.Core.Policies.Text;

/// <summary>Says in the words of who writes a policy what keeps a text from being YAML, and where it really is: a parser finds most slips a line late and names them by its own parts.</summary>
internal static partial class YamlFaults
{
    /// <summary>Longer lines are not looked into.</summary>
    private const int Longest = 1_000;

    /// <summary>Notes the fault.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="line">Where the parser gave up, from 1.</param>
    /// <param name="column">Likewise.</param>
    /// <param name="why">What the parser says.</param>
    /// <param name="faults">Where it goes.</param>
    public static void Add(string text, int line, int column, string why, PolicyFaults faults)
    {
        var lines = text.Split('\n');
        line = Math.Min(line, lines.Length);
        var at = lines[line - 1].TrimEnd('\r');
        if (Tab(lines, why.Contains("tab", StringComparison.Ordinal) ? lines.Length : line) is { } tab)
        {
            faults.Error(tab.Line, tab.Column, "YAML is indented with spaces; there is a tab here.", "Put spaces in its place.");
        }
        else if (why.Contains("quoted scalar", StringComparison.Ordinal) && !why.Contains("escape", StringComparison.Ordinal))
        {
            faults.Error(line, column, "The quote that opens here is not closed, or closed too late.", "Close it at the end of the value.");
        }
        else if (why.Contains("escape", StringComparison.Ordinal))
        {
            faults.Error(line, column, "There is a backslash in these double quotes that escapes nothing.", "Write it twice, or put the value in single quotes.");
        }
        else if (why.Contains("cannot start any token", StringComparison.Ordinal))
        {
            var c = column <= at.Length ? at[column - 1] : ' ';
            faults.Error(line, column, $"A value does not begin with '{c}'.", "Put the value in quotes, or take the character out.");
        }
        else if (why.Contains("block scalar", StringComparison.Ordinal))
        {
            faults.Error(line, column, "A value does not begin with '>' or '|': that begins a block of text. A trigger begins with its signal.", "Write the signal first, or put the value in quotes.");
        }
        else if (Opened(text) is { } open)
        {
            faults.Error(open.Line, open.Column, $"The '{open.Bracket}' that opens here is not closed.", $"Close it with '{(open.Bracket == '[' ? ']' : '}')}'.");
        }
        else if (why.Contains("invalid mapping", StringComparison.Ordinal))
        {
            Mapping(lines, line, column, faults);
        }
        else if (why.Contains("expected key", StringComparison.Ordinal) || why.Contains("expected '-'", StringComparison.Ordinal))
        {
            Neighbour(at, line, column, faults);
        }
        else
        {
            faults.Error(line, column, $"This is not YAML: {why.TrimEnd('.')}.");
        }
    }

    /// <summary>A line whose key has no colon, or no space after it; null for another.</summary>
    public static (string Key, string Message, string Suggestion)? Forgotten(string line)
    {
        if (line.Length > Longest || KeyAlone().Match(line.Trim()) is not { Success: true } match)
        {
            return null;
        }

        var (key, value) = (match.Groups["key"].Value, PolicyNames.Shown(match.Groups["value"].Value));
        return (
            key,
            match.Groups["colon"].Value switch
            {
                "" => $"There is no colon after '{key}'.",
                ":" => $"There is no space after the colon of '{key}'.",
                var other => $"What stands after '{key}' looks like a colon, and is the character U+{(int)other[0]:X4}.",
            },
            $"Did you mean '{key}:{(value.Length == 0 ? "" : " " + value)}'?");
    }

    /// <summary>The likeliest reason of all, up to the place where the parser gave up.</summary>
    private static (int Line, int Column)? Tab(string[] lines, int until)
    {
        var tab = Array.FindIndex(lines, static line => line.TrimStart(' ').StartsWith('\t') && !string.IsNullOrWhiteSpace(line));
        return tab >= 0 && tab < until ? (tab + 1, lines[tab].IndexOf('\t', StringComparison.Ordinal) + 1) : null;
    }

    /// <summary>A ': ' where there can be none: after a value on the same line, or because something above it is not finished.</summary>
    private static void Mapping(string[] lines, int line, int column, PolicyFaults faults)
    {
        var at = lines[line - 1];
        if (at[..Math.Min(column - 1, at.Length)].Contains(": ", StringComparison.Ordinal))
        {
            var begin = at.IndexOf(": ", StringComparison.Ordinal) + 2;
            faults.Error(line, column, "There is a second ': ' on this line.", $"Put the value in quotes: \"{PolicyNames.Shown(at[begin..].Trim())}\".");
            return;
        }

        var above = line < 2 ? -1 : Array.FindLastIndex(lines, line - 2, static l => !string.IsNullOrWhiteSpace(l) && !l.TrimStart().StartsWith('#'));
        var begun = above < 0 || lines[above].Length > Longest ? null : Item().Match(lines[above]);
        if (begun is { Success: true } && Forgotten(begun.Groups["rest"].Value) is { } forgotten)
        {
            faults.Error(above + 1, begun.Groups["rest"].Index + 1, forgotten.Message, forgotten.Suggestion);
            return;
        }

        faults.Error(line, Indent(at) + 1, "This line is indented deeper than the one above, which has its value already.", "Indent it like the keys beside it.");
    }

    /// <summary>A line that is no key beside its neighbours.</summary>
    private static void Neighbour(string at, int line, int column, PolicyFaults faults)
    {
        if (at.Length <= Longest && Forgotten(Item().Match(at) is { Success: true } item ? item.Groups["rest"].Value : at) is { } forgotten)
        {
            faults.Error(line, column, forgotten.Message, forgotten.Suggestion);
            return;
        }

        faults.Error(line, column, "This line is not indented like the ones that it stands beside.", "Give it as many spaces as its neighbours have.");
    }

    /// <summary>The last bracket that is open at the end of the text; quotes and comments are passed over.</summary>
    private static (int Line, int Column, char Bracket)? Opened(string text)
    {
        var open = new Stack<(int Line, int Column, char Bracket)>();
        var (line, start, quote) = (1, 0, '\0');
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var isFirst = i == start || text[i - 1] is ' ' or '[' or '{' or ',' or '\t';
            if (c == '\n')
            {
                (line, start) = (line + 1, i + 1);
            }
            else if (quote != '\0')
            {
                quote = c == quote ? '\0' : quote;
            }
            else if (c == '#' && isFirst)
            {
                i = text.IndexOf('\n', i) is var end and >= 0 ? end - 1 : text.Length;
            }
            else if (c is '"' or '\'' && isFirst)
            {
                quote = c;
            }
            else if (c is '[' or '{' && (isFirst || open.Count > 0))
            {
                open.Push((line, i - start + 1, c));
            }
            else if (c is ']' or '}' && open.Count > 0)
            {
                open.Pop();
            }
        }

        return open.Count > 0 ? open.Peek() : null;
    }

    private static int Indent(string line) => line.Length - line.TrimStart(' ').Length;

    [GeneratedRegex(@"\A(?<key>[A-Za-z][A-Za-z0-9_]*)(?:(?<colon>:)(?=\S)|(?<colon>：)\s*|\s+|\z)(?<value>(?!.*:(?:\s|\z)).*)\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex KeyAlone();

    [GeneratedRegex(@"\A\s*(?:-\s+)*(?<rest>\S.*?)\s*\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Item();
}
