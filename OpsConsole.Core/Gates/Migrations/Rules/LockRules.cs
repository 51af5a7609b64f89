using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Gates.Migrations.Rules;

/// <summary>What makes others wait for long, or rewrites a table.</summary>
internal static class LockRules
{
    public static readonly MigrationRule LongLock = new("long-lock", FindingSeverity.Danger, RollbackEffect.PreviousVersionWorks, MigrationClass.None,
        "{0} keeps readers and writers of the table out until it is done.",
        "Do it outside of a release, with a tool that works beside the running service.");

    public static readonly MigrationRule LockTable = new("lock-table", FindingSeverity.Danger, RollbackEffect.PreviousVersionWorks, MigrationClass.None,
        "The table {0} is locked on purpose; whoever needs it waits until the transaction ends.",
        "Leave the lock out, or take the weakest one for one short statement.") { Dialects = [SqlDialect.Postgres] };

    public static readonly MigrationRule PreferRepack = new("prefer-repack", FindingSeverity.Warning, RollbackEffect.PreviousVersionWorks, MigrationClass.None,
        "{0} rewrites the table and keeps everyone out meanwhile.",
        "Use REPACK (CONCURRENTLY), which PostgreSQL has from version 19, or the extension pg_repack before it.") { Dialects = [SqlDialect.Postgres] };

    public static readonly MigrationRule RewriteTable = new("rewriting-table", FindingSeverity.Danger, RollbackEffect.PreviousVersionWorks, MigrationClass.Migrate,
        "{0} rewrites the table or moves it whole, and keeps everyone out meanwhile.",
        "Build a second table beside it, copy in bounded steps, and exchange the two.");

    public static readonly MigrationRule ChangeType = new("changing-column-type", FindingSeverity.Danger, RollbackEffect.PreviousVersionMayBreak, MigrationClass.Contract,
        "The type of {0} is changed; the table may be rewritten behind a lock, and the previous version may not read the new type.",
        "Add a column of the new type, write both, move the values over in bounded steps, and drop the old one later.");

    public static readonly MigrationRule VolatileDefault = new("adding-field-with-default", FindingSeverity.Danger, RollbackEffect.PreviousVersionWorks, MigrationClass.Expand,
        "The column {0} gets a value that is computed for each row, so that the table is rewritten behind a lock.",
        "Add the column without it, set the default, and fill the rows in bounded steps.") { Dialects = [SqlDialect.Postgres] };

    public static readonly MigrationRule AddNumbered = new("adding-numbered-column", FindingSeverity.Danger, RollbackEffect.PreviousVersionWorks, MigrationClass.Expand,
        "The column {0} is numbered for each row that is there, so that the table is rewritten behind a lock.",
        "Add a plain column, fill it in bounded steps, and attach the sequence or identity then.");

    public static readonly MigrationRule IndexNotConcurrent = new("require-concurrent-index-creation", FindingSeverity.Warning, RollbackEffect.PreviousVersionWorks, MigrationClass.Expand,
        "The index on {0} is built without CONCURRENTLY; nobody can write to the table until it is done.",
        "Use CREATE INDEX CONCURRENTLY, outside of a transaction.") { Dialects = [SqlDialect.Postgres] };

    public static readonly MigrationRule DropIndexNotConcurrent = new("require-concurrent-index-deletion", FindingSeverity.Warning, RollbackEffect.PreviousVersionWorks, MigrationClass.None,
        "The index {0} is dropped without CONCURRENTLY; everyone who uses its table waits for the lock.",
        "Use DROP INDEX CONCURRENTLY, outside of a transaction.") { Dialects = [SqlDialect.Postgres] };

    public static readonly MigrationRule ReindexNotConcurrent = new("require-concurrent-reindex", FindingSeverity.Warning, RollbackEffect.PreviousVersionWorks, MigrationClass.None,
        "{0} is rebuilt without CONCURRENTLY; readers and writers wait until it is done.",
        "Use REINDEX … CONCURRENTLY.") { Dialects = [SqlDialect.Postgres] };

    public static readonly MigrationRule DetachNotConcurrent = new("require-concurrent-partition-detach", FindingSeverity.Warning, RollbackEffect.PreviousVersionMayBreak, MigrationClass.Contract,
        "The partition {0} is detached without CONCURRENTLY; everyone who uses the table waits, and its rows are no longer found there.",
        "Use DETACH PARTITION … CONCURRENTLY, outside of a transaction.") { Dialects = [SqlDialect.Postgres] };

    public static readonly MigrationRule DetachPartition = new("detaching-partition", FindingSeverity.Warning, RollbackEffect.PreviousVersionMayBreak, MigrationClass.Contract,
        "The partition {0} is detached; a version that still reads its rows does not find them.",
        "Detach it when no version that runs reads its rows.") { Dialects = [SqlDialect.Postgres] };

    public static readonly MigrationRule IndexNotOnline = new("require-online-index", FindingSeverity.Warning, RollbackEffect.PreviousVersionWorks, MigrationClass.Expand,
        "The index on {0} is built without ONLINE = ON; writers of the table wait until it is done.",
        "Build it WITH (ONLINE = ON) where the edition has that, or in a quiet hour.") { Dialects = [SqlDialect.SqlServer] };

    public static readonly MigrationRule SwitchPartition = new("partition-switch", FindingSeverity.Danger, RollbackEffect.PreviousVersionMayBreak, MigrationClass.Contract,
        "Rows are moved out of or into {0} by SWITCH, which needs the table for itself; the previous version may no longer find them.",
        "Do it when no version reads those rows, with WAIT_AT_LOW_PRIORITY.") { Dialects = [SqlDialect.SqlServer] };

    public static readonly MigrationRule Shrink = new("dbcc-shrink", FindingSeverity.Danger, RollbackEffect.PreviousVersionWorks, MigrationClass.None,
        "{0} moves pages for as long as it takes, and leaves indexes in pieces.",
        "Leave it out of releases; shrink once, by hand, when space was freed for good.") { Dialects = [SqlDialect.SqlServer] };

    public static IReadOnlyList<MigrationRule> All { get; } =
    [
        LongLock, LockTable, PreferRepack, RewriteTable, ChangeType, VolatileDefault, AddNumbered, IndexNotConcurrent,
        DropIndexNotConcurrent, ReindexNotConcurrent, DetachNotConcurrent, DetachPartition, IndexNotOnline, SwitchPartition, Shrink,
    ];
}
