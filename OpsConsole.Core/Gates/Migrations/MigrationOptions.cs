namespace OpsConsole.Core.Gates.Migrations;

/// <summary>What is presumed of a script beyond its text.</summary>
public sealed record MigrationOptions
{
    /// <summary>PostgreSQL without any presumption.</summary>
    public static MigrationOptions Default { get; } = new();

    public SqlDialect Dialect { get; init; }

    /// <summary>True where the tool that runs the script wraps it into one transaction of its own.</summary>
    public bool AssumeInTransaction { get; init; }

    /// <summary>Major version of the server, for example 16; null when it is not known, and then a current one is presumed.</summary>
    public int? ServerVersion { get; init; }

    /// <summary>True where the connection that runs the script has a lock timeout of its own.</summary>
    public bool HasLockTimeout { get; init; }

    /// <summary>True where the connection that runs the script has a statement timeout of its own.</summary>
    public bool HasStatementTimeout { get; init; }
}
