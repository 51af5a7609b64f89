namespace OpsConsole.Core.Releases;

/// <summary>The one immutable thing that is released, promoted forward and never rebuilt.</summary>
/// <param name="Digest">Content digest, for example <c>sha256:9f86…</c>.</param>
/// <param name="Commit">Commit the artifact was built from.</param>
/// <param name="BuiltAt">When it was built, if known.</param>
/// <param name="Provenance">Address of the provenance statement, if any.</param>
public sealed record Artifact(string Digest, string Commit, DateTimeOffset? BuiltAt, string? Provenance);

/// <summary>Where a person goes next from a release. Absolute http or https addresses, or null where there is none.</summary>
public sealed record ReleaseLinks(string? Commit, string? Diff, string? Traces, string? Logs, string? Dashboard)
{
    /// <summary>No links at all.</summary>
    public static ReleaseLinks None { get; } = new(null, null, null, null, null);

    /// <summary>The deployment that it was registered for, by its address at the system that made it: tells it from another deployment of the same version.</summary>
    public string? Deployment { get; init; }
}

/// <summary>How the release changes the database, which decides whether the previous version can still read it.</summary>
public enum MigrationClass
{
    /// <summary>No schema change.</summary>
    None,

    /// <summary>Only adds; the previous version keeps working.</summary>
    Expand,

    /// <summary>Moves data; both shapes exist.</summary>
    Migrate,

    /// <summary>Removes structure or data that the previous version needs; going back does not bring it back.</summary>
    Contract,
}
