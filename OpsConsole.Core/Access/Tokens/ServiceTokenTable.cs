namespace OpsConsole.Core.Access.Tokens;

/// <summary>A service token that counts.</summary>
public sealed record KnownServiceToken(Guid Id, string Name, AccessScope Scope, DateTimeOffset ExpiresAt, Guid? IssuedFrom, bool IsShortLived)
{
    /// <summary>Who acts by it.</summary>
    public Operator Operator { get; } = new(Name, Role.Service, IsService: true) { Token = Id, IssuedFrom = IssuedFrom, Scope = Scope };
}

/// <summary>The service tokens that count.</summary>
public sealed class ServiceTokenTable(TimeProvider time) : TokenTable<ServiceToken, KnownServiceToken>(Prefix, time)
{
    /// <summary>How every such token begins.</summary>
    public const string Prefix = "opst_";

    /// <summary>Between the name of a token and what was given for one that is issued from it.</summary>
    public const char Separator = '/';

    /// <summary>The environments that scopes of tokens that count name.</summary>
    public IEnumerable<string> Environments => Known.SelectMany(token => token.Scope.Environments);

    /// <summary>Every token that counts now.</summary>
    public IReadOnlyList<KnownServiceToken> Counting => [.. Known];

    /// <summary>A new token; it cannot be had again.</summary>
    public static string NewToken() => TokenText.New(Prefix);

    /// <summary>What is kept of a token: its SHA-256 in lower-case hex.</summary>
    public static string Hash(string token) => TokenText.Hash(token);

    /// <summary>True when a token of that name counts.</summary>
    public bool HasName(string name) => Known.Any(token => !token.IsShortLived && string.Equals(token.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Who acts under a name on record now; for a short-lived token whose time is over that is the one it was issued from. Null where none counts any more.</summary>
    public Operator? ByName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var issuer = name.Split(Separator, 2)[0];
        return (Known.FirstOrDefault(t => !t.IsShortLived && t.Name == issuer) ?? Known.FirstOrDefault(t => t.Name == name)) is { } known ? known.Operator with { Name = name } : null;
    }

    /// <inheritdoc/>
    /// <remarks>What was issued from it goes with it.</remarks>
    public override void Revoke(Guid id)
    {
        base.Revoke(id);
        foreach (var issued in Known.Where(token => token.IssuedFrom == id).ToList())
        {
            base.Revoke(issued.Id);
        }
    }

    /// <inheritdoc/>
    /// <remarks>What was issued from a token while that was being revoked never counts.</remarks>
    protected override bool IsRevoked(ServiceToken token) => base.IsRevoked(token) || (token.IssuedFrom is { } from && WasRevoked(from));

    /// <inheritdoc/>
    protected override KnownServiceToken Know(ServiceToken token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return new(token.Id, token.Name, token.Scope, token.ExpiresAt, token.IssuedFrom, token.IsShortLived);
    }

    /// <inheritdoc/>
    protected override bool StillCounts(KnownServiceToken known) => known is not null && Now < known.ExpiresAt;
}
