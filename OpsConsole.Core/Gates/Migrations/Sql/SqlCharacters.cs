namespace OpsConsole.Core.Gates.Migrations.Sql;

/// <summary>Which characters make up words, numbers and lines.</summary>
internal static class SqlCharacters
{
    public static bool IsWordStart(char c) => char.IsAsciiLetter(c) || c == '_' || (c >= 128 && !char.IsWhiteSpace(c) && !char.IsControl(c));

    public static bool IsWordPart(char c, SqlDialect dialect) => IsWordStart(c) || char.IsAsciiDigit(c) || c == '$' || (dialect == SqlDialect.SqlServer && c is '#' or '@');

    public static int BehindWord(string sql, int at, SqlDialect dialect)
    {
        while (at < sql.Length && IsWordPart(sql[at], dialect))
        {
            at++;
        }

        return at;
    }

    public static int BehindNumber(string sql, int at)
    {
        while (at < sql.Length && (char.IsAsciiLetterOrDigit(sql[at]) || sql[at] is '.' or '_' || (sql[at] is '+' or '-' && sql[at - 1] is 'e' or 'E')))
        {
            at++;
        }

        return at;
    }

    public static int EndOfLine(string sql, int at)
    {
        while (at < sql.Length && sql[at] is not ('\n' or '\r'))
        {
            at++;
        }

        return at;
    }

    /// <summary>A text for a sentence, shortened.</summary>
    public static string Shown(string text) => text.Length <= 32 ? text : text[..32] + "…";
}
