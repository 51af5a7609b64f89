using System.Collections.Frozen;

namespace OpsConsole.Core.Sources.Sql;

/// <summary>The words of a statement in SQL Server's language. It takes several statements in a row without anything between them, so they are told by words that no query has: all of them are reserved, and name nothing without brackets.</summary>
internal static class TransactWords
{
    private static readonly FrozenSet<string> Others = FrozenSet.ToFrozenSet(
    [
        "ALTER", "BACKUP", "BEGIN", "BULK", "CHECKPOINT", "COMMIT", "CREATE", "DBCC", "DECLARE", "DELETE", "DENY", "DROP", "DUMP", "EXEC", "EXECUTE", "GRANT", "INSERT", "INTO", "KILL", "LOAD", "MERGE",
        "OPENDATASOURCE", "OPENQUERY", "OPENROWSET", "RECONFIGURE", "RESTORE", "REVERT", "REVOKE", "ROLLBACK", "SAVE", "SET", "SHUTDOWN", "TRUNCATE", "UPDATE", "UPDATETEXT", "WAITFOR", "WRITETEXT",
    ], StringComparer.OrdinalIgnoreCase);

    /// <summary>What makes a text no single query, as a sentence; null where nothing does.</summary>
    public static string? Fault(string text)
    {
        if (Of(text) is not { } words)
        {
            return "a text, a name or a comment in the query has no end";
        }

        for (var i = 0; i < words.Count; i++)
        {
            // MERGE is also a way to join, which a query may ask for.
            var isHint = words[i].Equals("MERGE", StringComparison.OrdinalIgnoreCase) && i + 1 < words.Count && words[i + 1].ToUpperInvariant() is "JOIN" or "UNION";
            if (!isHint && Others.Contains(words[i]))
            {
                return $"a query is one statement that reads, and {words[i].ToUpperInvariant()} is a word of others; as a name it stands in brackets";
            }
        }

        return null;
    }

    /// <summary>Words outside of texts, names in quotes or brackets, and comments, in their order; null where one of these has no end.</summary>
    private static List<string>? Of(string text)
    {
        var words = new List<string>();
        for (var at = 0; at < text.Length;)
        {
            var after = text[at] switch
            {
                '\'' or '"' => Quoted(text, at, text[at]),
                '[' => Quoted(text, at, ']'),
                '-' when Follows(text, at, '-') => text.IndexOf('\n', at) is >= 0 and var end ? end : text.Length,
                '/' when Follows(text, at, '*') => Comment(text, at),
                var c when IsOfWord(c) => Word(text, at),
                _ => at + 1,
            };
            if (after < 0)
            {
                return null;
            }

            if (IsOfWord(text[at]))
            {
                words.Add(text[at..after]);
            }

            at = after;
        }

        return words;
    }

    /// <summary>A name may begin with @ or #: that of a parameter is none of the words.</summary>
    private static bool IsOfWord(char c) => char.IsLetterOrDigit(c) || c is '_' or '@' or '#' or '$';

    private static bool Follows(string text, int at, char next) => at + 1 < text.Length && text[at + 1] == next;

    private static int Word(string text, int at)
    {
        while (at < text.Length && IsOfWord(text[at]))
        {
            at++;
        }

        return at;
    }

    /// <summary>Where what is quoted ends; the sign that ends it stands twice where it is meant itself. -1 where it has no end.</summary>
    private static int Quoted(string text, int at, char end)
    {
        for (at++; at < text.Length; at++)
        {
            if (text[at] == end && !Follows(text, at, end))
            {
                return at + 1;
            }

            at += text[at] == end ? 1 : 0;
        }

        return -1;
    }

    /// <summary>Where a comment ends, which may have others in it; -1 where it has no end.</summary>
    private static int Comment(string text, int at)
    {
        var depth = 0;
        while (at + 1 < text.Length)
        {
            var (open, close) = (text[at] == '/' && text[at + 1] == '*', text[at] == '*' && text[at + 1] == '/');
            depth += open ? 1 : close ? -1 : 0;
            at += open || close ? 2 : 1;
            if (depth == 0)
            {
                return at;
            }
        }

        return -1;
    }
}
