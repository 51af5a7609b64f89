using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace OpsConsole.Tests.Web.Identity;

/// <summary>An OpenID Connect issuer in memory that can be told to do everything that a bad or broken one does.</summary>
internal sealed class FakeIssuer : HttpMessageHandler, IHttpClientFactory
{
    private readonly ConcurrentDictionary<string, (string Nonce, string Challenge)> _codes = new();
    private int _serial;

    public FakeIssuer(TimeProvider time) => Time = time;

    public TimeProvider Time { get; }

    /// <summary>Its own for each test: what is kept per issuer is not shared.</summary>
    public string Authority { get; } = $"https://issuer-{Guid.NewGuid():N}.test";

    public RSA Key { get; set; } = RSA.Create(2048);

    public string KeyId { get; set; } = "one";

    /// <summary>What the people's claims are now.</summary>
    public string[] Roles { get; set; } = ["ops-admins"];

    public string Subject { get; set; } = "sub-ada";

    /// <summary>Changes the claims of every ID token that is issued.</summary>
    public Action<JsonObject>? Change { get; set; }

    /// <summary>Makes the ID token in place of the issuer.</summary>
    public Func<JsonObject, string>? Forge { get; set; }

    /// <summary>Never answers while true.</summary>
    public bool Hangs { get; set; }

    /// <summary>Answers everything with this while set.</summary>
    public HttpStatusCode? Fault { get; set; }

    /// <summary>Refuses tokens with this error while set.</summary>
    public string? Error { get; set; }

    public bool GivesRefreshTokens { get; set; } = true;

    public int KeyReads { get; private set; }

    public int TokenCalls { get; private set; }

    /// <summary>What the token endpoint was last sent.</summary>
    public Dictionary<string, Microsoft.Extensions.Primitives.StringValues> Sent { get; private set; } = [];

    public HttpClient CreateClient(string name) => new(this, disposeHandler: false) { Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>Signs someone in as a browser sent to this address would, and returns the code.</summary>
    public string Code(Uri authorize)
    {
        var query = QueryHelpers.ParseQuery(authorize.Query);
        Assert.Equal("S256", query["code_challenge_method"]);
        Assert.Equal("code", query["response_type"]);
        var code = Guid.NewGuid().ToString("N");
        _codes[code] = (query["nonce"]!, query["code_challenge"]!);
        return code;
    }

    /// <summary>Claims of an ID token that is in order.</summary>
    public JsonObject Claims(string? nonce) => new()
    {
        ["iss"] = Authority,
        ["aud"] = "ops",
        ["sub"] = Subject,
        ["preferred_username"] = "ada@example.org",
        ["roles"] = new JsonArray([.. Roles.Select(r => JsonValue.Create(r))]),
        ["nonce"] = nonce,
        ["jti"] = (++_serial).ToString(System.Globalization.CultureInfo.InvariantCulture),
        ["iat"] = Time.GetUtcNow().ToUnixTimeSeconds(),
        ["exp"] = Time.GetUtcNow().AddHours(1).ToUnixTimeSeconds(),
    };

    /// <summary>A token signed with a key, by default this issuer's.</summary>
    public string Sign(JsonObject claims, RSA? key = null, string? keyId = null, string algorithm = "RS256")
    {
        var signed = $"{Part(new JsonObject { ["alg"] = algorithm, ["kid"] = keyId ?? KeyId })}.{Part(claims)}";
        return $"{signed}.{Base64Url.EncodeToString((key ?? Key).SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, algorithm[0] == 'P' ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1))}";
    }

    public static string Part(JsonObject value) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(value.ToJsonString()));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Hangs)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        if (Fault is { } fault)
        {
            return new HttpResponseMessage(fault) { Content = new StringContent("<html>away</html>") };
        }

        return request.RequestUri!.AbsolutePath switch
        {
            "/.well-known/openid-configuration" => Json(new
            {
                issuer = Authority,
                authorization_endpoint = Authority + "/auth",
                token_endpoint = Authority + "/token",
                jwks_uri = Authority + "/keys",
                end_session_endpoint = Authority + "/end",
            }),
            "/keys" => Keys(),
            "/token" => Token(QueryHelpers.ParseQuery(await request.Content!.ReadAsStringAsync(cancellationToken))),
            _ => new HttpResponseMessage(HttpStatusCode.NotFound),
        };
    }

    private HttpResponseMessage Keys()
    {
        KeyReads++;
        var numbers = Key.ExportParameters(false);
        return Json(new { keys = new[] { new { kty = "RSA", use = "sig", kid = KeyId, n = Base64Url.EncodeToString(numbers.Modulus), e = Base64Url.EncodeToString(numbers.Exponent) } } });
    }

    private HttpResponseMessage Token(Dictionary<string, Microsoft.Extensions.Primitives.StringValues> form)
    {
        TokenCalls++;
        Sent = form;
        string? nonce = null;
        if (Error is not null)
        {
            return Json(new { error = Error, error_description = "no" }, HttpStatusCode.BadRequest);
        }

        if (form["grant_type"] == "authorization_code")
        {
            if (!_codes.TryRemove(form["code"]!, out var kept) || kept.Challenge != Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"]!))))
            {
                return Json(new { error = "invalid_grant", error_description = "no" }, HttpStatusCode.BadRequest);
            }

            nonce = kept.Nonce;
        }

        var claims = Claims(nonce);
        Change?.Invoke(claims);
        var answer = new Dictionary<string, object>
        {
            ["access_token"] = "access-" + _serial, ["token_type"] = "Bearer", ["expires_in"] = 3600, ["scope"] = "openid profile offline_access", ["id_token"] = Forge?.Invoke(claims) ?? Sign(claims),
        };
        if (GivesRefreshTokens)
        {
            answer["refresh_token"] = "refresh-" + _serial;
        }

        return Json(answer);
    }

    private static HttpResponseMessage Json(object value, HttpStatusCode status = HttpStatusCode.OK) => new(status) { Content = JsonContent.Create(value, options: JsonSerializerOptions.Default) };
}
