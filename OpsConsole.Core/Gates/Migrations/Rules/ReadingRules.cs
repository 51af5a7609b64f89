using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Gates.Migrations.Rules;

/// <summary>What keeps a script from being judged at all.</summary>
internal static class ReadingRules
{
    public static readonly MigrationRule NotRead = new("could-not-be-read", FindingSeverity.Blocking, RollbackEffect.CannotRollBack, MigrationClass.None,
        "This statement could not be read: {0}",
        "Correct it, or leave to a script of its own what is not SQL of this dialect.");

    public static readonly MigrationRule TooLarge = new("too-large", FindingSeverity.Blocking, RollbackEffect.CannotRollBack, MigrationClass.None,
        "The script was not read: {0}",
        "Split it into scripts that are run one after another.");

    public static readonly MigrationRule NotJudged = new("code-not-judged", FindingSeverity.Danger, RollbackEffect.CannotRollBack, MigrationClass.Migrate,
        "{0} is run here; what it changes cannot be told from the script.",
        "Write out as statements what it changes, or have a person judge it.");

    public static readonly MigrationRule MetaCommand = new("psql-meta-command", FindingSeverity.Danger, RollbackEffect.CannotRollBack, MigrationClass.None,
        "The command {0} is for the program that runs the script; what it brings in is not judged.",
        "Submit the SQL itself, without commands to a program.");

    public static readonly MigrationRule UnreadFunction = new("calls-unread-function", FindingSeverity.Warning, RollbackEffect.CannotRollBack, MigrationClass.Migrate,
        "The function {0} is called here and was not read; what it changes cannot be told from the script.",
        "Write out as statements what it changes, or have a person judge it.") { Dialects = [SqlDialect.Postgres] };

    public static IReadOnlyList<MigrationRule> All { get; } =
    [
        NotRead, TooLarge, NotJudged, UnreadFunction, MetaCommand,
    ];
}
