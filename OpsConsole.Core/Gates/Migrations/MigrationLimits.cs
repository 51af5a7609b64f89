namespace OpsConsole.Core.Gates.Migrations;

/// <summary>How much of a script is looked at, and how much is said about it. What goes beyond is a finding, never silence.</summary>
public static class MigrationLimits
{
    /// <summary>Longest script, in characters.</summary>
    public const int MaxCharacters = 1024 * 1024;

    /// <summary>Most statements of a script.</summary>
    public const int MaxStatements = 10_000;

    /// <summary>Deepest nesting of parentheses in a statement.</summary>
    public const int MaxNesting = 256;

    /// <summary>Longest name that is looked at, in characters; no server takes one as long.</summary>
    public const int MaxIdentifier = 1_024;

    /// <summary>Most findings that are listed; the gravest are kept, and the report says how many were left out.</summary>
    public const int MaxFindings = 1_000;

    /// <summary>Longest excerpt of a statement, in characters.</summary>
    public const int MaxExcerpt = 160;
}
