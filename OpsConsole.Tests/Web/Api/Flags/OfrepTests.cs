using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using OpsConsole.Core.Access;
using OpsConsole.Core.Switches;
using OpsConsole.Web.Api;
using OpsConsole.Web.Identity;

namespace OpsConsole.Tests.Web.Api;

/// <summary>The contract of the OpenFeature Remote Evaluation Protocol, over HTTP.</summary>
public sealed class OfrepTests : IAsyncLifetime
{
    private const string Context = """{"context":{"targetingKey":"user-1","country":"CA"}}""";

    private readonly SwitchBoard _switches = new();
    private readonly ServiceTokens _tokens = new();
    private WebApplication _app = null!;
    private HttpClient _http = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await StartAsync(_switches, _tokens);
        _http = _app.GetTestClient();
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _tokens.Issue("shop", Role.Viewer));
        _switches.Load([Switch("recommendations"), Switch("vouchers")], []);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task One_flag_has_the_shape_of_the_protocol()
    {
        var (status, body) = await PostAsync("/recommendations", Context);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("recommendations", body.GetProperty("key").GetString());
        Assert.True(body.GetProperty("value").GetBoolean());
        Assert.Equal("STATIC", body.GetProperty("reason").GetString());
        Assert.Equal("on", body.GetProperty("variant").GetString());
        Assert.All(body.GetProperty("metadata").EnumerateObject(), entry => Assert.Equal(JsonValueKind.String, entry.Value.ValueKind));
    }

    [Fact]
    public async Task A_killed_flag_is_false_and_still_a_success()
    {
        Kill("recommendations");

        var (status, body) = await PostAsync("/recommendations", Context);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.False(body.GetProperty("value").GetBoolean());
        Assert.Equal("off", body.GetProperty("variant").GetString());
        Assert.True((await PostAsync("/vouchers", Context)).Body.GetProperty("value").GetBoolean());
    }

    [Fact]
    public async Task An_unknown_flag_is_not_found()
    {
        var (status, body) = await PostAsync("/nothing", Context);

        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Equal("nothing", body.GetProperty("key").GetString());
        Assert.Equal("FLAG_NOT_FOUND", body.GetProperty("errorCode").GetString());
        Assert.NotEmpty(body.GetProperty("errorDetails").GetString()!);
    }

    [Theory]
    [InlineData("", "PARSE_ERROR")]
    [InlineData("{", "PARSE_ERROR")]
    [InlineData("[]", "PARSE_ERROR")]
    [InlineData("null", "PARSE_ERROR")]
    [InlineData("{}", "INVALID_CONTEXT")]
    [InlineData("""{"context":7}""", "INVALID_CONTEXT")]
    [InlineData("""{"context":{}}""", "INVALID_CONTEXT")]
    [InlineData("""{"context":{"targetingKey":7}}""", "INVALID_CONTEXT")]
    [InlineData("""{"context":{"targetingKey":""}}""", "INVALID_CONTEXT")]
    public async Task Bad_bodies_are_told_apart(string text, string code)
    {
        var (one, flag) = await PostAsync("/recommendations", text);
        var (all, bulk) = await PostAsync("", text);

        Assert.Equal(HttpStatusCode.BadRequest, one);
        Assert.Equal(HttpStatusCode.BadRequest, all);
        Assert.Equal("recommendations", flag.GetProperty("key").GetString());
        Assert.Equal(code, flag.GetProperty("errorCode").GetString());
        Assert.Equal(code, bulk.GetProperty("errorCode").GetString());
    }

    [Fact]
    public async Task Large_and_deep_bodies_are_refused()
    {
        var large = "{\"context\":{\"targetingKey\":\"u\",\"more\":\"" + new string('x', FlagRequest.MaxBytes) + "\"}}";
        var deep = "{\"context\":{\"targetingKey\":\"u\",\"more\":" + new string('[', 40) + new string(']', 40) + "}}";

        Assert.Equal("PARSE_ERROR", (await PostAsync("/recommendations", large)).Body.GetProperty("errorCode").GetString());
        Assert.Equal("PARSE_ERROR", (await PostAsync("/recommendations", deep)).Body.GetProperty("errorCode").GetString());
    }

    [Fact]
    public async Task All_flags_come_with_a_tag_that_saves_the_next_answer()
    {
        using var first = await SendAsync("", Context);
        var tag = first.Headers.ETag!;
        var body = JsonDocument.Parse(await first.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(["recommendations", "vouchers"], body.GetProperty("flags").EnumerateArray().Select(flag => flag.GetProperty("key").GetString()));

        using var unchanged = await SendAsync("", Context, tag.ToString());
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        Assert.Equal(tag, unchanged.Headers.ETag);
        Assert.Empty(await unchanged.Content.ReadAsByteArrayAsync());

        using var bare = await SendAsync("", Context, tag.Tag.Trim('"'));
        Assert.Equal(HttpStatusCode.NotModified, bare.StatusCode);

        Kill("vouchers");
        using var changed = await SendAsync("", Context, tag.ToString());
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.NotEqual(tag, changed.Headers.ETag);
    }

    [Fact]
    public async Task Before_the_flags_are_read_it_does_not_say_that_there_are_none()
    {
        await using var fresh = await StartAsync(new SwitchBoard(), _tokens);
        using var http = fresh.GetTestClient();
        http.DefaultRequestHeaders.Authorization = _http.DefaultRequestHeaders.Authorization;

        foreach (var path in new[] { "/recommendations", "" })
        {
            using var body = new StringContent(Context, Encoding.UTF8, "application/json");
            using var response = await http.PostAsync("/ofrep/v1/evaluate/flags" + path, body);
            Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
            Assert.Contains("errorDetails", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_token_is_needed_in_either_of_its_headers()
    {
        _http.DefaultRequestHeaders.Authorization = null;
        using var without = await SendAsync("", Context);
        Assert.Equal(HttpStatusCode.Unauthorized, without.StatusCode);

        _http.DefaultRequestHeaders.Add("X-API-Key", _tokens.Issue("app", Role.Viewer));
        using var with = await SendAsync("", Context);
        Assert.Equal(HttpStatusCode.OK, with.StatusCode);
    }

    private static KillSwitch Switch(string key) =>
        new() { Key = key, Owner = "commerce", TurnsOff = key, ChangedAt = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero) };

    private void Kill(string key)
    {
        var value = Switch(key);
        value.Kill("ann", "too slow", value.ChangedAt.AddMinutes(1));
        _switches.Set(value);
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string path, string body)
    {
        using var response = await SendAsync(path, body);
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }

    private async Task<HttpResponseMessage> SendAsync(string path, string body, string? tag = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/ofrep/v1/evaluate/flags" + path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (tag is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", tag);
        }

        return await _http.SendAsync(request);
    }

    private static async Task<WebApplication> StartAsync(SwitchBoard switches, ServiceTokens tokens)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseTestServer();
        builder.Services.AddRouting();
        builder.Services.AddSingleton(switches).AddSingleton(tokens);
        builder.Services.AddAuthentication(TokenHandler.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, TokenHandler>(TokenHandler.SchemeName, null);
        builder.Services.AddAuthorizationBuilder().AddPermissionPolicies();
        var app = builder.Build();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapOfrep();
        await app.StartAsync();
        return app;
    }
}
