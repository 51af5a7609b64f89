using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Gates.Evidence;

/// <summary>How much one finding in a migration weighs.</summary>
public enum MigrationWeight
{
    /// <summary>Worth knowing.</summary>
    Note,

    /// <summary>Can hurt under load or on the way back.</summary>
    Warning,

    /// <summary>Hurts a running service, destroys, or cannot be judged.</summary>
    Grave,
}

/// <summary>One thing that was found in a migration.</summary>
public sealed record MigrationRisk(MigrationWeight Weight, string Rule, int Line, string Sentence);

/// <summary>What a migration does, as far as evidence needs it.</summary>
/// <param name="Class">Of the worst step.</param>
/// <param name="Complete">False where a part could not be read or judged.</param>
/// <param name="Advice">What it means for going back, one sentence.</param>
/// <param name="Risks">In the order of the script.</param>
public sealed record MigrationReading(MigrationClass Class, bool Complete, string Advice, IReadOnlyList<MigrationRisk> Risks)
{
    /// <summary>False where there was nothing to examine: an empty script, or one of remarks alone.</summary>
    public bool HasStatements { get; init; } = true;

    /// <summary>True when only a person may decide to go back, or when the way is forward.</summary>
    public required bool AutomaticBlocked { get; init; }

    /// <summary>True when it deletes or overwrites what going back does not bring back.</summary>
    public bool LosesData { get; init; }
}

/// <summary>Judges the SQL of a migration.</summary>
public interface IMigrationReader
{
    /// <summary>What a script would do.</summary>
    /// <param name="sql">The script.</param>
    /// <param name="sqlServer">True for the dialect of SQL Server, false for that of PostgreSQL.</param>
    MigrationReading Read(string sql, bool sqlServer);
}
