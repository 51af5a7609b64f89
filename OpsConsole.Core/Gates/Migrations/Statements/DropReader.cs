using OpsConsole.Core.Gates.Migrations.Sql;

namespace OpsConsole.Core.Gates.Migrations.Statements;

/// <summary>Reads DROP.</summary>
internal static class DropReader
{
    private static readonly HashSet<string> Kinds =
    [
        "table", "index", "view", "schema", "database", "type", "domain", "sequence", "function", "procedure", "proc", "routine", "trigger", "extension", "aggregate", "operator", "collation", "conversion",
        "language", "policy", "rule", "publication", "subscription", "server", "statistics", "tablespace", "role", "user", "group", "cast", "owned", "access", "text", "transform",
        "synonym", "login", "default", "assembly", "certificate", "partition", "fulltext", "queue", "service", "contract", "security", "column", "credential", "symmetric", "asymmetric", "master", "message", "application",
    ];

    public static Step Read(SqlCursor c)
    {
        c.Skip();
        var kind = "";
        if (c.Try("materialized", "view"))
        {
            kind = "materialized view";
        }
        else if (c.Try("foreign", "table"))
        {
            kind = "table";
        }
        else if (c.Try("foreign", "data", "wrapper") || c.Try("event", "trigger") || c.Try("external", "table") || c.Try("procedural", "language") || c.Try("xml", "schema", "collection"))
        {
            kind = "object";
        }
        else if (c.Here.Kind == SqlTokenKind.Word && Kinds.Contains(c.Here.Text))
        {
            kind = c.Here.Text;
            c.Skip();
        }
        else
        {
            throw new UnreadableException(c.Pointed, "What is to be dropped is expected here.");
        }

        return Names(c, kind);
    }

    private static DropStep Names(SqlCursor c, string kind)
    {
        var concurrently = c.Try("concurrently");
        var ifExists = c.Try("if", "exists");
        var names = new List<SqlName>();
        do
        {
            if (c.TryName(out var name))
            {
                names.Add(name);
            }
            else if (kind is "table" or "index" or "view" or "schema" or "database" or "type")
            {
                throw new UnreadableException(c.Pointed, "The name of what is dropped is expected here.");
            }

            // What follows a name besides the next: arguments of a function, ON and the table of a trigger or an index.
            while (!c.AtEnd && !c.Here.Is(',') && !c.Here.IsAny("cascade", "restrict"))
            {
                if (kind is "table" or "view" or "schema" or "type" or "database" && !c.Here.IsAny("with", "force") && !c.Here.Is('('))
                {
                    throw new UnreadableException(c.Here, "This is not expected here.");
                }

                c.SkipPart();
            }
        }
        while (c.Try(','));
        var cascade = c.Try("cascade");
        c.Try("restrict");
        if (!c.AtEnd)
        {
            throw new UnreadableException(c.Here, "This is not expected here.");
        }

        return new DropStep(kind, names) { IfExists = ifExists, Concurrently = concurrently, Cascade = cascade };
    }
}
