using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using OpsConsole.Core.Access;
using OpsConsole.Tests.Core.Policies.Text;

namespace OpsConsole.Tests.Web.Api;

public sealed class PoliciesEndpointsTests
{
    private const string Good = "canary:\n  auto_rollback_if:\n    - http_5xx_rate > 1% for 5m\n";

    [Fact]
    public async Task A_text_is_checked_and_its_model_shown()
    {
        await using var api = await ActionsApi.StartAsync();
        api.As(Role.Viewer);

        var (answer, body) = await SendAsync(api, HttpMethod.Post, "policies/check", PolicyExamples.Canary);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(0, body.GetProperty("errors").GetArrayLength());
        var canary = body.GetProperty("policy").GetProperty("canary");
        Assert.Equal([5d, 25d, 50d, 100d], canary.GetProperty("stages").EnumerateArray().Select(s => s.GetProperty("exposurePercent").GetDouble()));
        Assert.Equal("syntheticChecksPass", canary.GetProperty("promoteIf")[0].GetString());
    }

    [Fact]
    public async Task Faults_are_answered_with_line_and_column()
    {
        await using var api = await ActionsApi.StartAsync();

        var (answer, body) = await SendAsync(api, HttpMethod.Post, "policies/check", "relase: {}\n", "text/yaml; charset=utf-8");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var error = Assert.Single(body.GetProperty("errors").EnumerateArray());
        Assert.Equal((1, 1, "Did you mean 'release'?"), (error.GetProperty("line").GetInt32(), error.GetProperty("column").GetInt32(), error.GetProperty("suggestion").GetString()));
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
        Assert.Equal(JsonValueKind.Null, body.GetProperty("policy").ValueKind);
    }

    [Fact]
    public async Task With_a_service_a_signal_must_be_provided()
    {
        await using var api = await ActionsApi.StartAsync();
        await api.ReleaseAsync();

        var (_, known) = await SendAsync(api, HttpMethod.Post, "policies/check?service=shop&target=gateway", Good);
        var (_, unknown) = await SendAsync(api, HttpMethod.Post, "policies/check?service=search", Good);

        Assert.Equal(0, known.GetProperty("errors").GetArrayLength());
        Assert.Contains("Nothing provides 'http_5xx_rate' for search", unknown.GetProperty("errors")[0].GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(300 * 1024, HttpStatusCode.OK)]
    [InlineData(2 * 1024 * 1024, HttpStatusCode.RequestEntityTooLarge)]
    public async Task A_bomb_is_answered_in_words(int bytes, HttpStatusCode status)
    {
        await using var api = await ActionsApi.StartAsync();

        var (answer, body) = await SendAsync(api, HttpMethod.Post, "policies/check", "# " + new string('x', bytes));

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(status == HttpStatusCode.OK, body.TryGetProperty("errors", out _));
    }

    [Theory]
    [InlineData("application/json", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("text/plain", HttpStatusCode.OK)]
    [InlineData("application/yaml", HttpStatusCode.OK)]
    public async Task The_body_is_yaml(string type, HttpStatusCode status)
    {
        await using var api = await ActionsApi.StartAsync();
        Assert.Equal(status, (await SendAsync(api, HttpMethod.Post, "policies/check", Good, type)).Answer.StatusCode);
    }

    [Fact]
    public async Task Saved_texts_are_versions_that_can_be_read_again()
    {
        await using var api = await ActionsApi.StartAsync();

        var (created, first) = await SendAsync(api, HttpMethod.Put, "policies/web?note=begun", Good);
        var (same, _) = await SendAsync(api, HttpMethod.Put, "policies/web", Good);
        await SendAsync(api, HttpMethod.Put, "policies/web", Good + "# more\n");

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (created.StatusCode, same.StatusCode));
        Assert.Equal((1, "begun", "mia"), (first.GetProperty("version").GetInt32(), first.GetProperty("note").GetString(), first.GetProperty("createdBy").GetString()));
        Assert.Equal(2, (await api.GetAsync("policies")).Body.GetProperty("items")[0].GetProperty("version").GetInt32());
        Assert.Equal([2, 1], (await api.GetAsync("policies/web")).Body.GetProperty("versions").EnumerateArray().Select(v => v.GetProperty("version").GetInt32()));
        Assert.Equal(Good, (await api.GetAsync("policies/web/versions/1")).Body.GetProperty("text").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await api.GetAsync("policies/web/versions/9")).Answer.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await api.GetAsync("policies/other")).Answer.StatusCode);
    }

    [Fact]
    public async Task A_text_with_faults_is_not_saved()
    {
        await using var api = await ActionsApi.StartAsync();

        var (answer, body) = await SendAsync(api, HttpMethod.Put, "policies/web", "canary:\n  stages: 5%\n");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Equal(2, body.GetProperty("errors")[0].GetProperty("line").GetInt32());
        Assert.Equal(0, (await api.GetAsync("policies")).Body.GetProperty("items").GetArrayLength());
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(api, HttpMethod.Put, "policies/new", Good)).Answer.StatusCode);
    }

    [Fact]
    public async Task Who_may_read_may_not_write()
    {
        await using var api = await ActionsApi.StartAsync();
        api.As(Role.OnCall);
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(api, HttpMethod.Put, "policies/web", Good)).Answer.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("policies")).Answer.StatusCode);

        api.AsNobody();
        Assert.Equal(HttpStatusCode.Unauthorized, (await api.GetAsync("policies")).Answer.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("policies/schema")).Answer.StatusCode);
    }

    [Fact]
    public async Task A_registration_with_a_policy_tells_faults_by_line_and_the_story_has_its_text()
    {
        await using var api = await ActionsApi.StartAsync();
        object Registration(string policy) => new
        {
            service = "shop", target = "gateway", environment = "production", version = "2.15.0", previousVersion = "2.14.3", owner = "commerce", policy,
            artifact = new { digest = "sha256:" + new string('a', 64), commit = "abc1234" },
        };

        var (refused, faults) = await api.PostAsync("releases", Registration("canary:\n  stages: 5%\n"));
        var (created, release) = await api.PostAsync("releases", Registration(Good));

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.StartsWith("line 2, column 11:", faults.GetProperty("errors").GetProperty("policy")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal(Good, (await api.GetAsync("releases/" + release.GetProperty("id").GetString())).Body.GetProperty("policy").GetProperty("text").GetString());
    }

    private static async Task<(HttpResponseMessage Answer, JsonElement Body)> SendAsync(ActionsApi api, HttpMethod method, string path, string text, string type = "application/yaml")
    {
        using var request = new HttpRequestMessage(method, new Uri("/api/v1/" + path, UriKind.Relative)) { Content = new StringContent(text, Encoding.UTF8) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        var answer = await api.Http.SendAsync(request);
        return (answer, await ActionsApi.BodyAsync(answer));
    }
}
