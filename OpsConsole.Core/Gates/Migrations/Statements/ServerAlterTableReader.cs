using OpsConsole.Core.Gates.Migrations.Sql;

namespace OpsConsole.Core.Gates.Migrations.Statements;

/// <summary>Reads the changes of ALTER TABLE in Transact-SQL, where one word governs a list: <c>ADD a int, b int</c>.</summary>
internal static class ServerAlterTableReader
{
    /// <summary>Behind the table's name.</summary>
    public static void Read(SqlCursor c, List<TableChange> changes)
    {
        var at = c.Here;
        var withCheck = c.Try("with", "check");
        var withNoCheck = !withCheck && c.Try("with", "nocheck");
        switch (c.Here.Text)
        {
            case "add":
                c.Skip();
                foreach (var part in c.Parts(c.ToEnd()))
                {
                    changes.Add(Add(c.In(part), at, withNoCheck));
                }

                break;
            case "drop":
                c.Skip();
                Drop(c, at, changes);
                break;
            case "alter" when c.Try("alter", "column"):
                changes.Add(AlterColumn(c, at));
                break;
            case "check" or "nocheck":
                var checks = c.Here.Is("check");
                c.Skip();
                Expect(c.Try("constraint"), c, "CONSTRAINT is expected here.");
                changes.Add(new TrustConstraint(at, checks, withCheck));
                break;
            case "switch":
                changes.Add(new SwitchPartition(at));
                break;
            case "rebuild":
                changes.Add(new RewriteTable(at, "REBUILD"));
                break;
            case "enable" or "disable":
                changes.Add(new ToggleGuard(at, c.Here.Text + " " + c.Ahead(1).Text));
                break;
            case "set":
                changes.Add(new OtherChange(at, "set"));
                break;
            default:
                throw new UnreadableException(c.Pointed, "This is no change of a table.");
        }
    }

    private static TableChange Add(SqlCursor c, SqlToken at, bool withNoCheck)
    {
        c.Try("column");
        if (c.Here.IsAny("default", "period", "index") || (c.Here.Is("constraint") && c.Ahead(2).Is("default")))
        {
            return new OtherChange(at, "add default");
        }

        if (!ColumnReader.IsConstraint(c))
        {
            return new AddColumn(at, ColumnReader.Column(c), false);
        }

        var constraint = ColumnReader.Constraint(c);
        constraint.NotValid |= withNoCheck;
        return new AddConstraint(at, constraint);
    }

    private static void Drop(SqlCursor c, SqlToken at, List<TableChange> changes)
    {
        var column = false;
        foreach (var part in c.Parts(c.ToEnd()))
        {
            var one = c.In(part);
            column = one.Try("column") || (!one.Try("constraint") && column);
            var ifExists = one.Try("if", "exists");
            Expect(one.TryName(out var name), one.AtEnd ? c : one, "The name of what is dropped is expected here.");
            changes.Add(column ? new DropColumn(at, name!.Name, ifExists) : new DropConstraint(at, name!.Name, ifExists));
        }
    }

    private static TableChange AlterColumn(SqlCursor c, SqlToken at)
    {
        Expect(c.TryName(out var column), c, "The column's name is expected here.");
        if (c.Here.IsAny("add", "drop"))
        {
            return new OtherChange(at, "alter column");
        }

        var type = ColumnReader.Type(c) ?? throw new UnreadableException(c.Pointed, "The column's type is expected here.");
        var notNull = false;
        while (!c.AtEnd)
        {
            notNull |= c.Here.Is("not") && c.Ahead(1).Is("null");
            c.SkipPart();
        }

        return new ChangeType(at, column!.Name, type, notNull);
    }

    private static void Expect(bool found, SqlCursor c, string sentence)
    {
        if (!found)
        {
            throw new UnreadableException(c.Pointed, sentence);
        }
    }
}
