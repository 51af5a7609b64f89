using OpsConsole.Core.Gates.Migrations.Sql;

namespace OpsConsole.Core.Gates.Migrations.Statements;

/// <summary>A call of a function in a statement.</summary>
/// <param name="Name">The function, with its schema where one stands there.</param>
/// <param name="IsQuery">True inside of a query or a change of rows; false in a definition, where a name before a parenthesis need not be a call.</param>
internal sealed record FunctionCall(SqlName Name, bool IsQuery);

/// <summary>Finds functions that a statement of PostgreSQL calls when it runs. What it only defines for later is left out.</summary>
internal static class CallReader
{
    public static IEnumerable<FunctionCall> Find(SqlStatement statement)
    {
        var c = statement.Read();
        if (IsForLater(c))
        {
            yield break;
        }

        var isQuery = c.Here.IsAny("select", "with", "values", "insert", "update", "delete", "merge", "explain", "declare", "copy") || c.Here.Is('(');
        var hasTables = c.Here.Is("with");
        var isDefinition = c.Here.Is("create");
        while (!c.AtEnd)
        {
            isQuery |= c.Here.IsAny("select", "values");
            if (c.Here.IsName && c.Ahead(1).Is('(') && !IsDeclared(c, hasTables, isDefinition) && Name(c) is { } name)
            {
                yield return new FunctionCall(name, isQuery);
            }

            c.Skip();
        }
    }

    /// <summary>True for statements that say what runs later, or name a function without calling it.</summary>
    private static bool IsForLater(SqlCursor c)
    {
        if (c.Here.IsAny("drop", "grant", "revoke", "comment", "security"))
        {
            return true;
        }

        if (c.Here.Is("alter"))
        {
            return !c.Ahead(1).IsAny("table", "domain", "materialized");
        }

        if (!c.Here.Is("create"))
        {
            return false;
        }

        for (var i = 1; i < 7; i++)
        {
            if (c.Ahead(i).IsAny("table", "index", "materialized"))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A name with columns behind it: of a table that rows go into, of an alias, of a common table expression; or a type.</summary>
    private static bool IsDeclared(SqlCursor c, bool hasTables, bool isDefinition)
    {
        var back = -1;
        while (c.Ahead(back).Is('.') && c.Ahead(back - 1).IsName)
        {
            back -= 2;
        }

        var before = c.Ahead(back);
        if (before.IsAny("as", "into", "references") || before.Is("::") || (isDefinition && before.IsAny("on", "exists", "table")))
        {
            return true;
        }

        if (before.Is(')') || before.Kind == SqlTokenKind.Quoted || (before.Kind == SqlTokenKind.Word && !KnownFunctions.IsHarmless(null, before.Text)))
        {
            return BehindColumns(c) > 0;
        }

        return hasTables && (before.IsAny("with", "recursive") || before.Is(',')) && BehindColumns(c) is var i and > 0
            && c.Ahead(i).Is("as") && (c.Ahead(i + 1).Is('(') || c.Ahead(i + 1).IsAny("materialized", "not"));
    }

    /// <summary>How far ahead a list of columns ends that is opened behind the name here; 0 where it is none, or too long for one.</summary>
    private static int BehindColumns(SqlCursor c)
    {
        for (var i = 2; i < 2_000 && (c.Ahead(i).IsName || c.Ahead(i).Is(',') || c.Ahead(i).Is('[') || c.Ahead(i).Is(']')); i++)
        {
            if (c.Ahead(i + 1).Is(')'))
            {
                return i + 2;
            }
        }

        return 0;
    }

    private static SqlName? Name(SqlCursor c)
    {
        var schema = c.Ahead(-1).Is('.') && c.Ahead(-2).IsName ? c.Ahead(-2).Text : null;
        return new SqlName(schema, c.Here.Text, c.Here);
    }
}
