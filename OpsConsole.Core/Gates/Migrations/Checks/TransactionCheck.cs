using OpsConsole.Core.Gates.Migrations.Rules;
using OpsConsole.Core.Gates.Migrations.Statements;

namespace OpsConsole.Core.Gates.Migrations.Checks;

/// <summary>Follows transactions through the script.</summary>
internal sealed class TransactionCheck(ScriptState state, Findings findings)
{
    private Step? _began;
    private int _depth;
    private bool _abortsOnError;

    public void See(Step step)
    {
        switch (step)
        {
            case TransactionStep transaction when !step.IsGuarded:
                Move(transaction);
                break;
            case SettingStep { Name: "xact_abort" } setting:
                _abortsOnError = setting.Value == "on";
                break;
            case CreateIndexStep { Concurrently: true } index:
                Concurrent(step, index.Table.ToString());
                break;
            case DropStep { Concurrently: true } drop:
                Concurrent(step, string.Join(", ", drop.Names));
                break;
            case ReindexStep { Concurrently: true } reindex when state.IsPostgres:
                Concurrent(step, reindex.Kind);
                break;
            case AlterTableStep table:
                foreach (var detach in table.Changes.OfType<DetachPartition>().Where(d => d.Concurrently))
                {
                    Concurrent(step, detach.Partition);
                }

                break;
        }
    }

    /// <summary>After the last statement.</summary>
    public void End()
    {
        if (_began is not null && state.InTransaction && !state.Options.AssumeInTransaction)
        {
            findings.Add(TransactionRules.Uncommitted, _began, _began.Statement.Start, "");
        }
    }

    private void Move(TransactionStep step)
    {
        if (step.Move == TransactionMove.Begin)
        {
            Begin(step);
        }
        else
        {
            Finish(step);
        }
    }

    private void Begin(TransactionStep step)
    {
        if (state.InTransaction)
        {
            findings.Add(TransactionRules.Nesting, step, step.Statement.Start, state.IsAssumed
                ? "A transaction begins inside of the one that the tool puts around the script."
                : "A transaction begins inside of another one; there is only one at a time.");
        }
        else
        {
            _began = step;
            if (!state.IsPostgres && !_abortsOnError)
            {
                findings.Add(TransactionRules.XactAbort, step, step.Statement.Start, "");
            }
        }

        _depth++;
        state.Begin();
    }

    private void Finish(TransactionStep step)
    {
        if (!state.InTransaction)
        {
            findings.Add(TransactionRules.Nesting, step, step.Statement.Start, "A transaction is ended where none is open.");
        }
        else if (state.IsAssumed)
        {
            findings.Add(TransactionRules.Nesting, step, step.Statement.Start, "The transaction that the tool puts around the script is ended by the script.");
        }

        if (step.Move == TransactionMove.Rollback && state.InTransaction)
        {
            findings.Add(TransactionRules.RolledBack, step, step.Statement.Start, "");
        }

        // In Transact-SQL a COMMIT ends the innermost only, a ROLLBACK all of them.
        _depth = step.Move == TransactionMove.Rollback || state.IsPostgres ? 0 : Math.Max(0, _depth - 1);
        if (_depth > 0)
        {
            return;
        }

        _began = step.AndChain ? step : null;
        state.End(step.AndChain);
    }

    /// <summary>A tool that puts a transaction around scripts is presumed to leave out one that has a single statement.</summary>
    private void Concurrent(Step step, string subject)
    {
        if (state.InTransaction && !(state.IsAssumed && state.Statements == 1))
        {
            findings.Add(TransactionRules.ConcurrentInTransaction, step, step.Statement.Start, subject);
        }
    }
}
