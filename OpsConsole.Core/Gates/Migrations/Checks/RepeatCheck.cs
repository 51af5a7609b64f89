using OpsConsole.Core.Gates.Migrations.Rules;
using OpsConsole.Core.Gates.Migrations.Statements;

namespace OpsConsole.Core.Gates.Migrations.Checks;

/// <summary>Statements that fail when a script is run again after it broke off in the middle. Inside of a transaction, or alone in the script, they cannot be left half done.</summary>
internal static class RepeatCheck
{
    public static void See(Step step, ScriptState state, Findings findings)
    {
        if (step is AlterTableStep table)
        {
            Table(table, state, findings, state.InTransaction || state.Statements == 1 || step.IsGuarded);
        }
        else if (!state.InTransaction && state.Statements > 1 && !step.IsGuarded && Breaks(step) is { } what)
        {
            findings.Add(StyleRules.Robust, step, step.Statement.Start, what);
        }
    }

    private static string? Breaks(Step step) => step switch
    {
        CreateTableStep { IfNotExists: false, Temporary: true, OnCommitDrop: true } => null,
        CreateTableStep { IfNotExists: false } create when !create.Table.Name.StartsWith('#') => $"CREATE TABLE {create.Table}",
        CreateIndexStep { IfNotExists: false, Name: { } name } => $"CREATE INDEX {name}",
        CreateStep { IfNotExists: false, OrReplace: false, Kind: "schema" or "sequence" or "extension" or "view" or "function" or "procedure" or "proc" } create => $"CREATE {create.Kind.ToUpperInvariant()} {create.Name}",
        DropStep { IfExists: false } drop => $"DROP {drop.Kind.ToUpperInvariant()} {string.Join(", ", drop.Names.Take(3))}",
        AlterTypeStep { AddsValue: true, IfNotExists: false } type => $"ADD VALUE to {type.Type}",
        _ => null,
    };

    private static void Table(AlterTableStep step, ScriptState state, Findings findings, bool isSafe)
    {
        foreach (var change in step.Changes)
        {
            if (change is DropConstraint { IfExists: true } dropped)
            {
                state.Constraints.DropIfExists(step.Table, dropped.Name);
            }

            var wasDropped = change is AddConstraint { Constraint.Name: { } name } && state.Constraints.TakeDropped(step.Table, name);
            if (!isSafe && !wasDropped && Breaks(step, change) is { } what)
            {
                findings.Add(StyleRules.Robust, step, change.At, what);
            }
        }
    }

    private static string? Breaks(AlterTableStep step, TableChange change) => change switch
    {
        AddColumn { IfNotExists: false } add => $"ADD COLUMN {add.Column.Name.Text}",
        DropColumn { IfExists: false } drop => $"DROP COLUMN {drop.Column}",
        AddConstraint add => $"ADD CONSTRAINT {add.Constraint.Name}",
        DropConstraint { IfExists: false } drop => $"DROP CONSTRAINT {drop.Name}",
        RenameColumn rename => $"RENAME COLUMN {rename.From}",
        RenameTable when !step.IfExists => $"RENAME of {step.Table}",
        ToggleGuard toggle when !step.IfExists => toggle.What.ToUpperInvariant(),
        _ => null,
    };
}
