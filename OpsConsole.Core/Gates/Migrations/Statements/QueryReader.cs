using OpsConsole.Core.Gates.Migrations.Sql;

namespace OpsConsole.Core.Gates.Migrations.Statements;

/// <summary>Reads what rules ask of queries and conditions; the rest of a query is passed over.</summary>
internal static class QueryReader
{
    private static readonly string[] Conditions = ["and", "or", "not", "is", "null", "in", "between", "like", "ilike", "exists", "true", "false", "any", "all", "some", "case", "when", "then", "else", "end", "select", "from", "where", "as", "distinct", "interval"];

    /// <summary>The names that a query gives its columns, one for each, as far as its text tells: aliases, and columns that stand alone; the text of the others is null.</summary>
    public static List<SqlToken> Targets(SqlCursor cursor)
    {
        var names = new List<SqlToken>();
        if (cursor.Here.Is("with"))
        {
            return names;
        }

        while (cursor.Try('('))
        {
        }

        if (!cursor.Try("select"))
        {
            return names;
        }

        if (cursor.Try("distinct") && cursor.Try("on"))
        {
            cursor.Parentheses();
        }

        cursor.Try("all");
        do
        {
            names.Add(Target(cursor) ?? default);
        }
        while (cursor.Try(','));
        return names;
    }

    /// <summary>True when a query reads a table, and whether a condition or limit of its own bounds what it reads.</summary>
    public static (bool FromTable, bool IsLimited) Reads(SqlCursor cursor)
    {
        var fromTable = false;
        var limited = false;
        while (!cursor.AtEnd && !(cursor.Here.Is("on") && cursor.Ahead(1).Is("conflict")) && !cursor.Here.Is("returning"))
        {
            if (cursor.Try("from"))
            {
                // A function or a subquery in FROM is not a table that is copied whole.
                fromTable |= cursor.TryName(out _) && !cursor.Here.Is('(');
            }
            else
            {
                limited |= cursor.Here.IsAny("where", "limit", "fetch", "top");
                cursor.SkipPart();
            }
        }

        return (fromTable, limited);
    }

    /// <summary>A condition that begins here, behind WHERE, to one of the words that end it.</summary>
    public static RowCondition Condition(SqlCursor cursor)
    {
        var from = cursor.Index;
        var columns = new List<string>();
        while (!cursor.AtEnd && !cursor.Here.IsAny("returning", "option"))
        {
            var here = cursor.Here;
            if (here.IsName && !here.IsAny(Conditions) && !cursor.Ahead(1).Is('(') && !cursor.Ahead(1).Is('.') && !cursor.Ahead(-1).Is("::"))
            {
                columns.Add(here.Text);
            }

            cursor.Skip();
        }

        var end = cursor.Index;
        return new RowCondition(columns, columns.Count == 0 || IsAlwaysTrue(cursor.In(new SqlRange(from, end))));
    }

    /// <summary>Columns that are set, behind SET: <c>a = 1, (b, c) = (2, 3)</c>. Fields and elements of a column may be set one by one, so they are left out.</summary>
    public static List<SqlToken> Assignments(SqlCursor cursor, params string[] stops)
    {
        var assigned = new List<SqlToken>();
        do
        {
            if (cursor.Here.Is('('))
            {
                var inner = cursor.Parentheses();
                assigned.AddRange(Names(cursor, inner));
            }
            else
            {
                Single(cursor, assigned);
            }

            while (!cursor.AtEnd && !cursor.Here.Is(',') && !cursor.Here.IsAny(stops))
            {
                cursor.SkipPart();
            }
        }
        while (cursor.Try(','));
        return assigned;
    }

    /// <summary>Names between commas; what is more than a name is left out.</summary>
    public static List<SqlToken> Names(SqlCursor cursor, SqlRange range)
    {
        var names = new List<SqlToken>();
        foreach (var part in cursor.Parts(range))
        {
            var one = cursor.In(part);
            if (part.End - part.First == 1 && one.Here.IsName)
            {
                names.Add(one.Here);
            }
        }

        return names;
    }

    private static void Single(SqlCursor cursor, List<SqlToken> assigned)
    {
        if (!cursor.Here.IsName)
        {
            if (cursor.Here.Kind != SqlTokenKind.Variable)
            {
                throw new UnreadableException(cursor.Pointed, "The name of a column that is set is expected here.");
            }

            return;
        }

        if (cursor.Ahead(1).Is('=') || (cursor.Ahead(2).Is('=') && (cursor.Ahead(1).Is('+') || cursor.Ahead(1).Is('-') || cursor.Ahead(1).Is('*') || cursor.Ahead(1).Is('/'))))
        {
            assigned.Add(cursor.Here);
        }
    }

    private static SqlToken? Target(SqlCursor cursor)
    {
        var from = cursor.Index;
        SqlToken? last = null;
        var alone = true;
        var before = default(SqlToken);
        while (!cursor.AtEnd && !cursor.Here.Is(',') && !cursor.Here.Is(')')
            && !cursor.Here.IsAny("from", "into", "where", "union", "except", "intersect", "order", "group", "having", "limit", "window", "fetch", "offset", "for"))
        {
            var here = cursor.Here;
            alone &= (cursor.Index - from) % 2 == 0 ? here.IsName : here.Is('.');
            if (here.IsName && cursor.Index > from && IsAlias(before, here))
            {
                last = here;
            }
            else
            {
                last = null;
            }

            before = here;
            cursor.SkipPart();
            if (here.Is('('))
            {
                before = new SqlToken(SqlTokenKind.Symbol, ")", here.Start, here.End, false);
            }
        }

        return alone && before.IsName && cursor.Index > from ? before : last;
    }

    /// <summary>A name right behind a value, or behind AS, names the column.</summary>
    private static bool IsAlias(SqlToken before, SqlToken here) =>
        before.Is("as") || ((before.Kind is SqlTokenKind.Number or SqlTokenKind.Text or SqlTokenKind.Quoted or SqlTokenKind.Variable || before.Is(')') || (before.Kind == SqlTokenKind.Word && !before.IsAny(Conditions)))
            && !here.IsAny(Conditions) && !here.IsAny("over", "filter", "within", "at", "collate", "precision", "varying", "zone", "time", "with", "without"));

    /// <summary>A condition that names no column, compares one with itself, or has such an alternative.</summary>
    private static bool IsAlwaysTrue(SqlCursor cursor)
    {
        var from = cursor.Index;
        while (true)
        {
            while (!cursor.AtEnd && !cursor.Here.Is("or"))
            {
                cursor.SkipPart();
            }

            if (IsTrue(cursor.In(new SqlRange(from, cursor.Index)), cursor.Index - from))
            {
                return true;
            }

            if (!cursor.Try("or"))
            {
                return false;
            }

            from = cursor.Index;
        }
    }

    private static bool IsTrue(SqlCursor part, int length)
    {
        if (length is 1)
        {
            return part.Here.Is("true") || part.Here.Text == "1";
        }

        if (length is 3 or 7 && part.Ahead(length / 2).Is('='))
        {
            return Enumerable.Range(0, length / 2).All(i => part.Ahead(i).Kind == part.Ahead(i + (length / 2) + 1).Kind && part.Ahead(i).Text == part.Ahead(i + (length / 2) + 1).Text);
        }

        return false;
    }
}
