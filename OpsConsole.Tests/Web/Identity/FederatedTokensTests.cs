using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using OpsConsole.Core.Access;
using OpsConsole.Core.Access.Tokens;
using OpsConsole.Core.Board;
using OpsConsole.Core.Switches;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Identity;

namespace OpsConsole.Tests.Web.Identity;

/// <summary>A pipeline's own token becomes a short-lived one of the console, once.</summary>
public sealed class FederatedTokensTests : IDisposable
{
    private readonly FakeTime _time = new();
    private readonly FakeIssuer _issuer;
    private readonly InMemoryServiceTokens _stored = new();
    private readonly ServiceTokenTable _table;
    private readonly AuditLines _audit = new();
    private readonly FederatedTokens _tokens;

    public FederatedTokensTests()
    {
        _issuer = new FakeIssuer(_time);
        _table = new ServiceTokenTable(_time);
        var roles = new SignedInRoles();
        var desk = new ServiceTokenDesk(_stored, _table, new FlagEnvironments(new ReleaseBoard(_time), new SwitchBoard(), new FlagClientTable(_time)), roles, _time);
        _tokens = new FederatedTokens(
            new FederationOptions { Trusts = new Dictionary<string, FederatedTrust> { ["shop-pipeline"] = Trust() } },
            _issuer, new TokenExchange(_stored, _table, desk, _audit, roles, _time), new SignInAudit(_audit, _time, NullLogger<SignInAudit>.Instance), _time);
    }

    public void Dispose()
    {
        _tokens.Dispose();
        _issuer.Dispose();
    }

    [Fact]
    public async Task A_trusted_token_is_exchanged_for_what_the_trust_gives()
    {
        var made = (await AskAsync(_issuer.Sign(Claims()))).Made!;

        var by = _table.Find(made.Secret)!.Operator;
        Assert.Equal(("shop-pipeline/repo:example/shop:ref:refs/heads/main", "staging:releases:promote staging:releases:register"), (by.Name, by.Scope!.ToString()));
        Assert.Equal((_time.GetUtcNow().AddMinutes(10), true), (made.Token.ExpiresAt, made.Token.IsShortLived));
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Null(_table.Find(made.Secret));
    }

    [Fact]
    public async Task Less_can_be_asked_for_and_more_not()
    {
        Assert.Equal("staging:releases:register", (await AskAsync(_issuer.Sign(Claims()), "staging:releases:register")).Made!.Token.Scopes);
        Assert.Equal("invalid_scope", (await AskAsync(_issuer.Sign(Claims()), "production:releases:register")).Error);
        Assert.Equal("invalid_scope", (await AskAsync(_issuer.Sign(Claims()), "rockets")).Error);
    }

    [Fact]
    public async Task A_token_counts_once_on_every_console()
    {
        var claims = Claims();
        Assert.NotNull((await AskAsync(_issuer.Sign(claims))).Made);

        // The same token signed anew is another text.
        Assert.Contains("was used before", (await AskAsync(_issuer.Sign(claims, algorithm: "PS256"))).Why, StringComparison.Ordinal);
        claims.Remove("jti");
        Assert.NotNull((await AskAsync(_issuer.Sign(claims))).Made);
        Assert.Contains("was used before", (await AskAsync(_issuer.Sign(claims))).Why, StringComparison.Ordinal);
        Assert.Equal(2, _stored.Tokens.Count);
    }

    [Theory]
    [InlineData("aud", "elsewhere")]
    [InlineData("iss", "https://other.test")]
    [InlineData("repository", "example/other")]
    [InlineData("repository", "EXAMPLE/SHOP")]
    [InlineData("repository", null)]
    [InlineData("ref", "refs/pull/1/merge")]
    [InlineData("sub", null)]
    [InlineData("azp", "another")]
    public async Task A_token_of_another_pipeline_is_refused_and_on_record(string claim, string? value)
    {
        var claims = Claims();
        claims[claim] = value;

        Assert.Equal("invalid_grant", (await AskAsync(_issuer.Sign(claims))).Error);
        Assert.Empty(_stored.Tokens);
        Assert.Equal(("token.federated", "refused"), (_audit.Entries[^1].Event, _audit.Entries[^1].Outcome));
    }

    [Theory]
    [InlineData("exp", -3600)]
    [InlineData("exp", 100_000)]
    [InlineData("iat", 3600)]
    [InlineData("nbf", 3600)]
    public async Task A_token_of_another_time_is_refused(string claim, int seconds)
    {
        var claims = Claims();
        claims[claim] = _time.GetUtcNow().ToUnixTimeSeconds() + seconds;

        Assert.Equal("invalid_grant", (await AskAsync(_issuer.Sign(claims))).Error);
    }

    [Fact]
    public async Task A_forged_or_swapped_token_is_refused()
    {
        using var other = RSA.Create(2048);
        var (good, wider) = (_issuer.Sign(Claims()), Claims());
        wider["repository"] = "example/other";
        var parts = good.Split('.');

        foreach (var token in (string?[])
        [
            null, "", "a.b.c", "not a token", _issuer.Sign(Claims(), other), _issuer.Sign(Claims(), keyId: "unknown"), $"{parts[0]}.{FakeIssuer.Part(wider)}.{parts[2]}", $"{parts[0]}.{parts[1]}.",
            $"{FakeIssuer.Part(new JsonObject { ["alg"] = "none" })}.{parts[1]}.", new string('a', 200_000),
        ])
        {
            Assert.Equal("invalid_grant", (await AskAsync(token)).Error);
        }

        Assert.Empty(_stored.Tokens);
    }

    [Fact]
    public async Task Without_the_issuer_or_the_record_it_is_asked_again_later()
    {
        _issuer.Fault = HttpStatusCode.BadGateway;
        Assert.Equal("temporarily_unavailable", (await AskAsync(_issuer.Sign(Claims()))).Error);
        _issuer.Fault = null;
        _stored.Away = true;
        var token = _issuer.Sign(Claims());
        Assert.Equal("temporarily_unavailable", (await AskAsync(token)).Error);

        _stored.Away = false;
        Assert.NotNull((await AskAsync(token)).Made);
    }

    [Fact]
    public async Task Trying_without_end_is_ended()
    {
        for (var i = 0; i < 60; i++)
        {
            await AskAsync("a.b.c");
        }

        Assert.Equal("slow_down", (await AskAsync(_issuer.Sign(Claims()))).Error);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.NotNull((await AskAsync(_issuer.Sign(Claims()))).Made);
    }

    [Fact]
    public async Task Forged_tokens_use_up_only_their_own_addresses_tries()
    {
        for (var i = 0; i < 20 * FederatedTokens.ForgedFromOne; i++)
        {
            await AskAsync("a.b.c", from: new IPAddress([192, 0, 2, (byte)(i % 20)]));
        }

        Assert.Equal("slow_down", (await AskAsync(_issuer.Sign(Claims()), from: new IPAddress([192, 0, 2, 1]))).Error);
        Assert.NotNull((await AskAsync(_issuer.Sign(Claims()), from: new IPAddress([192, 0, 2, 99]))).Made);
    }

    [Fact]
    public async Task Signed_tokens_use_up_only_their_own_subjects_tries()
    {
        for (var i = 0; i < FederatedTokens.SignedFromOne; i++)
        {
            await AskAsync(_issuer.Sign(Other()), from: new IPAddress([192, 0, 2, (byte)i]));
        }

        Assert.Equal("slow_down", (await AskAsync(_issuer.Sign(Other()), from: new IPAddress([198, 51, 100, 1]))).Error);
        Assert.NotNull((await AskAsync(_issuer.Sign(Claims()), from: new IPAddress([192, 0, 2, 1]))).Made);

        JsonObject Other()
        {
            var claims = Claims();
            (claims["sub"], claims["repository"]) = ("repo:example/other:ref:refs/heads/main", "example/other");
            return claims;
        }
    }

    [Fact]
    public async Task A_flood_of_them_is_one_line_on_record()
    {
        for (var i = 0; i < 40; i++)
        {
            await AskAsync("a.b.c");
        }

        Assert.Single(_audit.Entries);
        _time.Advance(TimeSpan.FromMinutes(1));
        await AskAsync("a.b.c");
        Assert.EndsWith("Of the same, 39 more were left out since 12:00:00 UTC.", _audit.Entries[^1].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_wrong_with_a_trust_is_said_at_start()
    {
        var check = new FederationOptionsCheck();
        Assert.True(check.Validate(null, new FederationOptions { Trusts = new Dictionary<string, FederatedTrust> { ["shop"] = Trust() } }).Succeeded);

        var faults = check.Validate(null, new FederationOptions
        {
            Trusts = new Dictionary<string, FederatedTrust> { ["Shop/x"] = new() { Issuer = "http://issuer.test", Scope = ["*:tokens:exchange"], Minutes = 61 } },
        }).Failures!;

        Assert.Equal(6, faults.Count());
        Assert.All(faults, f => Assert.StartsWith("OpsConsole:Federation:Shop/x", f, StringComparison.Ordinal));

        var trust = Trust();
        trust.Issuer = "https://ops:hunter-2@issuer.test";
        var fault = Assert.Single(check.Validate(null, new FederationOptions { Trusts = new Dictionary<string, FederatedTrust> { ["shop"] = trust } }).Failures!);
        Assert.StartsWith("OpsConsole:Federation:shop:Issuer has a user or password in it: take it out", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter", fault, StringComparison.Ordinal);
    }

    private FederatedTrust Trust() => new()
    {
        Issuer = _issuer.Authority, Audience = "opsconsole", Minutes = 10, Scope = ["staging:releases:register", "staging:releases:promote"],
        Claims = new() { ["repository"] = ["example/shop"], ["ref"] = ["refs/heads/main", "refs/heads/release"] },
    };

    private JsonObject Claims()
    {
        var claims = _issuer.Claims(null);
        claims["aud"] = "opsconsole";
        claims["sub"] = "repo:example/shop:ref:refs/heads/main";
        claims["repository"] = "example/shop";
        claims["ref"] = "refs/heads/main";
        return claims;
    }

    private Task<FederatedAnswer> AskAsync(string? token, string? scope = null, IPAddress? from = null) => _tokens.ExchangeAsync(token, scope, from ?? IPAddress.Loopback, TestContext.Current.CancellationToken);
}
