using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using OpsConsole.Core.Access;

namespace OpsConsole.Web.Identity;

/// <summary>Bearer tokens of services. Only their SHA-256 is kept, in memory, for as long as the console runs.</summary>
public sealed class ServiceTokens
{
    private readonly ConcurrentDictionary<string, Operator> _byHash = new(StringComparer.Ordinal);

    /// <summary>Makes a token and returns it; it cannot be had again.</summary>
    public string Issue(string name, Role role)
    {
        var token = "ops_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        Add(token, name, role);
        return token;
    }

    /// <summary>Accepts a token made elsewhere, such as the bootstrap token.</summary>
    public void Add(string token, string name, Role role)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(token);
        _byHash[Hash(token)] = new Operator(name, role, IsService: true);
    }

    /// <summary>Who the token belongs to, or null.</summary>
    /// <remarks>The look-up is by hash, so how long it takes tells nothing about any token.</remarks>
    public Operator? Find(string token) => _byHash.GetValueOrDefault(Hash(token));

    private static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
