using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Targets;
using OpsConsole.Core.Targets.GitHub;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Contracts.Targets;

/// <summary>The same as the installation of an app.</summary>
public sealed class GitHubAppTargetTests : TargetContract
{
    private const string App = "Iv1.0123456789abcdef";

    private static readonly RSA Key = RSA.Create(2048), Another = RSA.Create(2048);

    private readonly ConcurrentDictionary<string, bool> _tokens = new(StringComparer.Ordinal);
    private readonly List<JsonNode> _wanted = [];
    private GitHubServer _api = null!;
    private TimeProvider _time = TimeProvider.System;

    private protected override DeliveryTargetKind Kind => GitHubKind.Value;

    private protected override IReadOnlyDictionary<string, string> Services => new Dictionary<string, string> { [Service] = "shop-app" };

    [Fact]
    public async Task A_token_is_used_until_shortly_before_its_end_and_asks_for_no_more_than_is_needed()
    {
        var time = new FakeTime();
        _time = time;
        var adapter = Connect(Settings(_api.Address), time);
        await ReadAsync(adapter);
        time.Advance(TimeSpan.FromMinutes(54));
        await ReadAsync(adapter);
        Assert.Single(_tokens);

        time.Advance(TimeSpan.FromMinutes(2));
        await ReadAsync(adapter);

        Assert.Equal(2, _tokens.Count);
        Assert.Equal("""{"permissions":{"actions":"write","deployments":"write"}}""", _wanted[0].ToJsonString());
    }

    [Fact]
    public async Task A_token_that_was_taken_back_is_replaced_at_the_next_request()
    {
        var adapter = Connect(Settings(_api.Address), TimeProvider.System);
        await ReadAsync(adapter);
        _tokens.Clear();

        var told = await Assert.ThrowsAsync<TargetUnreachableException>(() => ReadAsync(adapter));
        Assert.Contains("Bad credentials: Bearer (secret)", told.Message, StringComparison.Ordinal);
        await ReadAsync(adapter);

        Assert.Single(_tokens);
    }

    [Fact]
    public async Task What_the_app_signed_is_told_to_nobody()
    {
        var stranger = Connect(WrongSettings(_api.Address), TimeProvider.System);

        var told = await Assert.ThrowsAsync<TargetUnreachableException>(() => ReadAsync(stranger));

        Assert.EndsWith("A JSON web token could not be decoded: Bearer (secret)", told.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Key", "no key", "Key is not a private RSA key")]
    [InlineData("Installation", "shop", "Installation is not an id")]
    [InlineData("Installation", "", "Either Token is to be set")]
    public void A_setting_that_is_wrong_is_told(string name, string value, string told)
    {
        var settings = new TargetSettings(Kind, "target", Production, new Dictionary<string, string>(Settings(_api.Address)) { [name] = value });

        Assert.StartsWith(told, Assert.Single(settings.Faults()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_public_key_is_not_enough_and_one_in_a_single_line_is()
    {
        Assert.False(GitHubAppKey.IsKey(Key.ExportSubjectPublicKeyInfoPem()));
        Assert.True(GitHubAppKey.IsKey(Key.ExportRSAPrivateKeyPem().Replace("\n", "\\n", StringComparison.Ordinal)));
    }

    private protected override ApiServer Serve() => _api = new GitHubServer(_tokens.ContainsKey)
    {
        MapOutside = app => app.Use(async (context, next) =>
        {
            if (context.Request.Path == "/app/installations/77/access_tokens")
            {
                await IssueAsync(context);
            }
            else
            {
                await next(context);
            }
        }),
    };

    private protected override IReadOnlyDictionary<string, string> Settings(Uri address) => Told(address, Key);

    private protected override IReadOnlyDictionary<string, string> WrongSettings(Uri address) => Told(address, Another);

    private static Dictionary<string, string> Told(Uri address, RSA key) => new()
    {
        ["Repository"] = "acme/{service}", ["Workflow"] = "rollout.yml", ["App"] = App, ["Installation"] = "77", ["Key"] = key.ExportRSAPrivateKeyPem(), ["Api"] = address.ToString(),
    };

    private static Task<TargetObservation> ReadAsync(IDeliveryTargetAdapter adapter) => adapter.ObserveAsync(Service, Production, New, TestContext.Current.CancellationToken);

    /// <summary>Gives a token of an hour to whoever shows one of the app that is signed with its key and holds for ten minutes at most.</summary>
    private async Task IssueAsync(HttpContext context)
    {
        var now = _time.GetUtcNow();
        var wrong = context.Request.Method != HttpMethods.Post ? "Not Found" : Wrong(context.Request.Headers.Authorization.ToString(), now);
        if (wrong is not null)
        {
            await GitHubServer.SorryAsync(context, StatusCodes.Status401Unauthorized, wrong);
            return;
        }

        _wanted.Add((await JsonNode.ParseAsync(context.Request.Body))!);
        var token = $"ghs_{Guid.NewGuid():N}";
        _tokens[token] = true;
        context.Response.StatusCode = StatusCodes.Status201Created;
        await context.Response.WriteAsJsonAsync(new { token, expires_at = now.AddHours(1).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), repository_selection = "selected" });
    }

    private static string? Wrong(string authorization, DateTimeOffset now)
    {
        if (authorization.Split(' ') is not ["Bearer", var shown] || shown.Split('.') is not [var head, var claims, var signature]
            || !Key.VerifyData(Encoding.ASCII.GetBytes($"{head}.{claims}"), Base64Url.DecodeFromChars(signature), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))
        {
            return $"A JSON web token could not be decoded: {authorization}";
        }

        using var said = JsonDocument.Parse(Base64Url.DecodeFromChars(claims));
        var (from, until) = (said.RootElement.GetProperty("iat").GetInt64(), said.RootElement.GetProperty("exp").GetInt64());
        return said.RootElement.GetProperty("iss").GetString() != App ? "'Issuer' claim ('iss') must be the App ID or Client ID"
            : from > now.ToUnixTimeSeconds() ? "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued"
            : until <= now.ToUnixTimeSeconds() || until > now.AddMinutes(10).ToUnixTimeSeconds() ? "'Expiration time' claim ('exp') is too far in the future"
            : null;
    }
}
