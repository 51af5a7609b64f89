using OpsConsole.Core.Gates.Migrations.Rules;
using OpsConsole.Core.Gates.Migrations.Statements;

namespace OpsConsole.Core.Gates.Migrations.Checks;

/// <summary>A limit for how long locks are waited for and statements run, before the first statement that takes a lock which others notice. Said once for a script.</summary>
internal sealed class TimeoutCheck(ScriptState state, Findings findings)
{
    private bool _hasLock = state.Options.HasLockTimeout;
    private bool _hasStatement = state.Options.HasStatementTimeout || !state.IsPostgres;
    private bool _said;

    public void See(Step step)
    {
        if (step is SettingStep setting)
        {
            // Zero, minus one and the default wait without end.
            var isSet = setting.Value is not (null or "0" or "0s" or "0ms" or "-" or "-1");
            _hasLock = setting.Name == "lock_timeout" ? isSet : _hasLock;
            _hasStatement = setting.Name == "statement_timeout" && state.IsPostgres ? isSet : _hasStatement;
        }
        else if (!_said && !(_hasLock && _hasStatement) && TakesLocks(step))
        {
            _said = true;
            findings.Add(StyleRules.Timeouts, step, step.Statement.Start, _hasLock ? "statement_timeout" : _hasStatement ? "lock_timeout" : "lock_timeout and no statement_timeout");
        }
    }

    /// <summary>What could not be read may take any.</summary>
    private static bool TakesLocks(Step step) => step switch
    {
        CreateTableStep { Temporary: true } => false,
        CreateTableStep or CreateIndexStep or CreateStep or AlterTableStep or AlterTypeStep or AlterDomainStep or DropStep or TruncateStep or ReindexStep or VacuumStep or Unreadable or UnseenCode => true,
        OtherStep other => other.Words is "comment" or "grant" or "revoke" or "lock" or "cluster" or "refresh" or "analyze" or "analyse" or "security" or "import" or "reassign" or "repack"
            || other.Words.StartsWith("alter ", StringComparison.Ordinal),
        _ => false,
    };
}
