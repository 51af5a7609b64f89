using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Identity;

namespace OpsConsole.Tests.Web.Identity;

public sealed class IdTokenValidatorTests : IDisposable
{
    private const string Nonce = "the-nonce";

    private readonly FakeTime _time = new();
    private readonly FakeIssuer _issuer;
    private readonly IssuerDocuments _documents;
    private readonly IdTokenValidator _validator;

    public IdTokenValidatorTests()
    {
        _issuer = new FakeIssuer(_time);
        var options = new SignInOptions { Authority = _issuer.Authority, ClientId = "ops" };
        _documents = new IssuerDocuments(options, _issuer, _time);
        _validator = new IdTokenValidator(options, _documents, _time);
    }

    public void Dispose()
    {
        _documents.Dispose();
        _issuer.Dispose();
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("PS256")]
    public async Task A_token_in_order_gives_its_claims(string algorithm)
    {
        var token = await ValidateAsync(_issuer.Sign(_issuer.Claims(Nonce), algorithm: algorithm));

        Assert.Equal("sub-ada", token.Subject);
        Assert.Equal("ada@example.org", token.Name("preferred_username"));
        Assert.Equal(["ops-admins"], token.Values("roles"));
    }

    [Fact]
    public async Task A_token_that_is_wrong_in_one_way_is_refused_in_that_way()
    {
        var now = _time.GetUtcNow();
        (string Why, Action<JsonObject> Change)[] wrong =
        [
            ("another issuer", c => c["iss"] = "https://evil.test"),
            ("another application", c => c["aud"] = "other"),
            ("another application", c => c.Remove("aud")),
            ("given to another", c => c["aud"] = new JsonArray("ops", "other")),
            ("given to another", c => c["azp"] = "other"),
            ("expired", c => c["exp"] = now.AddMinutes(-2).ToUnixTimeSeconds()),
            ("expired", c => c.Remove("exp")),
            ("future", c => c["iat"] = now.AddMinutes(5).ToUnixTimeSeconds()),
            ("not hold yet", c => c["nbf"] = now.AddMinutes(5).ToUnixTimeSeconds()),
            ("names nobody", c => c.Remove("sub")),
            ("another sign-in", c => c["nonce"] = "swapped"),
            ("another sign-in", c => c.Remove("nonce")),
        ];
        foreach (var (why, change) in wrong)
        {
            var claims = _issuer.Claims(Nonce);
            change(claims);

            var refused = await Assert.ThrowsAsync<IdTokenException>(() => ValidateAsync(_issuer.Sign(claims)));

            Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Several_audiences_are_fine_where_the_token_was_given_to_the_console()
    {
        var claims = _issuer.Claims(Nonce);
        (claims["aud"], claims["azp"]) = (new JsonArray("ops", "other"), "ops");

        Assert.Equal("sub-ada", (await ValidateAsync(_issuer.Sign(claims))).Subject);
    }

    [Fact]
    public async Task A_token_without_a_signature_or_with_another_kind_or_key_is_refused()
    {
        var claims = _issuer.Claims(Nonce);
        using var other = RSA.Create(2048);
        var good = _issuer.Sign(claims);
        var none = $"{FakeIssuer.Part(new JsonObject { ["alg"] = "none" })}.{FakeIssuer.Part(claims)}.";
        var unsigned = $"{FakeIssuer.Part(new JsonObject { ["alg"] = "RS256", ["kid"] = "one" })}.{FakeIssuer.Part(claims)}.";

        // The public key, which everyone has, taken as the secret of a symmetric signature.
        var head = $"{FakeIssuer.Part(new JsonObject { ["alg"] = "HS256", ["kid"] = "one" })}.{FakeIssuer.Part(claims)}";
        var symmetric = $"{head}.{Base64Url.EncodeToString(HMACSHA256.HashData(_issuer.Key.ExportSubjectPublicKeyInfo(), Encoding.ASCII.GetBytes(head)))}";
        var changed = _issuer.Claims(Nonce);
        changed["sub"] = "sub-eve";
        var swapped = string.Join('.', good.Split('.')[0], FakeIssuer.Part(changed), good.Split('.')[2]);
        var critical = $"{FakeIssuer.Part(new JsonObject { ["alg"] = "RS256", ["crit"] = new JsonArray("b64") })}.{FakeIssuer.Part(claims)}.AAAA";

        foreach (var token in new[] { none, unsigned, symmetric, swapped, critical, _issuer.Sign(claims, other), _issuer.Sign(claims, other, "unknown"), "", "a.b", "not a token", ".." })
        {
            await Assert.ThrowsAsync<IdTokenException>(() => ValidateAsync(token));
        }

        Assert.Equal("sub-ada", (await ValidateAsync(good)).Subject);
    }

    [Fact]
    public async Task A_sign_in_is_confirmed_for_the_same_person_only()
    {
        var token = _issuer.Sign(_issuer.Claims(null));

        Assert.Equal("sub-ada", (await _validator.ValidateAsync(token, null, "sub-ada", CancellationToken.None)).Subject);
        await Assert.ThrowsAsync<IdTokenException>(() => _validator.ValidateAsync(token, null, "sub-eve", CancellationToken.None));
    }

    [Fact]
    public async Task The_issuer_may_change_its_keys_and_forged_tokens_do_not_make_the_console_ask_without_end()
    {
        await ValidateAsync(_issuer.Sign(_issuer.Claims(Nonce)));
        Assert.Equal(1, _issuer.KeyReads);

        (_issuer.Key, _issuer.KeyId) = (RSA.Create(2048), "two");
        using var forged = RSA.Create(2048);
        for (var i = 0; i < 5; i++)
        {
            await Assert.ThrowsAsync<IdTokenException>(() => ValidateAsync(_issuer.Sign(_issuer.Claims(Nonce), forged, "forged")));
        }

        Assert.Equal(1, _issuer.KeyReads);
        _time.Advance(IssuerDocuments.KeyPause);

        await ValidateAsync(_issuer.Sign(_issuer.Claims(Nonce)));
        Assert.Equal(2, _issuer.KeyReads);
    }

    [Fact]
    public async Task A_discovery_document_of_another_issuer_is_not_taken()
    {
        var options = new SignInOptions { Authority = _issuer.Authority + "/other", ClientId = "ops" };
        using var client = new Elsewhere(_issuer);
        using var documents = new IssuerDocuments(options, client, _time);

        await Assert.ThrowsAsync<IssuerAwayException>(() => documents.MetadataAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Keys_that_were_read_serve_on_while_the_issuer_is_away()
    {
        await ValidateAsync(_issuer.Sign(_issuer.Claims(Nonce)));
        _issuer.Fault = System.Net.HttpStatusCode.BadGateway;
        _time.Advance(2 * IssuerDocuments.MaxAge);

        Assert.Equal("sub-ada", (await ValidateAsync(_issuer.Sign(_issuer.Claims(Nonce)))).Subject);
    }

    private Task<IdToken> ValidateAsync(string token) => _validator.ValidateAsync(token, Nonce, null, CancellationToken.None);

    /// <summary>Serves an issuer's documents at another address.</summary>
    private sealed class Elsewhere(FakeIssuer issuer) : DelegatingHandler(issuer), IHttpClientFactory
    {
        public HttpClient CreateClient(string name) => new(this, disposeHandler: false);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.RequestUri = new Uri(request.RequestUri!.AbsoluteUri.Replace("/other", "", StringComparison.Ordinal));
            return base.SendAsync(request, cancellationToken);
        }
    }
}
