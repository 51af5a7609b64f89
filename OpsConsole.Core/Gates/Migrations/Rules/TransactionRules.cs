using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Gates.Migrations.Rules;

/// <summary>What concerns transactions.</summary>
internal static class TransactionRules
{
    public static readonly MigrationRule ConcurrentInTransaction = new("ban-concurrent-index-creation-in-transaction", FindingSeverity.Blocking, RollbackEffect.None, MigrationClass.None,
        "CONCURRENTLY cannot be used inside of a transaction; the statement about {0} fails.",
        "Put it into a script of its own that no transaction is around.") { Dialects = [SqlDialect.Postgres] };

    public static readonly MigrationRule Nesting = new("transaction-nesting", FindingSeverity.Warning, RollbackEffect.None, MigrationClass.None,
        "{0}",
        "Begin each transaction once and end it once; leave both to the tool where it does that.");

    public static readonly MigrationRule Uncommitted = new("ban-uncommitted-transaction", FindingSeverity.Blocking, RollbackEffect.None, MigrationClass.None,
        "The transaction that begins here is never committed, so that nothing of it is applied.",
        "Add COMMIT at its end.");

    public static readonly MigrationRule RolledBack = new("rolled-back-transaction", FindingSeverity.Warning, RollbackEffect.None, MigrationClass.None,
        "The transaction is rolled back by the script itself, so that nothing of it is applied.",
        "Commit it, or leave the statements out.");

    public static readonly MigrationRule XactAbort = new("require-xact-abort", FindingSeverity.Warning, RollbackEffect.None, MigrationClass.None,
        "A transaction begins without SET XACT_ABORT ON: after an error in the middle the rest goes on and is committed.",
        "SET XACT_ABORT ON at the beginning of the script.") { Dialects = [SqlDialect.SqlServer] };

    public static readonly MigrationRule RepeatedBatch = new("repeated-batch", FindingSeverity.Warning, RollbackEffect.None, MigrationClass.None,
        "The batch is run several times ({0}).",
        "Write GO without a count.") { Dialects = [SqlDialect.SqlServer] };

    public static IReadOnlyList<MigrationRule> All { get; } =
    [
        ConcurrentInTransaction, Nesting, Uncommitted, RolledBack, XactAbort, RepeatedBatch,
    ];
}
