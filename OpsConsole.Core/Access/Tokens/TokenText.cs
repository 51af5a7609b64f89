using System.Security.Cryptography;
using System.Text;

namespace OpsConsole.Core.Access.Tokens;

/// <summary>How tokens look, and what is kept of them.</summary>
public static class TokenText
{
    /// <summary>A new token: 256 random bits behind a prefix by which its kind, and a leaked one, can be told.</summary>
    public static string New(string prefix) => prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    /// <summary>SHA-256 of a token, lower-case hex.</summary>
    public static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
