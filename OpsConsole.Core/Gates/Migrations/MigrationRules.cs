using OpsConsole.Core.Gates.Migrations.Rules;

namespace OpsConsole.Core.Gates.Migrations;

/// <summary>Everything that is looked for. Rendered into docs/migration-risk.md by a test.</summary>
public static class MigrationRules
{
    /// <summary>Every rule, by subject.</summary>
    public static IReadOnlyList<MigrationRule> All { get; } =
    [
        .. ReadingRules.All, .. DestructiveRules.All, .. LockRules.All, .. ConstraintRules.All, .. DataRules.All, .. TransactionRules.All, .. StyleRules.All,
    ];
}
