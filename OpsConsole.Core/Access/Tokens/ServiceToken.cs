using OpsConsole.Core.Audit;

namespace OpsConsole.Core.Access.Tokens;

/// <summary>A token by which a pipeline or a service acts within a scope, for a limited time. Only its SHA-256 is kept.</summary>
public sealed class ServiceToken : IKeptToken
{
    /// <summary>UUID version 7.</summary>
    public required Guid Id { get; init; }

    /// <summary>Who uses it, as it goes on record: "shop pipeline". Of a short-lived one the name of what it was issued from, a slash, and what was given.</summary>
    public required string Name { get; init; }

    /// <inheritdoc/>
    public required string TokenHash { get; init; }

    /// <summary>What it may do: grants, <c>environment:resource:verb</c>, with a space between two.</summary>
    public required string Scopes { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    /// <summary>From when it counts no more.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The token that a short-lived one was issued from; it is revoked with that one.</summary>
    public Guid? IssuedFrom { get; init; }

    public DateTimeOffset? RevokedAt { get; private set; }

    public string? RevokedBy { get; private set; }

    /// <inheritdoc/>
    public DateTimeOffset? LastUsedAt { get; private set; }

    /// <summary>True for one that was exchanged for another one.</summary>
    public bool IsShortLived { get; init; }

    /// <summary>What it may do.</summary>
    public AccessScope Scope => AccessScope.Parse(Scopes);

    /// <summary>True while it counts.</summary>
    public bool CountsAt(DateTimeOffset now) => RevokedAt is null && now < ExpiresAt;

    /// <summary>True for one that counts and soon will not, and that somebody has to replace.</summary>
    public bool ExpiresSoonAt(DateTimeOffset now) => CountsAt(now) && !IsShortLived && ExpiresAt - now < TokenLife.Soon;

    public void Revoke(string by, DateTimeOffset at) => (RevokedAt, RevokedBy) = (at, by);

    public void Used(DateTimeOffset at) => LastUsedAt = at;
}

/// <summary>How long tokens live.</summary>
public static class TokenLife
{
    /// <summary>Life of a token where nothing else is said, in days.</summary>
    public const int DefaultDays = 90;

    /// <summary>Longest life of a token, in days.</summary>
    public const int MostDays = 365;

    /// <summary>Life of a short-lived token where nothing else is said, in minutes.</summary>
    public const int DefaultMinutes = 15;

    /// <summary>Longest life of a short-lived token, in minutes.</summary>
    public const int MostMinutes = 60;

    /// <summary>How long before its end a token is said to expire soon.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromDays(14);

    /// <summary>How long short-lived tokens are kept after their end.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);
}

/// <summary>Where service tokens are kept.</summary>
public interface IServiceTokenStore : ITokenStore<ServiceToken>
{
    /// <summary>Adds one with its audit line. False, and nothing written, when there is one of that id.</summary>
    Task<bool> AddAsync(ServiceToken value, AuditEntry audit, CancellationToken cancellationToken);

    /// <summary>The newest, those that count no more included; short-lived ones only where they are asked for.</summary>
    Task<IReadOnlyList<ServiceToken>> ListAsync(bool shortLived, int take, CancellationToken cancellationToken);

    Task<ServiceToken?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Revokes it and what was issued from it, with its audit line. False, and nothing written, when there is none or it was revoked already.</summary>
    Task<bool> RevokeAsync(Guid id, string by, DateTimeOffset at, AuditEntry audit, CancellationToken cancellationToken);

    /// <summary>Deletes short-lived ones that ended before then.</summary>
    Task ForgetAsync(DateTimeOffset before, CancellationToken cancellationToken);
}
