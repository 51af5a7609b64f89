using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Gates.Migrations;

/// <summary>Whether the console may go back by itself after a migration, and why.</summary>
/// <param name="AutomaticBlocked">True when only a person may decide to go back, or when the way is forward.</param>
/// <param name="Sentence">The reason, for people.</param>
public sealed record RollbackAdvice(bool AutomaticBlocked, string Sentence);

/// <summary>A step that going back does not undo.</summary>
/// <param name="Code">Name of the rule that found it.</param>
/// <param name="Line">Line in the script, from 1.</param>
/// <param name="Statement">Beginning of the statement.</param>
/// <param name="Effect">What is lost by it.</param>
public sealed record IrreversibleStep(string Code, int Line, string Statement, RollbackEffect Effect);

/// <summary>What a migration script would do, as far as its text tells.</summary>
public sealed record MigrationReport
{
    public required SqlDialect Dialect { get; init; }

    /// <summary>Class of the worst step. A script that was not read whole may do worse: see <see cref="IsComplete"/>.</summary>
    public required MigrationClass Class { get; init; }

    /// <summary>False when a part of the script could not be read or runs code that cannot be seen. Such a script is never clean.</summary>
    public required bool IsComplete { get; init; }

    /// <summary>Statements in the script, those included that could not be read; commands to the program are none.</summary>
    public required int Statements { get; init; }

    /// <summary>What was found, in the order of the script.</summary>
    public required IReadOnlyList<MigrationFinding> Findings { get; init; }

    /// <summary>Findings beyond <see cref="MigrationLimits.MaxFindings"/>, none of them graver than those listed.</summary>
    public required int FindingsLeftOut { get; init; }

    /// <summary>Steps that going back does not undo, in the order of the script, at most <see cref="MigrationLimits.MaxFindings"/>.</summary>
    public required IReadOnlyList<IrreversibleStep> Irreversible { get; init; }

    public required RollbackAdvice Advice { get; init; }

    /// <summary>There is something in it, it was read whole, and nothing found that weighs more than <see cref="FindingSeverity.Info"/>.</summary>
    public bool IsClean => Statements > 0 && IsComplete && FindingsLeftOut == 0 && Findings.All(f => f.Severity == FindingSeverity.Info);

    /// <summary>The gravest severity, or null when nothing was found.</summary>
    public FindingSeverity? Worst => Findings.Count == 0 ? null : Findings.Max(f => f.Severity);

    /// <summary>Tokens and tables that were looked at, one look each: what the work is measured by.</summary>
    internal long Looks { get; init; }
}
