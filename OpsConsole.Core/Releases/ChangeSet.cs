using OpsConsole.Core.Gates.Migrations;

namespace OpsConsole.Core.Releases;

/// <summary>What exactly a release changes against the version before it, as its pipeline says. A part that is left out was not said; an empty list says that nothing changed.</summary>
public sealed record ChangeSet
{
    public CodeChange? Code { get; init; }

    /// <summary>Keys of the configuration; values have no place here.</summary>
    public IReadOnlyList<NamedChange>? Config { get; init; }

    public SchemaChange? Schema { get; init; }

    /// <summary>Keys of feature flags.</summary>
    public IReadOnlyList<NamedChange>? Flags { get; init; }

    public IReadOnlyList<DependencyChange>? Dependencies { get; init; }

    public InfrastructureChange? Infrastructure { get; init; }

    /// <summary>Names of secrets, never their values.</summary>
    public IReadOnlyList<NamedChange>? Secrets { get; init; }
}

/// <summary>What happened to something that has a name.</summary>
public enum ChangeKind
{
    Added,
    Changed,
    Removed,
}

/// <summary>A key, flag or secret and what happened to it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Change">What happened; must be said.</param>
public sealed record NamedChange(string Name, ChangeKind? Change);

/// <summary>What changed in the source code.</summary>
public sealed record CodeChange
{
    /// <summary>Oldest first.</summary>
    public IReadOnlyList<CommitChange>? Commits { get; init; }

    /// <summary>Lines added in all files, those included that are not listed.</summary>
    public long? LinesAdded { get; init; }

    /// <summary>Lines removed in all files, those included that are not listed.</summary>
    public long? LinesRemoved { get; init; }

    /// <summary>Each file once.</summary>
    public IReadOnlyList<FileChange>? Files { get; init; }
}

/// <summary>One commit.</summary>
public sealed record CommitChange(string Id, string? Title, string? Author);

/// <summary>One file, with its lines added and removed.</summary>
public sealed record FileChange(string Path, long LinesAdded, long LinesRemoved);

/// <summary>What changes in the database: the judgement of its migration scripts in short.</summary>
public sealed record SchemaChange
{
    /// <summary>Class of the worst step; must be said.</summary>
    public MigrationClass? Class { get; init; }

    /// <summary>How often each rule was found.</summary>
    public IReadOnlyList<SchemaFinding>? Findings { get; init; }

    /// <summary>Steps that going back does not undo.</summary>
    public int Irreversible { get; init; }

    /// <summary>The short form of a report.</summary>
    public static SchemaChange Of(MigrationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return new SchemaChange
        {
            Class = report.Class,
            Findings = [.. report.Findings.GroupBy(f => f.Code).Select(g => new SchemaFinding(g.Key, g.Max(f => f.Severity), g.Count())).OrderByDescending(f => f.Severity).ThenBy(f => f.Code, StringComparer.Ordinal)],
            Irreversible = report.Irreversible.Count,
        };
    }
}

/// <summary>A rule of migrations, how grave it was at most, and how often it was found.</summary>
public sealed record SchemaFinding(string Code, FindingSeverity? Severity, int Count);

/// <summary>A dependency's version before and after; null where it was not there.</summary>
public sealed record DependencyChange(string Name, string? From, string? To);

/// <summary>Resources that a plan adds, changes and destroys.</summary>
public sealed record InfrastructureChange(int? Add, int? Change, int? Destroy);
