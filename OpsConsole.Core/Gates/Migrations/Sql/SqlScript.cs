namespace OpsConsole.Core.Gates.Migrations.Sql;

/// <summary>A script cut into statements.</summary>
internal sealed class SqlScript
{
    private readonly int[] _lines;

    private SqlScript(string text, SqlDialect dialect)
    {
        (Text, Dialect) = (text, dialect);
        _lines = LineStarts(text);
        (Tokens, var faults) = SqlTokenizer.Read(text, dialect);
        (Statements, var more) = dialect == SqlDialect.Postgres ? PostgresSplitter.Split(this) : ServerSplitter.Split(this);
        Faults = [.. faults, .. more];
    }

    public string Text { get; }

    public SqlDialect Dialect { get; }

    public IReadOnlyList<SqlToken> Tokens { get; }

    public IReadOnlyList<SqlStatement> Statements { get; }

    public IReadOnlyList<SqlFault> Faults { get; }

    /// <summary>Tokens that were looked at, one look each.</summary>
    public long Looks { get; set; }

    public static SqlScript Read(string text, SqlDialect dialect) => new(text, dialect);

    /// <summary>Line and column of an offset, both from 1.</summary>
    public (int Line, int Column) Place(int offset)
    {
        var found = Array.BinarySearch(_lines, offset);
        var line = found >= 0 ? found : ~found - 1;
        return (line + 1, offset - _lines[line] + 1);
    }

    /// <summary>What stands between two offsets, on one line and shortened.</summary>
    public string Excerpt(int start, int end)
    {
        var cut = Text.AsSpan(start, Math.Min(end - start, MigrationLimits.MaxExcerpt * 4));
        var shown = new System.Text.StringBuilder(MigrationLimits.MaxExcerpt);
        var blank = false;
        foreach (var rune in cut.EnumerateRunes())
        {
            if (System.Text.Rune.IsWhiteSpace(rune) || System.Text.Rune.IsControl(rune))
            {
                blank = shown.Length > 0;
                continue;
            }

            if (shown.Length >= MigrationLimits.MaxExcerpt - 4)
            {
                return shown.Append('…').ToString();
            }

            if (blank)
            {
                shown.Append(' ');
                blank = false;
            }

            shown.Append(rune);
        }

        return cut.Length < end - start ? shown.Append('…').ToString() : shown.ToString();
    }

    private static int[] LineStarts(string text)
    {
        var starts = new List<int> { 0 };
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n' || (text[i] == '\r' && !(i + 1 < text.Length && text[i + 1] == '\n')))
            {
                starts.Add(i + 1);
            }
        }

        return [.. starts];
    }
}

/// <summary>One statement: a run of tokens of its script.</summary>
internal sealed class SqlStatement(SqlScript script, int first, int end)
{
    public SqlScript Script { get; } = script;

    /// <summary>Index of its first token.</summary>
    public int First { get; } = first;

    /// <summary>Index after its last token, the semicolon left out.</summary>
    public int End { get; } = end;

    /// <summary>Why it cannot be read, where it cannot.</summary>
    public SqlFault? Fault { get; init; }

    public SqlToken Lead => Script.Tokens[First];

    public int Start => Lead.Start;

    public string Excerpt => End > First ? Script.Excerpt(Start, Script.Tokens[End - 1].End) : "";

    public SqlCursor Read() => new(Script, First, End);
}
