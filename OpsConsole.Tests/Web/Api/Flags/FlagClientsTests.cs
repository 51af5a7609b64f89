using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OpsConsole.Core.Access;
using OpsConsole.Core.Switches;

namespace OpsConsole.Tests.Web.Api.Flags;

/// <summary>Tokens of flag clients, from making to revoking, and browsers of other origins.</summary>
public sealed class FlagClientsTests : IAsyncLifetime
{
    private FlagServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await FlagServer.StartAsync(settings: [("Flags:AllowedOrigins:0", "https://shop.example")]);
        _server.As(_server.Tokens.Issue("ann", Role.Admin));
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("console")]
    [InlineData(" Emergency access ")]
    [InlineData("bootstrap")]
    public async Task None_is_called_what_the_console_calls_itself_on_record(string name)
    {
        using var refused = await PostAsync(new { name, environment = "staging", newEnvironment = true });

        Assert.False(refused.IsSuccessStatusCode);
        Assert.Contains("is what the console calls itself", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(_server.Stored.Clients);
    }

    [Fact]
    public async Task A_token_is_shown_once_works_at_once_and_stops_at_once()
    {
        using var made = await PostAsync(new { name = " shop web ", environment = "staging", newEnvironment = true });
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.True(made.Headers.CacheControl!.NoStore);
        var answer = await made.Content.ReadFromJsonAsync<JsonElement>();
        var token = answer.GetProperty("token").GetString()!;
        Assert.Matches("^opsf_[0-9a-f]{64}$", token);
        Assert.Equal("shop web", answer.GetProperty("name").GetString());

        var list = await _server.Http.GetStringAsync(new Uri("/api/v1/flag-clients", UriKind.Relative));
        Assert.DoesNotContain(token, list, StringComparison.Ordinal);
        Assert.DoesNotContain(FlagClientTable.Hash(token), list, StringComparison.Ordinal);
        Assert.Equal(FlagClientTable.Hash(token), _server.Stored.Clients.Single().TokenHash);

        var admin = _server.Http.DefaultRequestHeaders.Authorization;
        _server.Http.DefaultRequestHeaders.Authorization = null;
        using var used = await _server.SendAsync("", FlagServer.Context, null, ("X-API-Key", token));
        Assert.Equal(HttpStatusCode.OK, used.StatusCode);
        Assert.Single(_server.Clients.TakeUses());
        _server.Http.DefaultRequestHeaders.Authorization = admin;

        List<Guid> told = [];
        _server.Clients.Revoked += told.Add;
        var address = new Uri("/api/v1/flag-clients/" + answer.GetProperty("id").GetString(), UriKind.Relative);
        using var revoked = await _server.Http.DeleteAsync(address);
        Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);
        Assert.Equal("ann", (await revoked.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("revokedBy").GetString());
        Assert.Equal([answer.GetProperty("id").GetGuid()], told);
        using var again = await _server.Http.DeleteAsync(address);
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);

        _server.As(token);
        using var refused = await _server.SendAsync("", FlagServer.Context);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal(["flag-client.create", "flag-client.revoke"], _server.Stored.Lines.Select(l => l.Event));
        Assert.All(_server.Stored.Lines, l => Assert.Equal(("ann", "Admin", "flag client shop web in staging"), (l.Actor, l.Role, l.SubjectTitle)));
    }

    [Theory]
    [InlineData("", "production")]
    [InlineData("\u200b", "production")]
    [InlineData("shop", "")]
    [InlineData("shop", "Production")]
    [InlineData("shop", null)]
    public async Task What_is_wrong_is_refused_in_words(string name, string? environment)
    {
        using var answer = await PostAsync(new { name, environment });

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Empty(_server.Stored.Clients);
    }

    [Fact]
    public async Task A_mistyped_environment_does_not_become_real()
    {
        using var mistyped = await PostAsync(new { name = "shop", environment = "prodution" });
        using var meant = await PostAsync(new { name = "shop", environment = "prodution", newEnvironment = true });

        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.Created), (mistyped.StatusCode, meant.StatusCode));
        Assert.Contains("did you mean production?", (await mistyped.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_record_nothing_is_made_or_revoked()
    {
        var (token, id) = _server.Client("production");
        _server.Stored.Away = true;

        using var made = await PostAsync(new { name = "shop", environment = "production" });
        using var revoked = await _server.Http.DeleteAsync(new Uri($"/api/v1/flag-clients/{id}", UriKind.Relative));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, made.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, revoked.StatusCode);
        Assert.NotNull(_server.Clients.Find(token));
    }

    [Theory]
    [InlineData(Role.Viewer)]
    [InlineData(Role.OnCall)]
    [InlineData(Role.ReleaseManager)]
    public async Task Only_admins_make_and_revoke(Role role)
    {
        _server.As(_server.Tokens.Issue("someone", role));

        using var made = await PostAsync(new { name = "shop", environment = "production" });
        using var revoked = await _server.Http.DeleteAsync(new Uri($"/api/v1/flag-clients/{Guid.NewGuid()}", UriKind.Relative));
        using var list = await _server.Http.GetAsync(new Uri("/api/v1/flag-clients", UriKind.Relative));

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden, HttpStatusCode.OK), (made.StatusCode, revoked.StatusCode, list.StatusCode));
    }

    [Theory]
    [InlineData("https://shop.example", true)]
    [InlineData("https://evil.example", false)]
    [InlineData("https://shop.example:8443", false)]
    [InlineData("http://shop.example", false)]
    [InlineData("null", false)]
    public async Task A_browser_lets_pages_of_the_named_origins_read_flags(string origin, bool allowed)
    {
        string[] named = allowed ? [origin] : [];
        using var ask = new HttpRequestMessage(HttpMethod.Options, "/ofrep/v1/evaluate/flags");
        ask.Headers.Add("Origin", origin);
        ask.Headers.Add("Access-Control-Request-Method", "POST");
        ask.Headers.Add("Access-Control-Request-Headers", "authorization,content-type,if-none-match,x-api-key");
        _server.Http.DefaultRequestHeaders.Authorization = null;
        using var may = await _server.Http.SendAsync(ask);
        Assert.Equal(named, Header(may, "Access-Control-Allow-Origin"));
        Assert.Equal(allowed ? ["600"] : [], Header(may, "Access-Control-Max-Age"));
        Assert.Equal(allowed, Header(may, "Access-Control-Allow-Headers").Any(h => h.Contains("x-api-key", StringComparison.OrdinalIgnoreCase) && h.Contains("if-none-match", StringComparison.OrdinalIgnoreCase)));

        // Also an answer that says no, so that the app learns why.
        using var refused = await _server.SendAsync("", FlagServer.Context, null, ("Origin", origin));
        Assert.Equal((HttpStatusCode.Unauthorized, allowed), (refused.StatusCode, Header(refused, "Access-Control-Allow-Origin").Length == 1));

        _server.As(_server.Client("production").Token);
        using var answer = await _server.SendAsync("", FlagServer.Context, null, ("Origin", origin));
        using var unchanged = await _server.SendAsync("", FlagServer.Context, answer.Headers.ETag!.Tag, ("Origin", origin));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotModified), (answer.StatusCode, unchanged.StatusCode));
        foreach (var one in (HttpResponseMessage[])[may, answer, unchanged])
        {
            Assert.Equal(named, Header(one, "Access-Control-Allow-Origin"));
            Assert.Empty(Header(one, "Access-Control-Allow-Credentials"));
            Assert.Equal(allowed && one != may, Header(one, "Access-Control-Expose-Headers").Any(e => e.Contains("ETag", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task No_page_of_another_origin_gets_at_anything_but_flags()
    {
        _server.As(_server.Tokens.Issue("ann", Role.Admin));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/flag-clients") { Headers = { { "Origin", "https://shop.example" } } };

        using var answer = await _server.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Empty(Header(answer, "Access-Control-Allow-Origin"));
    }

    private static string[] Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? [.. values] : [];

    private Task<HttpResponseMessage> PostAsync(object body) => _server.Http.PostAsJsonAsync(new Uri("/api/v1/flag-clients", UriKind.Relative), body);
}
