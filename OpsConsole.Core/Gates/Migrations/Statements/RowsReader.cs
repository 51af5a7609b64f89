using OpsConsole.Core.Gates.Migrations.Sql;

namespace OpsConsole.Core.Gates.Migrations.Statements;

/// <summary>Reads UPDATE, DELETE, INSERT, MERGE and TRUNCATE.</summary>
internal static class RowsReader
{
    public static Step Update(SqlCursor c)
    {
        c.Skip();
        Top(c);
        c.Try("only");
        var table = Table(c);
        while (!c.AtEnd && !c.Here.Is("set"))
        {
            c.SkipPart();
        }

        if (!c.Try("set"))
        {
            throw new UnreadableException(c.Pointed, "SET is expected here.");
        }

        var assigned = QueryReader.Assignments(c, "from", "where", "returning", "output", "option");
        var limited = false;
        while (!c.AtEnd && !c.Here.Is("where"))
        {
            limited |= IsBoundingJoin(c);
            c.SkipPart();
        }

        return new UpdateStep(table, assigned, c.Try("where") ? QueryReader.Condition(c) : null) { IsLimited = limited };
    }

    public static Step Delete(SqlCursor c)
    {
        c.Skip();
        var limited = false;
        Top(c);
        c.Try("from");
        c.Try("only");
        var table = Table(c);
        while (!c.AtEnd && !c.Here.Is("where"))
        {
            limited |= IsBoundingJoin(c);
            c.SkipPart();
        }

        return new DeleteStep(table, c.Try("where") ? QueryReader.Condition(c) : null) { IsLimited = limited };
    }

    public static Step Insert(SqlCursor c)
    {
        c.Skip();
        var limited = Top(c);
        _ = c.Try("into") || c.Try("overwrite");
        var table = Table(c);
        if (c.Try("as"))
        {
            c.Skip();
        }

        var columns = new List<SqlToken>();
        if (c.Here.Is('(') && !c.Ahead(1).IsAny("select", "with", "values"))
        {
            columns = QueryReader.Names(c, c.Parentheses());
        }

        var rest = c.ToEnd();
        var (fromTable, isLimited) = QueryReader.Reads(c.In(rest));
        return new InsertStep(table, columns) { FromTable = fromTable, IsLimited = isLimited || limited, OnConflict = OnConflict(c.In(rest)) };
    }

    public static Step Merge(SqlCursor c)
    {
        c.Skip();
        Top(c);
        c.Try("into");
        c.Try("only");
        var table = Table(c);
        var lists = new List<IReadOnlyList<SqlToken>>();
        var deletes = false;
        var deletesUnmatched = false;
        var bySource = false;
        var updates = false;
        var everyRow = false;
        while (!c.AtEnd)
        {
            if (c.Try("by", "source"))
            {
                bySource = true;
            }
            else if (c.Try("then", "update", "set"))
            {
                updates = true;
                lists.Add(QueryReader.Assignments(c, "when", "returning", "output"));
            }
            else if (c.Try("then", "insert"))
            {
                lists.Add(c.Here.Is('(') ? QueryReader.Names(c, c.Parentheses()) : []);
            }
            else if (c.Try("then", "delete"))
            {
                deletes = true;
                deletesUnmatched |= bySource || everyRow;
            }
            else if (c.Try("on"))
            {
                var from = c.Index;
                while (!c.AtEnd && !c.Here.Is("when"))
                {
                    c.SkipPart();
                }

                everyRow |= QueryReader.Condition(c.In(new SqlRange(from, c.Index))).IsAlwaysTrue;
            }
            else
            {
                bySource &= !c.Here.Is("when");
                c.SkipPart();
            }
        }

        return new MergeStep(table, lists, deletes, deletesUnmatched) { Updates = updates };
    }

    public static Step Truncate(SqlCursor c)
    {
        c.Skip();
        c.Try("table");
        var tables = new List<SqlName>();
        do
        {
            c.Try("only");
            tables.Add(Table(c));
            c.Try('*');
            if (c.Try("with"))
            {
                c.Parentheses();
            }
        }
        while (c.Try(','));
        _ = c.Try("restart", "identity") || c.Try("continue", "identity");
        var cascade = c.Try("cascade");
        c.Try("restrict");
        if (!c.AtEnd)
        {
            throw new UnreadableException(c.Here, "This is not expected here.");
        }

        return new TruncateStep(tables, cascade);
    }

    /// <summary>A statement that begins with common table expressions: what those change, and then what it does itself.</summary>
    public static List<Step> With(SqlCursor c)
    {
        c.Skip();
        var steps = new List<Step>();
        while (!c.AtEnd)
        {
            if (c.Here.IsAny("update", "delete", "insert", "merge"))
            {
                steps.Add(Bounded(Change(c)));
                return steps;
            }

            if (c.Here.IsAny("select", "table", "values"))
            {
                steps.Add(StatementReader.Select(c));
                return steps;
            }

            if (c.Here.Is('(') && c.Ahead(1).IsAny("update", "delete", "insert", "merge"))
            {
                steps.Add(Change(c.In(c.Parentheses())));
            }
            else
            {
                c.SkipPart();
            }
        }

        throw new UnreadableException(c.Pointed, "The query that the WITH is for is missing.");
    }

    /// <summary>One change of rows that begins here.</summary>
    public static Step Change(SqlCursor c) => c.Here.Text switch
    {
        "update" => Update(c),
        "delete" => Delete(c),
        "insert" => Insert(c),
        _ => Merge(c),
    };

    /// <summary>The rows come from what stands before it.</summary>
    private static Step Bounded(Step step) => step switch
    {
        UpdateStep { Where: not null } update => update with { IsLimited = true },
        DeleteStep { Where: not null } delete => delete with { IsLimited = true },
        _ => step,
    };

    private static List<SqlToken> OnConflict(SqlCursor c)
    {
        while (!c.AtEnd)
        {
            if (c.Try("do", "update", "set"))
            {
                return QueryReader.Assignments(c, "where", "returning");
            }

            c.SkipPart();
        }

        return [];
    }

    /// <summary>A join that leaves out rows without a partner. One that keeps them all bounds nothing; nor does TOP, which in a loop comes to every row.</summary>
    private static bool IsBoundingJoin(SqlCursor c) => c.Here.Is("join") && !c.Ahead(-1).IsAny("left", "full", "cross", "outer");

    private static bool Top(SqlCursor c)
    {
        if (!c.Try("top"))
        {
            return false;
        }

        c.SkipPart();
        c.Try("percent");
        return true;
    }

    private static SqlName Table(SqlCursor c)
    {
        if (c.Here.Kind == SqlTokenKind.Variable)
        {
            var variable = new SqlName(null, c.Here.Text, c.Here);
            c.Skip();
            return variable;
        }

        return c.TryName(out var table) ? table : throw new UnreadableException(c.Pointed, "The table's name is expected here.");
    }
}
