using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace OpsConsole.Web.Api.Hooks;

/// <summary>Checks the signature by which GitHub says that a delivery is its own: HMAC SHA-256 over the body as it came.</summary>
internal sealed class HubSignature(string secret)
{
    /// <summary>The header that it is in. The older one with SHA-1 is not looked at.</summary>
    public const string Header = "X-Hub-Signature-256";

    private const string Prefix = "sha256=";

    private readonly byte[] _key = Encoding.UTF8.GetBytes(secret);

    /// <summary>True where the header is the signature of the body; compared in a time that tells nothing of it.</summary>
    public bool Signs(ReadOnlySpan<byte> body, string? header)
    {
        Span<byte> own = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, body, own);
        return header is not null && header.StartsWith(Prefix, StringComparison.Ordinal)
            && header.Length == Prefix.Length + (2 * HMACSHA256.HashSizeInBytes)
            && Convert.FromHexString(header.AsSpan(Prefix.Length), given, out _, out _) == OperationStatus.Done
            && CryptographicOperations.FixedTimeEquals(own, given);
    }
}
