using System.Collections.Concurrent;
using OpsConsole.Core.Access;
using OpsConsole.Core.Access.Tokens;

namespace OpsConsole.Web.Identity;

/// <summary>Bearer tokens of services: those on record, and those of the console's own that live as long as it runs. Only their SHA-256 is kept.</summary>
/// <param name="kept">The tokens on record; null where there are none.</param>
public sealed class ServiceTokens(ServiceTokenTable? kept = null)
{
    /// <summary>The name on record of whoever uses the token of the configuration.</summary>
    public const string Bootstrap = "bootstrap";

    private readonly ConcurrentDictionary<string, Operator> _byHash = new(StringComparer.Ordinal);

    /// <summary>Raised when the token of the configuration is used. Who listens must not wait.</summary>
    public event Action? BootstrapUsed;

    /// <summary>False until the tokens on record were read once. Until then an unknown token may be a good one.</summary>
    public bool AreRead => kept?.IsLoaded != false;

    /// <summary>Makes a token and returns it; it cannot be had again.</summary>
    public string Issue(string name, Role role) => Issue(new Operator(name, role, IsService: true));

    /// <summary>Makes a token of the console's own with a scope.</summary>
    public string Issue(string name, AccessScope scope) => Issue(new Operator(name, Role.Service, IsService: true) { Scope = scope });

    /// <summary>Accepts a token made elsewhere, such as the bootstrap token.</summary>
    public void Add(string token, string name, Role role)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(token);
        _byHash[TokenText.Hash(token)] = new Operator(name, role, IsService: true);
    }

    /// <summary>Who the token belongs to, or null.</summary>
    /// <remarks>The look-up is by hash, so how long it takes tells nothing about any token.</remarks>
    public Operator? Find(string token)
    {
        var found = kept?.Find(token)?.Operator ?? _byHash.GetValueOrDefault(TokenText.Hash(token));
        if (found?.Name == Bootstrap)
        {
            BootstrapUsed?.Invoke();
        }

        return found;
    }

    /// <summary>Makes a token for whoever it is.</summary>
    internal string Issue(Operator by)
    {
        var token = TokenText.New("ops_");
        _byHash[TokenText.Hash(token)] = by;
        return token;
    }
}
