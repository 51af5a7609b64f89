using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Gates.Migrations.Rules;

/// <summary>What removes, or takes away a name.</summary>
internal static class DestructiveRules
{
    public static readonly MigrationRule DropDatabase = new("ban-drop-database", FindingSeverity.Blocking, RollbackEffect.DataLost, MigrationClass.Contract,
        "The database {0} is dropped, with everything in it.",
        "Leave dropping a database to a person, outside of a release.");

    public static readonly MigrationRule DropTable = new("ban-drop-table", FindingSeverity.Danger, RollbackEffect.DataLost, MigrationClass.Contract,
        "The table {0} is dropped with its rows; a version that still reads it fails.",
        "Release a version that does not use the table, keep it for a while, and drop it in a later release.");

    public static readonly MigrationRule DropColumn = new("ban-drop-column", FindingSeverity.Danger, RollbackEffect.DataLost, MigrationClass.Contract,
        "The column {0} is dropped with its values; a version that still reads or writes it fails.",
        "Release a version that does not use the column first, and drop it in a later release.");

    public static readonly MigrationRule DropSchema = new("drop-schema", FindingSeverity.Danger, RollbackEffect.DataLost, MigrationClass.Contract,
        "The schema {0} is dropped.",
        "Empty it table by table in releases of their own, and drop it when nothing uses it.");

    public static readonly MigrationRule DropType = new("drop-type", FindingSeverity.Danger, RollbackEffect.PreviousVersionMayBreak, MigrationClass.Contract,
        "The type {0} is dropped; a version that still names it fails.",
        "Drop it in a later release, when no version that runs names it.");

    public static readonly MigrationRule DropConstraint = new("drop-constraint", FindingSeverity.Warning, RollbackEffect.PreviousVersionMayBreak, MigrationClass.Contract,
        "The constraint {0} is dropped; rows that break it may come in, and then it cannot be put back.",
        "Keep it until no version relies on it, and say how the rows are checked meanwhile.");

    public static readonly MigrationRule DropObject = new("drop-object", FindingSeverity.Warning, RollbackEffect.PreviousVersionMayBreak, MigrationClass.Contract,
        "{0} is dropped; a version that still uses it fails.",
        "Drop it in a later release, when no version that runs uses it.");

    public static readonly MigrationRule DropIndex = new("drop-index", FindingSeverity.Info, RollbackEffect.PreviousVersionWorks, MigrationClass.Migrate,
        "The index {0} is dropped; queries of the previous version that need it become slow.",
        "Make sure that no query of the previous version needs it.");

    public static readonly MigrationRule DropCascade = new("drop-cascade", FindingSeverity.Danger, RollbackEffect.CannotRollBack, MigrationClass.Contract,
        "CASCADE drops with {0} everything that depends on it, which the script does not name.",
        "Name each object that is to be dropped.");

    public static readonly MigrationRule Truncate = new("truncate-table", FindingSeverity.Danger, RollbackEffect.DataLost, MigrationClass.Contract,
        "Every row of {0} is removed.",
        "Delete in bounded steps what is no longer needed, after a backup.");

    public static readonly MigrationRule TruncateCascade = new("ban-truncate-cascade", FindingSeverity.Blocking, RollbackEffect.DataLost, MigrationClass.Contract,
        "TRUNCATE with CASCADE empties {0} and every table that refers to it, directly or not.",
        "Name each table that is to be emptied, and leave CASCADE out.") { Dialects = [SqlDialect.Postgres] };

    public static readonly MigrationRule RenameTable = new("renaming-table", FindingSeverity.Danger, RollbackEffect.PreviousVersionMayBreak, MigrationClass.Contract,
        "The table {0} is renamed; the previous version, which runs at the same time and after rolling back, does not find it.",
        "Keep the name in the database, or put a view with the new name before it until no version uses the old one.");

    public static readonly MigrationRule RenameColumn = new("renaming-column", FindingSeverity.Danger, RollbackEffect.PreviousVersionMayBreak, MigrationClass.Contract,
        "The column {0} is renamed; the previous version does not find it.",
        "Add a column with the new name, write both, move the values over, and drop the old one in a later release.");

    public static readonly MigrationRule RenameObject = new("renaming-object", FindingSeverity.Warning, RollbackEffect.PreviousVersionMayBreak, MigrationClass.Contract,
        "{0} is renamed; a version that uses the old name fails.",
        "Make a new one beside it, and drop the old one in a later release.");

    public static readonly MigrationRule ReplaceObject = new("replacing-object", FindingSeverity.Warning, RollbackEffect.PreviousVersionMayBreak, MigrationClass.Migrate,
        "{0} is replaced; the previous version runs the new one after rolling back.",
        "Make a new one under another name, so that each version has its own.");

    public static readonly MigrationRule DropNotNull = new("ban-drop-not-null", FindingSeverity.Warning, RollbackEffect.PreviousVersionMayBreak, MigrationClass.Migrate,
        "{0} may be null from now on; the previous version may not expect that.",
        "Release a version that copes with nulls first, or use a marker value.");

    public static readonly MigrationRule DropDefault = new("dropping-default", FindingSeverity.Warning, RollbackEffect.PreviousVersionMayBreak, MigrationClass.Migrate,
        "{0} loses its default; inserts of the previous version that leave it out may fail.",
        "Drop the default when no version that runs relies on it.");

    public static IReadOnlyList<MigrationRule> All { get; } =
    [
        DropDatabase, DropTable, DropColumn, DropSchema, DropType, DropConstraint, DropObject, DropIndex,
        DropCascade, Truncate, TruncateCascade, RenameTable, RenameColumn, RenameObject, ReplaceObject, DropNotNull,
        DropDefault,
    ];
}
