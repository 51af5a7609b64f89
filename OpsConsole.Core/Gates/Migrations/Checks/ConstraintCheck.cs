using OpsConsole.Core.Gates.Migrations.Rules;
using OpsConsole.Core.Gates.Migrations.Statements;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Gates.Migrations.Checks;

/// <summary>What demands something of rows, those that are there and those to come.</summary>
internal sealed class ConstraintCheck(ScriptState state, Findings findings)
{
    /// <summary>Since this version PostgreSQL takes a validated check as proof, instead of reading every row.</summary>
    private const int ProofSince = 12;

    public void See(Step step)
    {
        switch (step)
        {
            case AlterTableStep table when !state.IsTemporary(table.Table):
                foreach (var change in table.Changes)
                {
                    Change(table, change);
                }

                break;
            case AlterDomainStep { AddsConstraint: true } domain:
                findings.Add(ConstraintRules.AlterDomain, step, domain.Domain);
                break;
            case AlterDomainStep or AlterTypeStep or CreateStep or CreateTableStep { Temporary: false }:
                findings.AtLeast(MigrationClass.Expand);
                if (step is CreateStep { Kind: "domain", Domain: not DomainRules.None, Name: { } name })
                {
                    findings.Add(ConstraintRules.CreateDomain, step, name);
                }

                break;
        }
    }

    private void Change(AlterTableStep step, TableChange change)
    {
        var table = step.Table;
        var own = state.IsOwn(table);
        switch (change)
        {
            case AddConstraint add:
                Add(step, add);
                break;
            case AddColumn add when !state.IsFresh(table):
                Column(step, add, own);
                break;
            case ValidateConstraint validate:
                state.Constraints.Validate(table, validate.Name);
                if (state.IsPending(table, validate.Name) && !state.IsFresh(table))
                {
                    findings.Add(ConstraintRules.NotValidMissing, step, change.At, table.ToString(), own);
                }

                break;
            case SetNotNull column when !state.IsFresh(table):
                var proven = state.Options.ServerVersion is null or >= ProofSince && state.Constraints.ProvesNotNull(table, column.Column);
                findings.Add(proven ? ConstraintRules.ProvenNotNull : ConstraintRules.SetNotNull, step, change.At, column.Column, own || (proven && state.IsNewColumn(table, column.Column)));
                break;
            case DropConstraint drop:
                findings.Add(DestructiveRules.DropConstraint, step, change.At, drop.Name, own || state.Constraints.IsOwn(table, drop.Name));
                break;
            case TrustConstraint { Checks: false }:
                findings.Add(ConstraintRules.NotTrusted, step, change.At, table.ToString(), own);
                break;
            case TrustConstraint { WithCheck: true }:
                findings.Add(ConstraintRules.CheckedAtOnce, step, change.At, table.ToString(), own);
                break;
        }
    }

    private void Add(AlterTableStep step, AddConstraint add)
    {
        var constraint = add.Constraint;
        var table = step.Table;
        if (constraint.Name is { } name)
        {
            state.Constraints.Add(table, name, constraint.NotNullColumn, !constraint.NotValid);
            if (constraint.NotValid)
            {
                state.AddPending(table, name);
            }
        }

        if (state.IsFresh(table))
        {
            return;
        }

        var rule = state.IsPostgres ? ForPostgres(constraint) : ForServer(constraint);
        var own = state.IsOwn(table);
        findings.Add(rule, step, add.At, table.ToString(), own);
        if (rule == ConstraintRules.AddForeignKey)
        {
            findings.Add(ConstraintRules.NotValidMissing, step, add.At, table.ToString(), own);
        }
    }

    private void Column(AlterTableStep step, AddColumn add, bool own)
    {
        var subject = $"{step.Table}";
        if (add.Column.PrimaryKey)
        {
            findings.Add(state.IsPostgres ? ConstraintRules.AddPrimaryKey : LockRules.IndexNotOnline, step, add.At, subject, own);
        }

        if (add.Column.Unique)
        {
            findings.Add(state.IsPostgres ? ConstraintRules.AddUnique : LockRules.IndexNotOnline, step, add.At, subject, own);
        }

        if (add.Column.References)
        {
            findings.Add(state.IsPostgres ? ConstraintRules.AddForeignKey : ConstraintRules.AddConstraint, step, add.At, subject, own);
        }
    }

    private static MigrationRule ForPostgres(ConstraintPart constraint) => constraint.Kind switch
    {
        ConstraintKind.PrimaryKey when !constraint.UsingIndex => ConstraintRules.AddPrimaryKey,
        ConstraintKind.Unique when !constraint.UsingIndex => ConstraintRules.AddUnique,
        ConstraintKind.Exclude => ConstraintRules.AddExclusion,
        ConstraintKind.ForeignKey when !constraint.NotValid => ConstraintRules.AddForeignKey,
        ConstraintKind.Check or ConstraintKind.NotNull when !constraint.NotValid => ConstraintRules.NotValidMissing,
        _ => ConstraintRules.AddConstraint,
    };

    private static MigrationRule ForServer(ConstraintPart constraint) => constraint.Kind switch
    {
        ConstraintKind.PrimaryKey or ConstraintKind.Unique => LockRules.IndexNotOnline,
        _ when constraint.NotValid => ConstraintRules.NotTrusted,
        _ => ConstraintRules.CheckedAtOnce,
    };
}
