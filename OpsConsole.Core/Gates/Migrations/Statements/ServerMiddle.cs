using OpsConsole.Core.Gates.Migrations.Sql;

namespace OpsConsole.Core.Gates.Migrations.Statements;

/// <summary>Finds where another Transact-SQL statement begins in the middle of a line. These words are reserved, so that wherever no clause of the statement has them, they begin another.</summary>
internal static class ServerMiddle
{
    private static readonly string[] Beginnings =
    [
        "delete", "update", "drop", "truncate", "alter", "exec", "execute", "insert", "merge", "create", "rollback", "commit", "begin", "if", "while", "return", "goto", "use", "revoke", "deny", "restore", "dbcc", "bulk",
    ];

    /// <summary>The first word of the second statement, or null where there is none.</summary>
    public static SqlToken? Find(SqlCursor c)
    {
        var lead = c.Here;
        var main = !lead.Is("with");
        var acted = false;
        var granted = false;

        // A table is made by the INTO of a query: by one in the statement itself (its own lead or main word), and by any other only where another statement has begun.
        var queryIsOwn = lead.Is("select");
        SqlToken? query = null;
        c.Skip();
        for (var index = 1; !c.AtEnd; index++)
        {
            var here = c.Here;
            if (!main && here.IsAny("select", "update", "delete", "insert", "merge"))
            {
                main = true;
                queryIsOwn = here.Is("select");
            }
            else if (here.Is("select"))
            {
                query = here;
            }
            else if (here.Is("into") && MakesTable(c))
            {
                if (query is { } second && !queryIsOwn)
                {
                    return second;
                }

                queryIsOwn = false;
            }
            else if (here.IsAny(Beginnings) && !(lead.IsAny("grant", "revoke", "deny") && !granted) && !IsClause(c, lead) && !(lead.Is("alter") && !acted && here.IsAny("drop", "alter")))
            {
                return here;
            }

            granted |= here.IsAny("to", "from");
            acted |= index > 1 && here.IsAny("add", "alter", "drop", "set", "rebuild", "switch", "enable", "disable", "check", "nocheck", "reorganize");
            c.SkipPart();
        }

        return null;
    }

    /// <summary>INTO a name; into variables makes nothing, and rows that an OUTPUT clause puts into a table make none.</summary>
    private static bool MakesTable(SqlCursor c) => c.Ahead(1).IsName && !c.Ahead(-1).IsAny("insert", "merge");

    private static bool IsClause(SqlCursor c, SqlToken lead)
    {
        var before = c.Ahead(-1);
        return c.Here.Text switch
        {
            "delete" or "update" when before.Is("on") && c.Ahead(1).IsAny("cascade", "no", "set") => true,
            "delete" or "update" or "insert" when before.Is("then") && (lead.IsAny("merge", "with")) => true,
            "delete" or "update" or "insert" when before.IsAny("before", "after") && lead.IsAny("create", "alter") => true,
            "update" => before.Is("for") && lead.IsAny("declare", "select"),
            "insert" => before.Is("bulk"),
            "merge" => c.Ahead(1).Is("join"),
            "exec" or "execute" => lead.Is("insert"),
            "create" => lead.Is("create") && before.IsName && c.Ahead(-2).Is("schema"),
            "if" => c.Ahead(1).Is("exists") && !c.Ahead(2).Is('('),
            "drop" => lead.Is("alter") && c.Ahead(1).IsAny("masked", "sparse", "persisted", "rowguidcol", "not"),
            _ => false,
        };
    }
}
