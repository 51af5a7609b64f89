using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Gates.Migrations.Rules;

/// <summary>What changes rows.</summary>
internal static class DataRules
{
    public static readonly MigrationRule DeleteAll = new("delete-without-where", FindingSeverity.Danger, RollbackEffect.DataLost, MigrationClass.Contract,
        "Every row of {0} is deleted.",
        "Say in a WHERE which rows go, and delete them in bounded steps.");

    public static readonly MigrationRule UpdateAll = new("update-without-where", FindingSeverity.Danger, RollbackEffect.DataLost, MigrationClass.Contract,
        "Every row of {0} is overwritten in one statement, behind locks on all of them; what was there before is gone.",
        "Say in a WHERE which rows change, in bounded steps, and write into a new column.");

    public static readonly MigrationRule DeleteRows = new("deleting-rows", FindingSeverity.Warning, RollbackEffect.DataLost, MigrationClass.Migrate,
        "Rows of {0} are deleted; going back does not bring them back.",
        "Keep them somewhere, or mark them, until the release is done.");

    public static readonly MigrationRule UpdateRows = new("overwriting-rows", FindingSeverity.Warning, RollbackEffect.DataLost, MigrationClass.Migrate,
        "Values in {0} are overwritten; going back does not bring back the old ones.",
        "Write into a new column, and keep the old values until the release is done.");

    public static readonly MigrationRule Backfill = new("unbounded-backfill", FindingSeverity.Warning, RollbackEffect.PreviousVersionWorks, MigrationClass.Migrate,
        "{0} is filled in one statement, which may run and hold locks for as long as the table is long.",
        "Fill it in bounded steps by key, outside of the migration.");

    public static readonly MigrationRule NoIndex = new("backfill-without-index", FindingSeverity.Warning, RollbackEffect.None, MigrationClass.None,
        "The rows of {0} are looked up by a column for which this script makes no index; without one every row is read.",
        "Make sure that there is an index for it, or look the rows up by key.");

    public static readonly MigrationRule Merge = new("merging-rows", FindingSeverity.Warning, RollbackEffect.PreviousVersionMayBreak, MigrationClass.Migrate,
        "Rows of {0} are merged with others in one statement, without a bound that the script shows.",
        "Merge in bounded steps by key, and keep the values that are overwritten.");

    public static readonly MigrationRule InsertRows = new("inserting-rows", FindingSeverity.Info, RollbackEffect.PreviousVersionWorks, MigrationClass.Migrate,
        "Rows are inserted into {0}; the previous version sees them after going back.",
        "Make sure that the previous version copes with them.");

    public static readonly MigrationRule Duplicate = new("ban-duplicate-column-assignments", FindingSeverity.Blocking, RollbackEffect.None, MigrationClass.None,
        "The column {0} is named twice here; the server refuses that.",
        "Name each column once.");

    public static IReadOnlyList<MigrationRule> All { get; } =
    [
        DeleteAll, UpdateAll, DeleteRows, UpdateRows, Backfill, NoIndex, Merge, InsertRows,
        Duplicate,
    ];
}
