using OpsConsole.Core.Gates.Migrations.Sql;

namespace OpsConsole.Core.Gates.Migrations.Statements;

/// <summary>Finds changes of rows in parentheses of another statement, as in <c>COPY (DELETE … RETURNING *) TO</c>, and what <c>INSERT … EXEC</c> runs.</summary>
internal static class HiddenChanges
{
    public static IEnumerable<Step> Find(SqlStatement statement)
    {
        var c = statement.Read();
        if (MissingSemicolon.HasBody(c))
        {
            yield break;
        }

        var isServer = c.Dialect == SqlDialect.SqlServer;
        var isInsert = isServer && c.Here.Is("insert");
        while (!c.AtEnd)
        {
            if (isInsert && c.Here.IsAny("exec", "execute"))
            {
                yield return new UnseenCode("Code whose rows are inserted (EXEC)");
                yield break;
            }

            if (c.Here.Is('(') && Changes(c, isServer))
            {
                var inner = c.In(new SqlRange(c.Index, statement.End));
                yield return RowsReader.Change(c.In(inner.Parentheses()));
            }

            c.Skip();
        }
    }

    private static bool Changes(SqlCursor c, bool isServer) => c.Ahead(1).Text switch
    {
        "delete" when c.Ahead(1).Is("delete") => isServer || c.Ahead(2).Is("from"),
        "insert" when c.Ahead(1).Is("insert") => isServer || c.Ahead(2).Is("into"),
        "merge" when c.Ahead(1).Is("merge") => c.Ahead(2).Is("into") || (isServer && !c.Ahead(2).Is("join")),
        "update" when c.Ahead(1).Is("update") => Sets(c),
        _ => false,
    };

    /// <summary>A column may be named update; what is changed is followed by SET, behind its alias at most.</summary>
    private static bool Sets(SqlCursor c)
    {
        for (var i = 2; i < 12; i++)
        {
            if (c.Ahead(i).Is("set"))
            {
                return true;
            }

            if (c.Ahead(i).Is(',') || c.Ahead(i).Is(')'))
            {
                return false;
            }
        }

        return false;
    }
}
