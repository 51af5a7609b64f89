using OpsConsole.Core.Gates.Migrations.Rules;
using OpsConsole.Core.Gates.Migrations.Sql;
using OpsConsole.Core.Gates.Migrations.Statements;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Gates.Migrations.Checks;

/// <summary>What ALTER TABLE does to columns and to the table; constraints are <see cref="ConstraintCheck"/>'s.</summary>
internal sealed class TableCheck(SqlScript script, ScriptState state, Findings findings)
{
    /// <summary>Since this version PostgreSQL keeps a constant default beside the table, instead of writing it into every row.</summary>
    private const int ConstantDefaultSince = 11;

    public void See(AlterTableStep step)
    {
        if (state.IsTemporary(step.Table))
        {
            return;
        }

        findings.AtLeast(MigrationClass.Expand);
        var fresh = state.IsFresh(step.Table);
        var own = state.IsOwn(step.Table);
        foreach (var change in step.Changes)
        {
            Change(step, change, fresh, own);
        }
    }

    private void Change(AlterTableStep step, TableChange change, bool fresh, bool own)
    {
        switch (change)
        {
            case AddColumn add:
                Add(step, add, fresh, own);
                break;
            case DropColumn drop:
                findings.Add(DestructiveRules.DropColumn, step, drop.At, drop.Column, own || state.IsNewColumn(step.Table, drop.Column));
                break;
            case ChangeType type:
                Type(step, type, fresh, own);
                break;
            case DropNotNull column:
                findings.Add(DestructiveRules.DropNotNull, step, column.At, column.Column, own);
                break;
            case DropDefault column:
                findings.Add(DestructiveRules.DropDefault, step, column.At, column.Column, own || state.IsNewColumn(step.Table, column.Column));
                break;
            case RenameTable rename:
                findings.Add(DestructiveRules.RenameTable, step, rename.At, step.Table.ToString(), own);
                break;
            case RenameColumn rename:
                findings.Add(DestructiveRules.RenameColumn, step, rename.At, rename.From, own);
                break;
            case DetachPartition detach:
                findings.Add(LockRules.DetachPartition, step, detach.At, detach.Partition, own);
                if (!detach.Concurrently)
                {
                    findings.Add(LockRules.DetachNotConcurrent, step, detach.At, detach.Partition, own);
                }

                break;
            case SwitchPartition:
                findings.Add(LockRules.SwitchPartition, step, change.At, step.Table.ToString(), own);
                break;
            case RewriteTable rewrite when !fresh:
                findings.Add(LockRules.RewriteTable, step, rewrite.At, rewrite.What, own);
                break;
            case ToggleGuard toggle:
                findings.Add(ConstraintRules.ToggleGuard, step, toggle.At, $"{toggle.What.ToUpperInvariant()} of {step.Table}", own);
                break;
        }
    }

    private void Add(AlterTableStep step, AddColumn add, bool fresh, bool own)
    {
        var column = add.Column;
        if (fresh)
        {
            return;
        }

        var numbered = column.Identity || column.Type is { Name: "serial" or "serial2" or "serial4" or "serial8" or "smallserial" or "bigserial" };
        if (numbered)
        {
            findings.Add(LockRules.AddNumbered, step, add.At, column.Name.Text, own);
        }
        else if (column.NotNull && column.Default is null && !column.GeneratedStored && !column.GeneratedVirtual)
        {
            findings.Add(ConstraintRules.RequiredColumn, step, add.At, column.Name.Text, own);
        }

        if (column.GeneratedStored || (column.Default is { } value && Rewrites(value)))
        {
            findings.Add(LockRules.VolatileDefault, step, add.At, column.Name.Text, own);
        }

        if (column.Check && state.IsPostgres)
        {
            findings.Add(ConstraintRules.ColumnCheck, step, add.At, column.Name.Text, own);
        }
    }

    private bool Rewrites(SqlRange value) => state.IsPostgres && state.Options.ServerVersion < ConstantDefaultSince
        ? !(value.End - value.First == 1 && script.Tokens[value.First].Is("null"))
        : DefaultValue.IsComputedForEachRow(new SqlCursor(script, value.First, value.End));

    private void Type(AlterTableStep step, ChangeType type, bool fresh, bool own)
    {
        if (fresh)
        {
            return;
        }

        findings.Add(LockRules.ChangeType, step, type.At, type.Column, own);
        if (type.SetsNotNull)
        {
            findings.Add(ConstraintRules.ServerNotNull, step, type.At, type.Column, own);
        }
    }
}
