using OpsConsole.Core.Gates.Migrations.Sql;

namespace OpsConsole.Core.Gates.Migrations.Statements;

/// <summary>Reads what a statement does. What it does not know is said, never guessed.</summary>
internal static class StatementReader
{
    private static readonly HashSet<string> PlainPostgres =
    [
        "values", "table", "reset", "show", "savepoint", "release", "deallocate", "analyze", "analyse", "comment", "grant", "revoke", "lock", "refresh", "notify", "listen",
        "unlisten", "discard", "checkpoint", "declare", "fetch", "move", "close", "load", "reassign", "security", "import", "copy", "repack",
    ];

    private static readonly HashSet<string> PlainServer =
    [
        "if", "while", "begin", "end", "else", "save", "print", "use", "grant", "revoke", "deny", "raiserror", "throw", "return", "waitfor", "backup", "declare", "enable", "disable",
        "open", "close", "fetch", "deallocate", "goto", "checkpoint", "reconfigure",
    ];

    /// <summary>Every step of a statement, at least one.</summary>
    public static IReadOnlyList<Step> Read(SqlStatement statement)
    {
        IReadOnlyList<Step> steps;
        if (statement.Lead.Kind == SqlTokenKind.Meta)
        {
            steps = [Meta(statement)];
        }
        else if (statement.Fault is { } fault)
        {
            steps = [new Unreadable(fault.At, fault.Sentence)];
        }
        else
        {
            try
            {
                steps = Steps(statement);
                if (steps is not [Unreadable or UnseenCode] && MissingSemicolon.Find(statement) is { } second)
                {
                    steps = [new Unreadable(second.Start, "Another statement begins here; the semicolon before it is missing.")];
                }
            }
            catch (UnreadableException e)
            {
                steps = [new Unreadable(e.At, e.Message)];
            }
        }

        return [.. steps.Select(s => s with { Statement = statement })];
    }

    private static List<Step> Steps(SqlStatement statement)
    {
        var c = statement.Read();
        List<Step> steps = c.Here.Is("with") ? RowsReader.With(c) : [One(c, statement.Script.Dialect)];
        steps.AddRange(HiddenChanges.Find(statement));
        return steps;
    }

    private static Step One(SqlCursor c, SqlDialect dialect)
    {
        var lead = c.Here;
        if (lead.Is('('))
        {
            return new OtherStep("select");
        }

        return (lead.Kind == SqlTokenKind.Word ? lead.Text : "") switch
        {
            "create" => CreateReader.Read(c),
            "alter" => AlterReader.Read(c, dialect),
            "drop" => DropReader.Read(c),
            "truncate" => RowsReader.Truncate(c),
            "insert" => RowsReader.Insert(c),
            "update" when c.Ahead(1).Is("statistics") => new OtherStep("update statistics"),
            "update" => RowsReader.Update(c),
            "delete" => RowsReader.Delete(c),
            "merge" => RowsReader.Merge(c),
            "select" => Select(c),
            "set" => SettingReader.Set(c, dialect),
            _ => dialect == SqlDialect.Postgres ? Postgres(c, lead) : Server(c, lead),
        };
    }

    private static Step Postgres(SqlCursor c, SqlToken lead) => lead.Text switch
    {
        "begin" or "start" or "commit" or "end" or "rollback" or "abort" or "prepare" when lead.Kind == SqlTokenKind.Word => SettingReader.Transaction(c),
        "do" => new UnseenCode("A block of code (DO)"),
        "call" => new UnseenCode("A procedure (CALL)"),
        "execute" => new UnseenCode("A prepared statement (EXECUTE)"),
        "explain" => c.Ahead(1).IsAny("analyze", "analyse") || c.Ahead(1).Is('(') ? new UnseenCode("A statement under EXPLAIN") : new OtherStep("explain"),
        "vacuum" => SettingReader.Vacuum(c),
        "cluster" => new OtherStep("cluster"),
        "reindex" => SettingReader.Reindex(c),
        _ when lead.Kind == SqlTokenKind.Word && PlainPostgres.Contains(lead.Text) => Named(c, lead.Text),
        _ => throw new UnreadableException(lead, "No statement begins like this."),
    };

    private static Step Server(SqlCursor c, SqlToken lead)
    {
        if (lead.IsAny("begin", "commit", "rollback") && !c.Ahead(1).IsAny("try", "catch", "atomic") && (!lead.Is("begin") || c.Ahead(1).IsAny("tran", "transaction", "distributed")))
        {
            return SettingReader.Transaction(c);
        }

        return lead.Text switch
        {
            "exec" or "execute" => ServerCallReader.Read(c, behindExec: true),
            "dbcc" => new OtherStep("dbcc " + c.Ahead(1).Text),
            "bulk" => new OtherStep("bulk insert"),
            _ when lead.Kind == SqlTokenKind.Word && lead.Text.StartsWith("sp_", StringComparison.Ordinal) => ServerCallReader.Read(c, behindExec: false),
            _ when lead.Kind == SqlTokenKind.Word && PlainServer.Contains(lead.Text) => new OtherStep(lead.Text),
            _ => throw new UnreadableException(lead, "No statement begins like this."),
        };
    }

    private static OtherStep Named(SqlCursor c, string words)
    {
        c.Skip();
        if (words is "lock" or "grant" or "revoke")
        {
            c.Try("table");
        }

        return new OtherStep(words) { Subject = c.TryName(out var name) ? name : null };
    }

    /// <summary>A query; one with INTO makes a table, except of variables.</summary>
    public static Step Select(SqlCursor c)
    {
        var all = c.ToEnd();
        var find = c.In(all);
        while (!find.AtEnd)
        {
            if (find.Try("into"))
            {
                var temporary = find.TryAny("temporary", "temp");
                find.Try("unlogged");
                find.Try("table");
                if (find.TryName(out var table))
                {
                    return new CreateTableStep(table)
                    {
                        Temporary = temporary || (c.Dialect == SqlDialect.SqlServer && table.Name.StartsWith('#')), IsCopyOfRows = true, Names = QueryReader.Targets(c.In(all)),
                    };
                }
            }

            find.SkipPart();
        }

        return (Step?)SettingReader.Config(c.In(all)) ?? new OtherStep("select");
    }

    /// <summary>Harmless where it stands alone: not in a statement, not behind one on its line, and without another command or a command of the shell in it.</summary>
    private static MetaCommand Meta(SqlStatement statement)
    {
        var text = statement.Lead.Text;
        string[] harmless = ["\\echo", "\\qecho", "\\warn", "\\set", "\\unset", "\\timing", "\\pset", "\\encoding", "\\restrict", "\\unrestrict", "\\prompt", "\\x", ":setvar", ":on", ":out", ":error"];
        var word = text.Split([' ', '\t'], 2)[0];
        var alone = statement.Fault is null && statement.Lead.FirstOnLine && !text[1..].Contains('\\', StringComparison.Ordinal) && !text.Contains('`', StringComparison.Ordinal);
        return new MetaCommand(word, alone && harmless.Contains(word, StringComparer.OrdinalIgnoreCase));
    }
}
