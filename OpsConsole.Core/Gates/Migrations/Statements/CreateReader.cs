using OpsConsole.Core.Gates.Migrations.Sql;

namespace OpsConsole.Core.Gates.Migrations.Statements;

/// <summary>Reads CREATE.</summary>
internal static class CreateReader
{
    private static readonly HashSet<string> Kinds =
    [
        "view", "function", "procedure", "proc", "trigger", "type", "domain", "schema", "sequence", "extension", "database", "role", "user", "group", "policy", "rule", "aggregate", "operator",
        "cast", "collation", "conversion", "language", "publication", "subscription", "server", "statistics", "tablespace", "transform", "access", "text", "synonym", "login", "assembly",
        "certificate", "partition", "fulltext", "queue", "service", "contract", "message", "asymmetric", "symmetric", "credential", "default", "xml", "columnstore", "spatial", "master", "external", "security", "or",
    ];

    public static Step Read(SqlCursor c)
    {
        c.Skip();
        var replace = c.Try("or", "replace") || c.Try("or", "alter");
        var temporary = false;
        var foreign = false;
        while (c.Here.IsAny("global", "local", "temporary", "temp", "unlogged", "foreign", "materialized", "recursive", "event", "constraint", "trusted", "procedural", "unique", "clustered", "nonclustered", "primary", "xml", "columnstore", "spatial", "external"))
        {
            temporary |= c.Here.IsAny("temporary", "temp");
            foreign |= c.Here.IsAny("foreign", "external");
            if (c.Here.Is("foreign") && c.Ahead(1).Is("data"))
            {
                return new CreateStep("foreign data wrapper", null, false, false);
            }

            c.Skip();
        }

        if (c.Try("table"))
        {
            return TableReader.Create(c, temporary, foreign);
        }

        if (c.Try("index"))
        {
            return Index(c);
        }

        var kind = c.Here;
        if (kind.Kind != SqlTokenKind.Word || !Kinds.Contains(kind.Text))
        {
            throw new UnreadableException(c.Pointed, "What is to be created is expected here.");
        }

        c.Skip();
        var ifNotExists = c.Try("if", "not", "exists");
        c.TryName(out var name);
        return kind.Text switch
        {
            "view" => View(c, name, replace, ifNotExists, temporary),
            "domain" => Domain(c, name),
            _ => new CreateStep(kind.Text, name, replace, ifNotExists) { Temporary = temporary },
        };
    }

    private static CreateIndexStep Index(SqlCursor c)
    {
        var concurrently = c.Try("concurrently");
        var ifNotExists = c.Try("if", "not", "exists");
        SqlName? name = null;
        if (!c.Here.Is("on"))
        {
            c.TryName(out name);
        }

        if (!c.Try("on"))
        {
            throw new UnreadableException(c.Pointed, "ON and the table are expected here.");
        }

        c.Try("only");
        if (!c.TryName(out var table))
        {
            throw new UnreadableException(c.Pointed, "The table's name is expected here.");
        }

        if (c.Try("using"))
        {
            c.Skip();
        }

        var columns = new List<string>();
        var list = c.In(c.Parentheses());
        while (!list.AtEnd)
        {
            if (list.Here.IsName)
            {
                columns.Add(list.Here.Text);
            }

            list.Skip();
        }

        var online = false;
        while (!c.AtEnd)
        {
            if (c.Try("with") && c.Here.Is('('))
            {
                online = Online(c.In(c.Parentheses()));
            }
            else
            {
                c.SkipPart();
            }
        }

        return new CreateIndexStep(name, table) { Concurrently = concurrently, IfNotExists = ifNotExists, Columns = columns, Online = online };
    }

    /// <summary>True where a list of options says ONLINE = ON.</summary>
    public static bool Online(SqlCursor options)
    {
        while (!options.AtEnd)
        {
            if (options.Try("online") && options.Try('='))
            {
                return options.Here.Is("on");
            }

            options.Skip();
        }

        return false;
    }

    private static CreateStep View(SqlCursor c, SqlName? name, bool replace, bool ifNotExists, bool temporary)
    {
        var given = c.Here.Is('(') ? QueryReader.Names(c, c.Parentheses()) : [];
        while (!c.AtEnd && !c.Try("as"))
        {
            c.SkipPart();
        }

        given.AddRange(QueryReader.Targets(c).Skip(given.Count));
        return new CreateStep("view", name, replace, ifNotExists) { Columns = given, Temporary = temporary };
    }

    private static CreateStep Domain(SqlCursor c, SqlName? name)
    {
        var rules = DomainRules.None;
        while (!c.AtEnd)
        {
            rules |= c.Here.IsAny("check", "constraint") ? DomainRules.Check : c.Here.Is("not") && c.Ahead(1).Is("null") ? DomainRules.NotNull : DomainRules.None;
            c.SkipPart();
        }

        return new CreateStep("domain", name, false, false) { Domain = rules };
    }
}
