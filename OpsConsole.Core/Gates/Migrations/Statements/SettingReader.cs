using OpsConsole.Core.Gates.Migrations.Sql;

namespace OpsConsole.Core.Gates.Migrations.Statements;

/// <summary>Reads settings, transactions and upkeep.</summary>
internal static class SettingReader
{
    public static Step Set(SqlCursor c, SqlDialect dialect)
    {
        c.Skip();
        if (c.AtEnd)
        {
            throw new UnreadableException(c.Pointed, "The setting's name is expected here.");
        }

        var local = c.Try("local");
        if (!local)
        {
            c.Try("session");
        }

        if (!c.TryName(out var name))
        {
            return new OtherStep("set");
        }

        if (dialect == SqlDialect.Postgres)
        {
            _ = c.Try('=') || c.Try("to");
        }

        return new SettingStep(name.Name, c.AtEnd || c.Here.Is("default") ? null : c.Here.Text, local);
    }

    /// <summary><c>SELECT set_config('name', 'value', local)</c>, or null where the query is another.</summary>
    public static SettingStep? Config(SqlCursor c)
    {
        c.Skip();
        if (c.Try("pg_catalog"))
        {
            c.Try('.');
        }

        if (!c.Try("set_config") || !c.Try('(') || c.Here.Kind != SqlTokenKind.Text || c.Ahead(2).Kind != SqlTokenKind.Text)
        {
            return null;
        }

        return new SettingStep(c.Here.Text.ToLowerInvariant(), c.Ahead(2).Text, c.Ahead(4).Is("true"));
    }

    public static Step Transaction(SqlCursor c)
    {
        var lead = c.Here.Text;
        c.Skip();
        if (lead == "prepare")
        {
            return c.Here.Is("transaction") ? new TransactionStep(TransactionMove.Commit, false) : new UnseenCode("A prepared statement (PREPARE)");
        }

        if (lead == "start" && !c.Here.Is("transaction"))
        {
            throw new UnreadableException(c.Pointed, "TRANSACTION is expected here.");
        }

        if (lead is "commit" or "rollback" && c.Here.Is("prepared"))
        {
            return new OtherStep(lead + " prepared");
        }

        var savepoint = false;
        var chain = false;
        while (!c.AtEnd)
        {
            savepoint |= c.Here.Is("to");
            chain |= c.Here.Is("and") && c.Ahead(1).Is("chain");
            c.Skip();
        }

        return lead switch
        {
            "begin" or "start" => new TransactionStep(TransactionMove.Begin, false),
            "commit" or "end" => new TransactionStep(TransactionMove.Commit, chain),
            _ when savepoint => new OtherStep("rollback to"),
            _ => new TransactionStep(TransactionMove.Rollback, chain),
        };
    }

    public static Step Vacuum(SqlCursor c)
    {
        c.Skip();
        if (!c.Here.Is('('))
        {
            return new VacuumStep(c.Here.Is("full"));
        }

        return new VacuumStep(IsOn(c.In(c.Parentheses()), "full"));
    }

    public static Step Reindex(SqlCursor c)
    {
        c.Skip();
        var concurrently = c.Here.Is('(') && IsOn(c.In(c.Parentheses()), "concurrently");
        var kind = c.Here.Text;
        if (!c.TryAny("index", "table", "schema", "database", "system"))
        {
            throw new UnreadableException(c.Pointed, "INDEX, TABLE, SCHEMA, DATABASE or SYSTEM is expected here.");
        }

        return new ReindexStep(kind, c.Try("concurrently") || concurrently);
    }

    /// <summary>True where a list of options names this one without turning it off.</summary>
    private static bool IsOn(SqlCursor options, string name)
    {
        while (!options.AtEnd)
        {
            if (options.Try(name))
            {
                return !options.Here.IsAny("false", "off") && options.Here.Text != "0" && !(options.Here.Kind == SqlTokenKind.Text && options.Here.Text is "false" or "off");
            }

            options.Skip();
        }

        return false;
    }
}
