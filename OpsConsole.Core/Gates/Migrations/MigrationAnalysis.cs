using OpsConsole.Core.Gates.Migrations.Checks;
using OpsConsole.Core.Gates.Migrations.Rules;
using OpsConsole.Core.Gates.Migrations.Sql;
using OpsConsole.Core.Gates.Migrations.Statements;

namespace OpsConsole.Core.Gates.Migrations;

/// <summary>Judges migration scripts by their text alone: what they would do to a running service, and what they leave for the way back.</summary>
public static class MigrationAnalysis
{
    /// <summary>Judges a script. Never throws because of what the script holds: what cannot be read is a finding, and makes the report incomplete.</summary>
    public static MigrationReport Of(string sql, MigrationOptions options)
    {
        ArgumentNullException.ThrowIfNull(sql);
        ArgumentNullException.ThrowIfNull(options);
        if (sql.Length > MigrationLimits.MaxCharacters)
        {
            return Findings.Refused(options.Dialect, $"it has {sql.Length} characters, and at most {MigrationLimits.MaxCharacters} are read.");
        }

        var script = SqlScript.Read(sql, options.Dialect);
        if (script.Statements.Count > MigrationLimits.MaxStatements)
        {
            return Findings.Refused(options.Dialect, $"it has {script.Statements.Count} statements, and at most {MigrationLimits.MaxStatements} are read.");
        }

        return Judge(script, options);
    }

    private static MigrationReport Judge(SqlScript script, MigrationOptions options)
    {
        var steps = script.Statements.SelectMany(StatementReader.Read).ToList();
        if (options.Dialect == SqlDialect.SqlServer)
        {
            Guards.Mark(steps);
        }

        var indexed = steps.OfType<CreateIndexStep>().SelectMany(i => i.Columns).ToHashSet();
        var state = new ScriptState(options, script.Statements.Count, indexed);
        var findings = new Findings(script);
        var transactions = new TransactionCheck(state, findings);
        var timeouts = new TimeoutCheck(state, findings);
        var tables = new TableCheck(script, state, findings);
        var constraints = new ConstraintCheck(state, findings);
        foreach (var step in steps)
        {
            ReadingCheck.See(step, findings);
            timeouts.See(step);
            RepeatCheck.See(step, state, findings);
            NameCheck.See(step, script, state, findings);
            constraints.See(step);
            if (step is AlterTableStep table)
            {
                tables.See(table);
            }

            DropCheck.See(step, state, findings);
            LockCheck.See(step, state, findings);
            RowsCheck.See(step, state, findings);
            if (state.IsPostgres)
            {
                TypeCheck.See(step, findings);
            }

            transactions.See(step);
            state.Follow(step);
        }

        transactions.End();
        ReadingCheck.See(script, findings);
        CallCheck.See(script, steps, findings);
        StringSettingCheck.See(script, findings);
        Batches(script, findings);
        return findings.Report(state.Looks);
    }

    /// <summary><c>GO 5</c> runs a batch five times.</summary>
    private static void Batches(SqlScript script, Findings findings)
    {
        var before = 0;
        foreach (var token in script.Tokens.Where(t => t.Kind == SqlTokenKind.Batch && t.Text.Length > 2))
        {
            while (before + 1 < script.Statements.Count && script.Statements[before + 1].Start < token.Start)
            {
                before++;
            }

            if (script.Statements.Count > 0)
            {
                findings.Add(TransactionRules.RepeatedBatch, new OtherStep("go") { Statement = script.Statements[before] }, token, token.Text);
            }
        }
    }
}
