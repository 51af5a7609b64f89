using OpsConsole.Core.Gates.Migrations.Sql;

namespace OpsConsole.Core.Gates.Migrations.Statements;

/// <summary>Reads the changes of ALTER TABLE of both dialects.</summary>
internal static class AlterTableReader
{
    /// <summary>Behind the words ALTER TABLE.</summary>
    public static Step Read(SqlCursor cursor, SqlDialect dialect)
    {
        var ifExists = cursor.Try("if", "exists");
        if (cursor.Try("all", "in", "tablespace"))
        {
            return new OtherStep("alter table");
        }

        cursor.Try("only");
        if (!cursor.TryName(out var table))
        {
            throw new UnreadableException(cursor.Pointed, "The table's name is expected here.");
        }

        cursor.Try('*');
        if (cursor.AtEnd)
        {
            throw new UnreadableException(cursor.Pointed, "What is to be changed of the table is missing.");
        }

        var changes = new List<TableChange>();
        if (dialect == SqlDialect.SqlServer)
        {
            ServerAlterTableReader.Read(cursor, changes);
        }
        else
        {
            foreach (var part in cursor.Parts(cursor.ToEnd()))
            {
                changes.Add(Change(cursor.In(part), part, cursor));
            }
        }

        return new AlterTableStep(table, ifExists, changes);
    }

    private static TableChange Change(SqlCursor c, SqlRange part, SqlCursor whole)
    {
        if (part.IsEmpty)
        {
            throw new UnreadableException(whole.Missing(part), "A change is missing here.");
        }

        var at = c.Here;
        return c.Here.Text switch
        {
            "add" => Add(c, at),
            "drop" => Drop(c, at),
            "alter" => Alter(c, at),
            "validate" when c.Try("validate", "constraint") => new ValidateConstraint(at, Name(c, "The constraint's name is expected here.")),
            "rename" => Rename(c, at),
            "detach" when c.Try("detach", "partition") => Detach(c, at),
            "attach" when c.Try("attach", "partition") => new OtherChange(at, "attach partition"),
            "enable" or "disable" or "force" or "no" => Toggle(c, at),
            "set" => Set(c, at),
            "cluster" or "reset" or "owner" or "replica" or "inherit" or "of" or "not" or "options" or "merge" or "split" => new OtherChange(at, at.Text),
            _ => throw new UnreadableException(at, $"{Shown(at)} is no change of a table."),
        };
    }

    private static TableChange Add(SqlCursor c, SqlToken at)
    {
        c.Skip();
        if (ColumnReader.IsConstraint(c))
        {
            return new AddConstraint(at, ColumnReader.Constraint(c));
        }

        c.Try("column");
        var ifNotExists = c.Try("if", "not", "exists");
        return new AddColumn(at, ColumnReader.Column(c), ifNotExists);
    }

    private static TableChange Drop(SqlCursor c, SqlToken at)
    {
        c.Skip();
        if (c.Try("constraint"))
        {
            var exists = c.Try("if", "exists");
            return new DropConstraint(at, Name(c, "The constraint's name is expected here."), exists);
        }

        c.Try("column");
        var ifExists = c.Try("if", "exists");
        var column = Name(c, "The column's name is expected here.");
        End(c, "cascade", "restrict");
        return new DropColumn(at, column, ifExists);
    }

    private static TableChange Alter(SqlCursor c, SqlToken at)
    {
        c.Skip();
        if (c.Try("constraint"))
        {
            return new OtherChange(at, "alter constraint");
        }

        c.Try("column");
        var column = Name(c, "The column's name is expected here.");
        if (c.Try("type") || c.Try("set", "data", "type"))
        {
            return new ChangeType(at, column, ColumnReader.Type(c) ?? throw new UnreadableException(c.Pointed, "The new type is expected here."), false);
        }

        if (c.Try("set", "not", "null"))
        {
            return new SetNotNull(at, column);
        }

        if (c.Try("drop", "not", "null"))
        {
            return new DropNotNull(at, column);
        }

        if (c.Try("drop", "default"))
        {
            return new DropDefault(at, column);
        }

        if (c.Try("set", "default"))
        {
            return new SetDefault(at, column);
        }

        if (c.Try("set", "expression"))
        {
            return new RewriteTable(at, "A change of a generated column's expression");
        }

        return c.Here.IsAny("set", "reset", "drop", "add", "restart", "options")
            ? new OtherChange(at, "alter column")
            : throw new UnreadableException(c.Pointed, "What is to be changed of the column is expected here.");
    }

    private static TableChange Rename(SqlCursor c, SqlToken at)
    {
        c.Skip();
        if (c.Try("to"))
        {
            return new RenameTable(at, Name(c, "The new name is expected here."));
        }

        if (c.Try("constraint"))
        {
            return new RenameConstraint(at, Name(c, "The constraint's name is expected here."));
        }

        c.Try("column");
        var from = Name(c, "The column's name is expected here.");
        return c.Try("to")
            ? new RenameColumn(at, from, Name(c, "The new name is expected here."))
            : throw new UnreadableException(c.Pointed, "TO and the new name are expected here.");
    }

    private static DetachPartition Detach(SqlCursor c, SqlToken at)
    {
        var partition = Name(c, "The partition's name is expected here.");
        return new DetachPartition(at, partition, c.TryAny("concurrently", "finalize"));
    }

    private static TableChange Toggle(SqlCursor c, SqlToken at)
    {
        var words = new List<string>();
        while (!c.AtEnd && words.Count < 5)
        {
            words.Add(c.Here.Text);
            c.Skip();
        }

        return at.Is("no") && words.ElementAtOrDefault(1) == "inherit"
            ? new OtherChange(at, "no inherit")
            : new ToggleGuard(at, string.Join(' ', words));
    }

    private static TableChange Set(SqlCursor c, SqlToken at)
    {
        c.Skip();
        return c.Here.Text switch
        {
            "logged" or "unlogged" or "tablespace" => new RewriteTable(at, "SET " + c.Here.Text.ToUpperInvariant()),
            "access" => new RewriteTable(at, "SET ACCESS METHOD"),
            "schema" => new RenameTable(at, "the schema " + c.Ahead(1).Text),
            "without" or "with" => new OtherChange(at, "set"),
            _ when c.Here.Is('(') => new OtherChange(at, "set"),
            _ => throw new UnreadableException(c.Pointed, "What is to be set of the table is expected here."),
        };
    }

    /// <summary>Only one of these words may follow.</summary>
    private static void End(SqlCursor c, params ReadOnlySpan<string> words)
    {
        c.TryAny(words);
        if (!c.AtEnd)
        {
            throw new UnreadableException(c.Here, $"{Shown(c.Here)} is not expected here.");
        }
    }

    private static string Name(SqlCursor c, string sentence) =>
        c.TryName(out var name) ? name.Name : throw new UnreadableException(c.Pointed, sentence);

    private static string Shown(SqlToken token) => $"'{(token.Text.Length <= 40 ? token.Text : token.Text[..40] + "…")}'";
}
