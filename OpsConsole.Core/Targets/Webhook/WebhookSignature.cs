using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OpsConsole.Core.Targets.Webhook;

/// <summary>Signs requests as the <a href="https://www.standardwebhooks.com">Standard Webhooks</a> specification says: HMAC SHA-256 over the request's id, the time at which it is sent, and its body.</summary>
internal sealed class WebhookSignature
{
    /// <summary>Shortest and longest key, in bytes.</summary>
    public const int MinKey = 24, MaxKey = 64;

    private const string Prefix = "whsec_";

    private readonly byte[] _key;

    /// <param name="secret"><c>whsec_</c> and the key in Base64.</param>
    public WebhookSignature(string secret) =>
        _key = Key(secret) ?? throw new ArgumentException("The secret has another form.", nameof(secret));

    /// <summary>The key in a secret; null where it has another form.</summary>
    public static byte[]? Key(string secret)
    {
        if (!secret.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var key = new byte[secret.Length];
        return Convert.TryFromBase64String(secret[Prefix.Length..], key, out var length) && length is >= MinKey and <= MaxKey ? key[..length] : null;
    }

    /// <summary>The signature, as the header has it.</summary>
    /// <param name="id">The request's id, without a full stop.</param>
    /// <param name="at">When it is sent, in whole seconds since 1970.</param>
    /// <param name="body">Its body.</param>
    public string Of(string id, long at, ReadOnlySpan<byte> body)
    {
        var head = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{at}."));
        byte[] signed = [.. head, .. body];
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(_key, signed));
    }
}
