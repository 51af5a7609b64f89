using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Gates.Migrations;

/// <summary>One thing that is looked for in migration scripts.</summary>
/// <param name="Code">Its name, in kebab case.</param>
/// <param name="Severity">How much a finding of it weighs at most.</param>
/// <param name="Effect">What a finding of it means for rolling back.</param>
/// <param name="Class">The least class of a script with such a finding; <see cref="MigrationClass.None"/> where it says nothing of the class.</param>
/// <param name="Sentence">What is wrong; <c>{0}</c> stands for what it is about.</param>
/// <param name="Instead">What to do instead, in one sentence.</param>
public sealed record MigrationRule(string Code, FindingSeverity Severity, RollbackEffect Effect, MigrationClass Class, string Sentence, string Instead)
{
    /// <summary>The dialects it is for.</summary>
    public IReadOnlyList<SqlDialect> Dialects { get; init; } = [SqlDialect.Postgres, SqlDialect.SqlServer];
}
