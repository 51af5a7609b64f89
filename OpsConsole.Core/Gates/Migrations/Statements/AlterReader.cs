using OpsConsole.Core.Gates.Migrations.Sql;

namespace OpsConsole.Core.Gates.Migrations.Statements;

/// <summary>Reads ALTER of tables, types, domains, indexes and the rest.</summary>
internal static class AlterReader
{
    private static readonly HashSet<string> Kinds =
    [
        "view", "function", "procedure", "proc", "routine", "trigger", "schema", "sequence", "extension", "database", "role", "user", "group", "policy", "rule", "aggregate", "operator", "collation",
        "conversion", "language", "publication", "subscription", "server", "statistics", "tablespace", "materialized", "default", "system", "large", "event", "text", "foreign", "authorization",
        "login", "assembly", "partition", "fulltext", "queue", "service", "procedural", "security", "availability", "master", "symmetric", "certificate", "xml", "external",
    ];

    public static Step Read(SqlCursor c, SqlDialect dialect)
    {
        c.Skip();
        if (c.Try("table") || c.Try("foreign", "table"))
        {
            return AlterTableReader.Read(c, dialect);
        }

        if (c.Try("type"))
        {
            return Type(c);
        }

        if (c.Try("domain"))
        {
            return Domain(c);
        }

        if (c.Try("index"))
        {
            return Index(c, dialect);
        }

        var kind = c.Here;
        if (kind.Kind != SqlTokenKind.Word || !Kinds.Contains(kind.Text))
        {
            throw new UnreadableException(c.Pointed, "What is to be altered is expected here.");
        }

        c.Skip();
        c.Try("view");
        c.Try("if", "exists");
        c.TryName(out var name);
        var renames = c.Here.IsAny("rename", "transfer") || (c.Here.Is("set") && c.Ahead(1).Is("schema"));
        return new OtherStep(renames ? $"alter {kind.Text} rename" : "alter " + kind.Text) { Subject = name };
    }

    private static AlterTypeStep Type(SqlCursor c)
    {
        if (!c.TryName(out var type))
        {
            throw new UnreadableException(c.Pointed, "The type's name is expected here.");
        }

        if (!c.Try("add", "value"))
        {
            return new AlterTypeStep(type, false, false, false, c.Here.IsAny("rename", "drop", "alter") || (c.Here.Is("set") && c.Ahead(1).Is("schema")));
        }

        var ifNotExists = c.Try("if", "not", "exists");
        if (c.Here.Kind != SqlTokenKind.Text)
        {
            throw new UnreadableException(c.Pointed, "The new value is expected here, as a string.");
        }

        c.Skip();
        return new AlterTypeStep(type, true, c.Here.IsAny("before", "after"), ifNotExists, false);
    }

    private static AlterDomainStep Domain(SqlCursor c)
    {
        if (!c.TryName(out var domain))
        {
            throw new UnreadableException(c.Pointed, "The domain's name is expected here.");
        }

        var adds = c.Try("add");
        var notValid = false;
        while (!c.AtEnd)
        {
            notValid |= c.Here.Is("not") && c.Ahead(1).Is("valid");
            c.SkipPart();
        }

        return new AlterDomainStep(domain, adds, notValid);
    }

    private static Step Index(SqlCursor c, SqlDialect dialect)
    {
        c.Try("if", "exists");
        if (!c.TryName(out var name))
        {
            throw new UnreadableException(c.Pointed, "The index's name is expected here.");
        }

        if (dialect == SqlDialect.Postgres || !c.Try("on"))
        {
            return new OtherStep("alter index") { Subject = name };
        }

        c.TryName(out _);
        if (!c.Try("rebuild"))
        {
            return new OtherStep("alter index") { Subject = name };
        }

        while (!c.AtEnd && !c.Here.Is('('))
        {
            c.Skip();
        }

        return new ReindexStep("index", CreateReader.Online(c.In(c.Parentheses())));
    }
}
