namespace OpsConsole.Core.Gates.Migrations;

/// <summary>How much a finding weighs, lightest first.</summary>
public enum FindingSeverity
{
    /// <summary>Worth knowing, or a matter of style; blocks nothing.</summary>
    Info,

    /// <summary>Can hurt under load or on the way back.</summary>
    Warning,

    /// <summary>Hurts a running service, or removes what cannot be brought back at once.</summary>
    Danger,

    /// <summary>Fails, does not do what it says, or cannot be judged: do not run it as it is.</summary>
    Blocking,
}

/// <summary>What a step leaves behind for whoever goes back to the previous version, lightest first.</summary>
public enum RollbackEffect
{
    /// <summary>Nothing that the previous version could notice.</summary>
    None,

    /// <summary>The previous version works with what the step leaves.</summary>
    PreviousVersionWorks,

    /// <summary>The previous version may fail on what the step leaves.</summary>
    PreviousVersionMayBreak,

    /// <summary>Data is gone and comes back only from a backup.</summary>
    DataLost,

    /// <summary>The step cannot be undone, or what it does is not known.</summary>
    CannotRollBack,
}

/// <summary>One thing that was found in a script.</summary>
/// <param name="Code">Name of the rule, in kebab case; <see cref="MigrationRules.All"/> lists them.</param>
/// <param name="Severity">How much it weighs here; never more than the rule's own severity.</param>
/// <param name="Line">Line in the script, from 1.</param>
/// <param name="Column">Column in the line in characters, from 1.</param>
/// <param name="Statement">Beginning of the statement, on one line, at most <see cref="MigrationLimits.MaxExcerpt"/> characters.</param>
/// <param name="Sentence">What is wrong, for people.</param>
/// <param name="Effect">What it means for rolling back.</param>
/// <param name="Instead">What to do instead, in one sentence.</param>
public sealed record MigrationFinding(
    string Code,
    FindingSeverity Severity,
    int Line,
    int Column,
    string Statement,
    string Sentence,
    RollbackEffect Effect,
    string Instead);
