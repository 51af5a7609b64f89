using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace OpsConsole.Tests.Contracts;

/// <summary>Behaves as Google's sign-in of service accounts: signed assertions for access tokens of one scope.</summary>
/// <param name="token">What every access token holds.</param>
/// <param name="scope">What the account may ask for.</param>
/// <param name="time">By whose clock tokens end.</param>
internal sealed class GoogleSignIn(string token, string scope, TimeProvider time)
{
    public const string Email = "console@example.iam.gserviceaccount.com";

    private static readonly string Known = NewKey(), Foreign = NewKey();

    private readonly Dictionary<string, DateTimeOffset> _tokens = [];

    /// <summary>The file of the key of the account that is known.</summary>
    public static string Account { get; } = File(Known);

    /// <summary>The file of a key of the same account, which Google does not know.</summary>
    public static string ForeignAccount { get; } = File(Foreign);

    /// <summary>How often somebody signed in.</summary>
    public int SignIns { get; private set; }

    /// <summary>True where what is wrong is told with the whole assertion behind it.</summary>
    public bool RepeatsAssertions { get; set; }

    /// <summary>Makes every access token worthless.</summary>
    public void EndTokens() => _tokens.Clear();

    /// <summary>True for a request that an access token came with.</summary>
    public bool IsIn(HttpRequest request) =>
        _tokens.TryGetValue(Bearer(request), out var ends) && ends > time.GetUtcNow();

    /// <summary>The token of a request, good or not.</summary>
    public static string Bearer(HttpRequest request) => request.Headers.Authorization.ToString().Replace("Bearer ", "", StringComparison.Ordinal);

    /// <summary>Answers <c>POST /token</c>.</summary>
    public async Task AnswerAsync(HttpContext context, Uri audience)
    {
        var form = await context.Request.ReadFormAsync();
        var wrong = form["grant_type"] != "urn:ietf:params:oauth:grant-type:jwt-bearer" ? "Invalid grant_type." : WrongIn(form["assertion"].ToString(), audience);
        if (wrong is not null)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsync(JsonSerializer.Serialize(new { error = "invalid_grant", error_description = RepeatsAssertions ? $"{wrong} {form["assertion"]}" : wrong }));
            return;
        }

        SignIns++;
        var given = $"ya29.{token}-{SignIns}";
        _tokens[given] = time.GetUtcNow().AddSeconds(3599);
        await context.Response.WriteAsJsonAsync(new { access_token = given, expires_in = 3599, token_type = "Bearer" });
    }

    private static string File(string key) => JsonSerializer.Serialize(new
    {
        type = "service_account", project_id = "example", private_key_id = "0123", private_key = key, client_email = Email, client_id = "1", token_uri = "https://oauth2.googleapis.com/token",
    });

    private static string NewKey()
    {
        using var key = RSA.Create(2048);
        return key.ExportPkcs8PrivateKeyPem();
    }

    private string? WrongIn(string assertion, Uri audience)
    {
        using var key = RSA.Create();
        key.ImportFromPem(Known);
        if (assertion.Split('.') is not [var header, var claims, var signature]
            || !key.VerifyData(Encoding.ASCII.GetBytes($"{header}.{claims}"), Base64Url.DecodeFromChars(signature), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))
        {
            return "Invalid JWT Signature.";
        }

        var said = JsonNode.Parse(Base64Url.DecodeFromChars(claims))!;
        var (issued, ends, now) = ((long)said["iat"]!, (long)said["exp"]!, time.GetUtcNow().ToUnixTimeSeconds());
        return (string?)JsonNode.Parse(Base64Url.DecodeFromChars(header))!["alg"] != "RS256" ? "Invalid JWT algorithm."
            : (string?)said["iss"] != Email ? "Invalid grant: account not found"
            : (string?)said["aud"] != audience.AbsoluteUri ? "Invalid JWT: Failed audience check."
            : (string?)said["scope"] != scope ? "Invalid scope."
            : ends - issued > 3600 || ends <= now || issued > now + 300 ? "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe."
            : null;
    }
}
