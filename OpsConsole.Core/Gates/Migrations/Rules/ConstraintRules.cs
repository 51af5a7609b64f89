using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Gates.Migrations.Rules;

/// <summary>What demands something of rows.</summary>
internal static class ConstraintRules
{
    public static readonly MigrationRule RequiredColumn = new("adding-required-field", FindingSeverity.Blocking, RollbackEffect.PreviousVersionMayBreak, MigrationClass.Contract,
        "The column {0} must have a value and has no default: adding it fails where the table has rows, and inserts of the previous version fail.",
        "Add it with a constant default, or so that it may be null.");

    public static readonly MigrationRule SetNotNull = new("adding-not-null-field", FindingSeverity.Danger, RollbackEffect.PreviousVersionMayBreak, MigrationClass.Contract,
        "{0} may no longer be null; every row is checked behind a lock, and writes of the previous version may fail.",
        "Add CHECK (… IS NOT NULL) NOT VALID, fill the rows, validate it in another transaction, and set NOT NULL then.") { Dialects = [SqlDialect.Postgres] };

    public static readonly MigrationRule ProvenNotNull = new("not-null-without-scan", FindingSeverity.Info, RollbackEffect.PreviousVersionMayBreak, MigrationClass.Contract,
        "{0} may no longer be null; a validated check proves the rows, but writes of the previous version may fail.",
        "Make sure that the previous version writes no null there.") { Dialects = [SqlDialect.Postgres] };

    public static readonly MigrationRule AddPrimaryKey = new("adding-primary-key-constraint", FindingSeverity.Danger, RollbackEffect.PreviousVersionMayBreak, MigrationClass.Migrate,
        "A primary key is added to {0}; its index is built behind a lock that keeps everyone out.",
        "Build a unique index CONCURRENTLY first and add the key USING INDEX.") { Dialects = [SqlDialect.Postgres] };

    public static readonly MigrationRule AddUnique = new("disallow-unique-constraint", FindingSeverity.Danger, RollbackEffect.PreviousVersionMayBreak, MigrationClass.Migrate,
        "A unique constraint is added to {0}; its index is built behind a lock that keeps everyone out.",
        "Build a unique index CONCURRENTLY first and add the constraint USING INDEX.") { Dialects = [SqlDialect.Postgres] };

    public static readonly MigrationRule AddExclusion = new("adding-exclusion-constraint", FindingSeverity.Danger, RollbackEffect.PreviousVersionMayBreak, MigrationClass.Migrate,
        "An exclusion constraint is added to {0}; its index is built behind a lock that keeps everyone out.",
        "Add it in a quiet hour with a short lock timeout; it cannot be built beside the running service.") { Dialects = [SqlDialect.Postgres] };

    public static readonly MigrationRule AddForeignKey = new("adding-foreign-key-constraint", FindingSeverity.Danger, RollbackEffect.PreviousVersionMayBreak, MigrationClass.Migrate,
        "A foreign key is added to {0} and checked at once; writers of both tables wait meanwhile.",
        "Add it NOT VALID, and validate it in another transaction.") { Dialects = [SqlDialect.Postgres] };

    public static readonly MigrationRule NotValidMissing = new("constraint-missing-not-valid", FindingSeverity.Danger, RollbackEffect.PreviousVersionMayBreak, MigrationClass.Migrate,
        "A constraint of {0} is checked against every row while writers wait.",
        "Add it NOT VALID, and validate it in another transaction.") { Dialects = [SqlDialect.Postgres] };

    public static readonly MigrationRule AddConstraint = new("adding-constraint", FindingSeverity.Info, RollbackEffect.PreviousVersionMayBreak, MigrationClass.Migrate,
        "A constraint is added to {0}; writes of the previous version that break it fail.",
        "Make sure that the previous version writes nothing that breaks it.");

    public static readonly MigrationRule ColumnCheck = new("column-check-validated", FindingSeverity.Warning, RollbackEffect.PreviousVersionMayBreak, MigrationClass.Expand,
        "The new column {0} comes with a check, for which every row is read behind a lock.",
        "Add the column, and then the check NOT VALID.") { Dialects = [SqlDialect.Postgres] };

    public static readonly MigrationRule ServerNotNull = new("setting-not-null", FindingSeverity.Danger, RollbackEffect.PreviousVersionMayBreak, MigrationClass.Contract,
        "{0} may no longer be null; every row is read behind a lock, and writes of the previous version may fail.",
        "Fill the rows first, add a check WITH NOCHECK, check it in a quiet hour, and change the column then.") { Dialects = [SqlDialect.SqlServer] };

    public static readonly MigrationRule CheckedAtOnce = new("checking-rows-at-once", FindingSeverity.Danger, RollbackEffect.PreviousVersionMayBreak, MigrationClass.Migrate,
        "A constraint of {0} is checked against every row behind a lock.",
        "Add it WITH NOCHECK, and check it afterwards in a quiet hour.") { Dialects = [SqlDialect.SqlServer] };

    public static readonly MigrationRule NotTrusted = new("constraint-not-trusted", FindingSeverity.Warning, RollbackEffect.PreviousVersionMayBreak, MigrationClass.Migrate,
        "A constraint of {0} is left unchecked (NOCHECK): the server does not trust it, and rows may break it.",
        "Check it afterwards WITH CHECK CHECK CONSTRAINT, in a quiet hour.") { Dialects = [SqlDialect.SqlServer] };

    public static readonly MigrationRule ToggleGuard = new("changing-guard", FindingSeverity.Warning, RollbackEffect.PreviousVersionMayBreak, MigrationClass.Migrate,
        "{0}: the previous version may see other rows, or write past a rule that it relies on.",
        "Try it with both versions, and say how to turn it back.");

    public static readonly MigrationRule AlterDomain = new("ban-alter-domain-with-add-constraint", FindingSeverity.Warning, RollbackEffect.PreviousVersionMayBreak, MigrationClass.Migrate,
        "A constraint is added to the domain {0}; every column of that domain is checked, each behind a lock.",
        "Put the constraint on the columns that need it.") { Dialects = [SqlDialect.Postgres] };

    public static readonly MigrationRule CreateDomain = new("ban-create-domain-with-constraint", FindingSeverity.Warning, RollbackEffect.PreviousVersionWorks, MigrationClass.Expand,
        "The domain {0} has a constraint; changing it later checks every column of that domain at once.",
        "Use a plain type, and put the constraint on the column.") { Dialects = [SqlDialect.Postgres] };

    public static IReadOnlyList<MigrationRule> All { get; } =
    [
        RequiredColumn, SetNotNull, ProvenNotNull, AddPrimaryKey, AddUnique, AddExclusion, AddForeignKey, NotValidMissing,
        AddConstraint, ColumnCheck, ServerNotNull, CheckedAtOnce, NotTrusted, ToggleGuard, AlterDomain, CreateDomain,
    ];
}
