using OpsConsole.Core.Access.Tokens;
using OpsConsole.Core.Audit;

namespace OpsConsole.Core.Switches;

/// <summary>A token that lets services or installed apps read the flags of one environment, and nothing else. Only its SHA-256 is kept.</summary>
public sealed class FlagClient : IKeptToken
{
    /// <summary>UUID version 7.</summary>
    public required Guid Id { get; init; }

    /// <summary>Who uses it, for people: "shop web". 1 to 64 characters.</summary>
    public required string Name { get; init; }

    public required string Environment { get; init; }

    /// <summary>SHA-256 of the token, lower-case hex.</summary>
    public required string TokenHash { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    public DateTimeOffset? RevokedAt { get; private set; }

    public string? RevokedBy { get; private set; }

    /// <summary>When a request last brought it, to the minute.</summary>
    public DateTimeOffset? LastUsedAt { get; private set; }

    public void Revoke(string by, DateTimeOffset at) => (RevokedAt, RevokedBy) = (at, by);

    public void Used(DateTimeOffset at) => LastUsedAt = at;
}

/// <summary>Where tokens of flag clients are kept.</summary>
public interface IFlagClientStore : ITokenStore<FlagClient>
{
    /// <summary>Adds one with its audit line.</summary>
    Task AddAsync(FlagClient value, AuditEntry audit, CancellationToken cancellationToken);

    /// <summary>All, newest first, revoked ones too.</summary>
    Task<IReadOnlyList<FlagClient>> ListAsync(CancellationToken cancellationToken);

    Task<FlagClient?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Revokes it, with its audit line. False, and nothing written, when there is none or it was revoked already.</summary>
    Task<bool> RevokeAsync(Guid id, string by, DateTimeOffset at, AuditEntry audit, CancellationToken cancellationToken);
}
