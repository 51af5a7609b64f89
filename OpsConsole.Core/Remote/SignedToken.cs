using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace OpsConsole.Core.Remote;

/// <summary>Writes JSON Web Tokens (RFC 7515, RFC 7519) with which the console signs in where a target knows the key's public half.</summary>
internal static class SignedToken
{
    /// <summary>A token signed with an RSA key: RS256.</summary>
    /// <param name="pem">The private key.</param>
    /// <param name="keyId">Which key it is; null: not said.</param>
    /// <param name="claims">What the token says, by name.</param>
    /// <exception cref="CryptographicException">It is no key that can sign.</exception>
    /// <exception cref="ArgumentException">It holds no single private key.</exception>
    public static string Rs256(string pem, string? keyId, IReadOnlyDictionary<string, object> claims)
    {
        using var key = RSA.Create();
        key.ImportFromPem(Lines(pem));
        return Write("RS256", keyId, claims, data => key.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    /// <summary>A token signed with a key on the curve P-256: ES256.</summary>
    /// <inheritdoc cref="Rs256" path="/param|/exception"/>
    public static string Es256(string pem, string? keyId, IReadOnlyDictionary<string, object> claims)
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(Lines(pem));
        return key.KeySize == 256
            ? Write("ES256", keyId, claims, data => key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation))
            : throw new CryptographicException("The key is not on the curve P-256.");
    }

    /// <summary>True where a signature can be made, which is tried.</summary>
    /// <param name="sign">Signs anything.</param>
    public static bool CanSign(Func<IReadOnlyDictionary<string, object>, string> sign)
    {
        try
        {
            return sign(new Dictionary<string, object>()).Length > 0;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return false;
        }
    }

    private static string Write(string algorithm, string? keyId, IReadOnlyDictionary<string, object> claims, Func<byte[], byte[]> sign)
    {
        var header = new Dictionary<string, string> { ["alg"] = algorithm, ["typ"] = "JWT" };
        if (keyId is not null)
        {
            header["kid"] = keyId;
        }

        var said = $"{Part(header)}.{Part(claims)}";
        return $"{said}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(said)))}";
    }

    /// <summary>Where a key is set in one line, as environment variables often carry it, its line ends are written as <c>\n</c>.</summary>
    private static string Lines(string pem) => pem.Replace("\\n", "\n", StringComparison.Ordinal);

    private static string Part<T>(T value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));
}
