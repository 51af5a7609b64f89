using OpsConsole.Core.Access;

namespace OpsConsole.Core.Policies;

/// <summary>A version of a policy without its text.</summary>
public sealed record PolicyHead(string Name, int Version, string Digest, string CreatedBy, DateTimeOffset CreatedAt, string? Note);

/// <summary>A text on its way into the library; it has been checked.</summary>
/// <param name="Name">Of the form of <see cref="Catalog.CatalogName"/>.</param>
/// <param name="Text">As written.</param>
/// <param name="Digest">Of the text.</param>
/// <param name="Note">What changed, at most 512 characters.</param>
/// <param name="By">Who saves it.</param>
/// <param name="At">When.</param>
public sealed record PolicyDraft(string Name, string Text, string Digest, string? Note, Operator By, DateTimeOffset At);

/// <summary>What came of saving.</summary>
/// <param name="Version">The version that has the text now.</param>
/// <param name="IsNew">False when the latest version had the same text already.</param>
public sealed record PolicySaved(PolicyVersion Version, bool IsNew);

/// <summary>The library of policies: every version of every text, never changed.</summary>
public interface IPolicyStore
{
    /// <summary>Adds a version with its line in the audit, unless the latest one has the same text.</summary>
    Task<PolicySaved> SaveAsync(PolicyDraft draft, CancellationToken cancellationToken);

    /// <summary>The latest version of each policy, by name.</summary>
    Task<IReadOnlyList<PolicyHead>> ListAsync(CancellationToken cancellationToken);

    /// <summary>All versions of one policy, newest first; empty where there is none of that name.</summary>
    Task<IReadOnlyList<PolicyHead>> VersionsAsync(string name, CancellationToken cancellationToken);

    /// <summary>One version.</summary>
    /// <param name="name">Of the policy.</param>
    /// <param name="version">Null: the latest.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<PolicyVersion?> FindAsync(string name, int? version, CancellationToken cancellationToken);
}
