using System.Diagnostics.CodeAnalysis;

namespace OpsConsole.Core.Gates.Migrations.Sql;

/// <summary>A name with what stands before it: <c>schema.name</c>.</summary>
/// <param name="Schema">The part before the last, or null.</param>
/// <param name="Name">The last part.</param>
/// <param name="At">Its first token.</param>
internal sealed record SqlName(string? Schema, string Name, SqlToken At)
{
    public override string ToString() => Schema is null ? Name : $"{Schema}.{Name}";
}

/// <summary>A run of tokens, by index into the script.</summary>
internal readonly record struct SqlRange(int First, int End)
{
    public bool IsEmpty => End <= First;
}

/// <summary>Reads tokens of a statement one after another; it only ever goes forward.</summary>
internal sealed class SqlCursor(SqlScript script, int first, int end)
{
    private static readonly SqlToken None = new(SqlTokenKind.Symbol, "", 0, 0, false);

    public int Index { get; private set; } = first;

    public bool AtEnd => Index >= end;

    public SqlDialect Dialect => script.Dialect;

    /// <summary>The token here; at the end an empty symbol.</summary>
    public SqlToken Here => Ahead(0);

    /// <summary>The token here, or the last one at the end: where to point when something is missing.</summary>
    public SqlToken Pointed => script.Tokens[Math.Min(Index, end - 1)];

    /// <summary>Where to point when a part is empty: at what stands in its place, or at the comma before it.</summary>
    public SqlToken Missing(SqlRange part) => script.Tokens[Math.Min(part.First, end - 1)];

    public SqlToken Ahead(int by)
    {
        script.Looks++;
        return Index + by < end && Index + by >= 0 ? script.Tokens[Index + by] : None;
    }

    public void Skip() => Index = Math.Min(Index + 1, end);

    public void To(int index) => Index = Math.Clamp(index, Index, end);

    /// <summary>Moves behind these words where they stand here.</summary>
    public bool Try(params ReadOnlySpan<string> words)
    {
        for (var i = 0; i < words.Length; i++)
        {
            if (!Ahead(i).Is(words[i]))
            {
                return false;
            }
        }

        Index += words.Length;
        return true;
    }

    /// <summary>Moves behind the first of these words that stands here.</summary>
    public bool TryAny(params ReadOnlySpan<string> words)
    {
        if (!Here.IsAny(words))
        {
            return false;
        }

        Skip();
        return true;
    }

    public bool Try(char symbol)
    {
        if (!Here.Is(symbol))
        {
            return false;
        }

        Skip();
        return true;
    }

    /// <summary>Reads <c>a</c>, <c>a.b</c>, <c>a.b.c</c> or <c>a..c</c>.</summary>
    public bool TryName([NotNullWhen(true)] out SqlName? name)
    {
        name = null;
        if (!Here.IsName)
        {
            return false;
        }

        var at = Here;
        string? schema = null;
        var last = Here.Text;
        Skip();
        while (Here.Is('.') && (Ahead(1).IsName || Ahead(1).Is('.')))
        {
            Skip();
            if (Here.IsName)
            {
                schema = schema is null ? last : $"{schema}.{last}";
                last = Here.Text;
                Skip();
            }
        }

        name = new SqlName(schema, last, at);
        return true;
    }

    /// <summary>From an opening parenthesis here to behind the one that closes it; what is between them. Empty where none is opened.</summary>
    public SqlRange Parentheses()
    {
        if (!Here.Is('('))
        {
            return new SqlRange(Index, Index);
        }

        var from = Index + 1;
        var depth = 0;
        while (!AtEnd)
        {
            depth += Here.Is('(') ? 1 : Here.Is(')') ? -1 : 0;
            Skip();
            if (depth == 0)
            {
                return new SqlRange(from, Index - 1);
            }
        }

        return new SqlRange(from, end);
    }

    /// <summary>Moves over one token, or over a whole parenthesis that is opened here.</summary>
    public void SkipPart()
    {
        if (Here.Is('('))
        {
            Parentheses();
        }
        else
        {
            Skip();
        }
    }

    /// <summary>To the next comma that is in no parenthesis, or to the end.</summary>
    public SqlRange ToComma()
    {
        var from = Index;
        while (!AtEnd && !Here.Is(','))
        {
            SkipPart();
        }

        return new SqlRange(from, Index);
    }

    /// <summary>The rest.</summary>
    public SqlRange ToEnd()
    {
        var from = Index;
        Index = end;
        return new SqlRange(from, end);
    }

    /// <summary>A reader of a part of the same script.</summary>
    public SqlCursor In(SqlRange range) => new(script, range.First, range.End);

    /// <summary>The parts of a range between commas that are in no parenthesis; one behind a last comma is empty.</summary>
    public IEnumerable<SqlRange> Parts(SqlRange range)
    {
        var cursor = In(range);
        if (cursor.AtEnd)
        {
            yield break;
        }

        do
        {
            yield return cursor.ToComma();
        }
        while (cursor.Try(','));
    }
}
