using OpsConsole.Core.Gates.Migrations.Sql;

namespace OpsConsole.Core.Gates.Migrations.Statements;

/// <summary>Finds a statement that hides in another because the semicolon between them is missing. PostgreSQL would refuse both, Transact-SQL would run both; a tool that reads on would overlook the second.</summary>
internal static class MissingSemicolon
{
    private static readonly string[] Objects = ["table", "index", "view", "schema", "database", "type", "sequence", "function", "materialized", "unique", "trigger", "extension", "domain"];

    /// <summary>The first word of the second statement, or null where there is none.</summary>
    public static SqlToken? Find(SqlStatement statement)
    {
        var c = statement.Read();
        if (c.Dialect == SqlDialect.SqlServer)
        {
            return HasBody(c) ? null : ServerMiddle.Find(c);
        }

        if (HasStatementsInside(c))
        {
            return null;
        }

        c.Skip();
        while (!c.AtEnd)
        {
            if (Begins(c))
            {
                return c.Here;
            }

            c.SkipPart();
        }

        return null;
    }

    private static bool Begins(SqlCursor c)
    {
        if (c.Here.Kind != SqlTokenKind.Word)
        {
            return false;
        }

        return c.Here.Text switch
        {
            "create" or "alter" or "drop" => c.Ahead(1).Is("table") || (c.Ahead(1).IsAny(Objects) && c.Ahead(2).IsName && !c.Ahead(2).IsAny("cascade", "restrict", "set", "drop", "type")),
            "truncate" => c.Ahead(1).Is("table"),
            "delete" => c.Ahead(1).Is("from"),
            "insert" => c.Ahead(1).Is("into"),
            "update" => c.Ahead(1).IsName && c.Ahead(2).Is("set"),
            _ => false,
        };
    }

    /// <summary>The statement defines what is run later, and does not run it.</summary>
    public static bool HasBody(SqlCursor c)
    {
        if (!c.Here.Is("create") && !(c.Dialect == SqlDialect.SqlServer && c.Here.Is("alter")))
        {
            return false;
        }

        var at = c.Ahead(1).Is("or") ? 3 : 1;
        if (c.Dialect == SqlDialect.SqlServer)
        {
            return c.Ahead(at).IsAny("procedure", "proc", "function", "trigger", "view");
        }

        return c.Ahead(at).IsAny("function", "procedure", "rule");
    }

    private static bool HasStatementsInside(SqlCursor c)
    {
        if (c.Here.IsAny("with", "explain", "prepare", "declare", "copy"))
        {
            return true;
        }

        if (!c.Here.Is("create"))
        {
            return false;
        }

        for (var i = 1; i < 6 && !c.Ahead(i).IsAny("table", "index"); i++)
        {
            if (c.Ahead(i).IsAny("function", "procedure", "rule", "schema"))
            {
                return true;
            }
        }

        return false;
    }
}
