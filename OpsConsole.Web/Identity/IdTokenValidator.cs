using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace OpsConsole.Web.Identity;

/// <summary>Says whether an ID token is the issuer's, for this console, for this sign-in and for now (OpenID Connect Core 3.1.3.7).</summary>
internal sealed class IdTokenValidator(SignInOptions options, IssuerDocuments documents, TimeProvider time)
{
    /// <summary>How far the issuer's clock may be from this one.</summary>
    internal static readonly TimeSpan ClockDifference = TimeSpan.FromMinutes(1);

    private const int MaxLength = 64 * 1024;

    private static readonly string[] Algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    /// <summary>The token's claims.</summary>
    /// <param name="token">As the issuer gave it.</param>
    /// <param name="nonce">What the sign-in was begun with; null where a sign-in is confirmed anew.</param>
    /// <param name="subject">Who it must be; null at a sign-in.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="IdTokenException">It is not valid; the message says in which way.</exception>
    /// <exception cref="IssuerAwayException">The issuer's keys cannot be read.</exception>
    public async Task<IdToken> ValidateAsync(string? token, string? nonce, string? subject, CancellationToken cancellationToken)
    {
        if (token is not { Length: > 0 and <= MaxLength } || token.Split('.') is not [var head, var body, var seal])
        {
            throw new IdTokenException("There is no ID token.");
        }

        var header = Json(head);
        var algorithm = Text(header, "alg") ?? "";
        if (!Algorithms.Contains(algorithm) || header.TryGetProperty("crit", out _))
        {
            throw new IdTokenException("The ID token is signed in a way that is not accepted.");
        }

        var keys = await documents.KeysAsync(Text(header, "kid"), algorithm, cancellationToken);
        var (signed, signature) = (Encoding.ASCII.GetBytes($"{head}.{body}"), Bytes(seal));
        if (!keys.Any(k => k.Verifies(algorithm, signed, signature)))
        {
            throw new IdTokenException("The ID token is not signed by the issuer.");
        }

        var claims = Json(body);
        var issuer = (await documents.MetadataAsync(cancellationToken)).Issuer;
        return Fault(claims, issuer, nonce, subject) is { } fault ? throw new IdTokenException(fault) : new IdToken(claims);
    }

    private string? Fault(JsonElement claims, string issuer, string? nonce, string? subject)
    {
        var now = time.GetUtcNow();
        var audience = Audience(claims);
        return Text(claims, "iss") != issuer ? "The ID token is from another issuer."
            : !audience.Contains(options.ClientId) ? "The ID token is for another application."
            : Text(claims, "azp") is var party && (party is null ? audience.Count > 1 : party != options.ClientId) ? "The ID token was given to another application."
            : Time(claims, "exp") is not { } expires || expires + ClockDifference <= now ? "The ID token has expired."
            : Time(claims, "iat") is not { } issued || issued - ClockDifference > now ? "The ID token is from the future."
            : Time(claims, "nbf") is { } from && from - ClockDifference > now ? "The ID token does not hold yet."
            : Text(claims, "sub") is not { Length: > 0 and <= 256 } who ? "The ID token names nobody."
            : subject is not null && who != subject ? "The ID token is somebody else's."
            : nonce is not null && !IsSame(Text(claims, "nonce"), nonce) ? "The ID token belongs to another sign-in."
            : null;
    }

    private static bool IsSame(string? one, string other) => one is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));

    private static List<string?> Audience(JsonElement claims) => !claims.TryGetProperty("aud", out var value) ? [] : value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString()],
        JsonValueKind.Array => [.. value.EnumerateArray().Select(v => v.ValueKind == JsonValueKind.String ? v.GetString() : null)],
        _ => [],
    };

    private static DateTimeOffset? Time(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds) && seconds is >= 0 and < 253_402_300_800
            ? DateTimeOffset.UnixEpoch.AddSeconds(seconds)
            : null;

    private static string? Text(JsonElement claims, string name) => claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static JsonElement Json(string part)
    {
        try
        {
            using var document = JsonDocument.Parse(Bytes(part));
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : throw new IdTokenException("The ID token cannot be read.");
        }
        catch (JsonException)
        {
            throw new IdTokenException("The ID token cannot be read.");
        }
    }

    private static byte[] Bytes(string part)
    {
        try
        {
            return Base64Url.DecodeFromChars(part);
        }
        catch (FormatException)
        {
            throw new IdTokenException("The ID token cannot be read.");
        }
    }
}
