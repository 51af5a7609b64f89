using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using OpsConsole.Core.Access;
using OpsConsole.Core.Access.Tokens;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Web.Access;

/// <summary>Service tokens over HTTP, on the console as it is.</summary>
public sealed class TokensEndpointsTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const string Bootstrap = "a-long-bootstrap-token";

    private WholeConsole _console = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _console = await WholeConsole.StartAsync(postgres, ("OpsConsole:BootstrapToken", Bootstrap));

    public async ValueTask DisposeAsync() => await _console.DisposeAsync();

    [Fact]
    public async Task Made_used_exchanged_and_revoked_here_and_beside()
    {
        await using var beside = _console.Beside();
        var (id, token) = await MakeAsync(new { name = "shop deploy", scope = (string[])["production:releases:promote", "*:board:read", "*:tokens:exchange"], expiresInDays = 30 });
        using var http = _console.With(token);
        Assert.Equal(HttpStatusCode.OK, await BoardAsync(http));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(http, "/api/v1/audit"));

        using var exchanged = await http.PostAsJsonAsync(new Uri("/api/v1/tokens/exchange", UriKind.Relative), new { label = "run 1", scope = (string[])["*:board:read"] }, Token);
        Assert.Equal((HttpStatusCode.Created, true), (exchanged.StatusCode, exchanged.Headers.CacheControl!.NoStore));
        using var issued = _console.With((await exchanged.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("token").GetString()!);
        Assert.Equal(HttpStatusCode.OK, await BoardAsync(issued));

        // The other console learns of both, and of their end.
        using var there = beside.With(token);
        await Eventually.TrueAsync(async () => await BoardAsync(there) == HttpStatusCode.OK);

        using var admin = _console.As(Role.Admin);
        using var revoked = await admin.DeleteAsync(new Uri($"/api/v1/tokens/{id}?reason=leaked", UriKind.Relative), Token);
        Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (await BoardAsync(http), await BoardAsync(issued)));
        await Eventually.TrueAsync(async () => await BoardAsync(there) == HttpStatusCode.Unauthorized);

        var list = await admin.GetStringAsync(new Uri("/api/v1/tokens", UriKind.Relative), Token);
        Assert.DoesNotContain(token, list, StringComparison.Ordinal);
        Assert.DoesNotContain(ServiceTokenTable.Hash(token), list, StringComparison.Ordinal);
        Assert.Equal("token.create|token.exchange|token.revoke", string.Join('|', (await _console.Database.QueryAsync("SELECT event FROM audit WHERE event LIKE 'token.%' AND outcome = 'done' ORDER BY at, event")).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)));
    }

    [Fact]
    public async Task A_token_that_is_not_sent_as_it_is_is_nobodys()
    {
        var (_, token) = await MakeAsync(new { name = "shop", preset = "observe" });
        foreach (var other in (string[])[token[..^1], token + "0", token.ToUpperInvariant(), token["opst_".Length..], "opsf_" + token["opst_".Length..], ServiceTokenTable.Hash(token), new string('a', 5_000)])
        {
            using var http = _console.With(other);
            Assert.Equal(HttpStatusCode.Unauthorized, await BoardAsync(http));
        }

        using var none = _console.CreateClient();
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(none, $"/api/v1/board?access_token={token}"));
        none.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", token);
        Assert.Equal(HttpStatusCode.Unauthorized, await BoardAsync(none));
    }

    [Theory]
    [InlineData("""{ "name": "x", "preset": "rocket" }""", 400)]
    [InlineData("""{ "name": "x", "preset": "deploy" }""", 400)]
    [InlineData("""{ "name": "x", "preset": "observe", "scope": ["*:board:read"] }""", 400)]
    [InlineData("""{ "name": "x", "scope": ["*:releases:approve"] }""", 409)]
    [InlineData("""{ "name": "x", "preset": "deploy", "environments": ["prodution"] }""", 409)]
    [InlineData("""{ "name": "x", "preset": "deploy", "environments": ["production"], "expiresInDays": 1000 }""", 409)]
    [InlineData("""{ "name": "x" }""", 409)]
    public async Task What_is_wrong_is_refused_in_words(string body, int status)
    {
        using var admin = _console.As(Role.Admin);
        using var content = new StringContent(body, Encoding.UTF8, "application/json");

        using var answer = await admin.PostAsync(new Uri("/api/v1/tokens", UriKind.Relative), content, Token);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.NotEmpty((await answer.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("detail").GetString()!);
        Assert.Equal("0", (await _console.Database.QueryAsync("SELECT count(*) FROM service_tokens")).Trim());
    }

    [Fact]
    public async Task What_the_scope_does_not_hold_is_said_and_on_record()
    {
        var (_, token) = await MakeAsync(new { name = "builder", preset = "build", environments = (string[])["production"] });
        using var http = _console.With(token);

        using var answer = await http.GetAsync(new Uri("/api/v1/audit", UriKind.Relative), Token);

        Assert.Equal("This token may not read the audit: audit:read is not in its scope; ask for a token that holds it.", (await answer.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("detail").GetString());
        Assert.Contains("GET /api/v1/audit: This token may not read the audit", await _console.Database.QueryAsync("SELECT detail FROM audit WHERE actor = 'builder' AND event = 'access' AND outcome = 'refused'"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_bootstrap_token_is_loud()
    {
        using var http = _console.With(Bootstrap);
        Assert.Equal(HttpStatusCode.OK, await BoardAsync(http));
        Assert.Equal(HttpStatusCode.OK, await BoardAsync(http));

        await Eventually.TrueAsync(async () => (await _console.Database.QueryAsync("SELECT count(*) FROM audit WHERE event = 'token.bootstrap' AND actor = 'bootstrap'")).Trim() == "1");
    }

    [Fact]
    public async Task A_connection_to_the_hub_ends_with_the_token()
    {
        var (id, token) = await MakeAsync(new { name = "wall", scope = (string[])["*:board:read"] });
        var client = _console.Server.CreateWebSocketClient();
        client.ConfigureRequest = request => request.Headers.Authorization = "Bearer " + token;
        using var hub = await client.ConnectAsync(new Uri("ws://localhost/hubs/board"), Token);
        await hub.SendAsync(Encoding.UTF8.GetBytes("{\"protocol\":\"json\",\"version\":1}\u001e"), WebSocketMessageType.Text, true, Token);
        var buffer = new byte[64 * 1024];
        Assert.NotEqual(0, (await hub.ReceiveAsync(buffer, Token)).Count);

        using var admin = _console.As(Role.Admin);
        using var revoked = await admin.DeleteAsync(new Uri($"/api/v1/tokens/{id}", UriKind.Relative), Token);

        await EndAsync().WaitAsync(TimeSpan.FromSeconds(30), Token);

        async Task EndAsync()
        {
            try
            {
                while ((await hub.ReceiveAsync(buffer, Token)).MessageType != WebSocketMessageType.Close)
                {
                    // Another message of the board.
                }
            }
            catch (Exception e) when (e is WebSocketException or IOException)
            {
                // It was broken off.
            }
        }
    }

    private async Task<(string Id, string Token)> MakeAsync(object request)
    {
        using var admin = _console.As(Role.Admin);
        using var answer = await admin.PostAsJsonAsync(new Uri("/api/v1/tokens", UriKind.Relative), request, Token);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        var made = await answer.Content.ReadFromJsonAsync<JsonElement>(Token);
        return (made.GetProperty("id").GetString()!, made.GetProperty("token").GetString()!);
    }

    private static Task<HttpStatusCode> BoardAsync(HttpClient http) => StatusAsync(http, "/api/v1/board");

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, string address)
    {
        using var answer = await http.GetAsync(new Uri(address, UriKind.Relative), Token);
        return answer.StatusCode;
    }
}
