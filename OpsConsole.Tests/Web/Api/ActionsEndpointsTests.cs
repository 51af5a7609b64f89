using System.Net;
using System.Text;
using System.Text.Json;
using OpsConsole.Core.Access;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Web.Api;

public sealed class ActionsEndpointsTests
{
    [Fact]
    public async Task An_accepted_action_is_202_with_its_address_and_ends_confirmed()
    {
        await using var api = await ActionsApi.StartAsync();
        var release = await api.ReleaseAsync();

        var (answer, body) = await api.PostAsync($"releases/{release.Id}/actions/rollback", new { reason = "errors over 1 %", seenVersion = api.Board.Find(release.Id)!.SnapshotVersion, confirmation = "shop" });

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var id = body.GetProperty("id").GetGuid();
        Assert.Equal($"/api/v1/actions/{id}", answer.Headers.Location!.OriginalString);
        Assert.Equal(("rollback", "executing"), (body.GetProperty("verb").GetString(), body.GetProperty("phase").GetString()));
        await Eventually.TrueAsync(async () => (await api.GetAsync($"actions/{id}")).Body.GetProperty("phase").GetString() == "confirmed");
        var (_, action) = await api.GetAsync($"actions/{id}");
        Assert.True(action.GetProperty("secondsToConfirmed").GetDouble() >= 0);
        Assert.Equal(5, action.GetProperty("evidence").GetProperty("gates").GetArrayLength());
        Assert.Equal(0, api.Target.State.ExposurePercent);
        var (_, story) = await api.GetAsync($"releases/{release.Id}");
        Assert.Equal("rolledBack", story.GetProperty("phase").GetString());
        Assert.Equal(["actionRequested", "rolledBack"], story.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("kind").GetString()!));
        Assert.Equal("http_5xx_rate", story.GetProperty("live").GetProperty("signals")[0].GetProperty("key").GetString());
        Assert.Equal(id, story.GetProperty("actions")[0].GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task A_refused_action_is_409_with_every_refusal()
    {
        await using var api = await ActionsApi.StartAsync();
        var release = await api.ReleaseAsync();

        var (answer, body) = await api.PostAsync($"releases/{release.Id}/actions/rollback", new { reason = "x", seenVersion = 1, confirmation = "shopp" });

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(
            ["stale-seen-version", "reason-too-short", "wrong-confirmation"],
            body.GetProperty("refusals").EnumerateArray().Select(r => r.GetProperty("code").GetString()!));
        Assert.All(body.GetProperty("refusals").EnumerateArray(), r => Assert.NotEmpty(r.GetProperty("sentence").GetString()!));
    }

    [Theory]
    [InlineData("promote")]
    [InlineData("halt")]
    [InlineData("resume")]
    [InlineData("rollback")]
    public async Task A_role_that_may_not_is_403_and_on_the_record(string verb)
    {
        await using var api = await ActionsApi.StartAsync();
        var release = await api.ReleaseAsync();
        api.As(Role.Viewer);

        var (answer, body) = await api.PostAsync($"releases/{release.Id}/actions/{verb}", new { reason = "just trying" });

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("ask someone who is", body.GetProperty("detail").GetString(), StringComparison.Ordinal);
        var (_, audit) = await api.GetAsync($"audit?outcome=refused&event={verb}");
        Assert.Equal(1, audit.GetProperty("total").GetInt64());
        Assert.Equal("viewer", audit.GetProperty("items")[0].GetProperty("role").GetString());
    }

    [Fact]
    public async Task Nobody_signed_in_is_401()
    {
        await using var api = await ActionsApi.StartAsync();
        api.AsNobody();

        Assert.Equal(HttpStatusCode.Unauthorized, (await api.PostAsync($"releases/{Guid.NewGuid()}/actions/halt", new { reason = "errors" })).Answer.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await api.GetAsync("audit")).Answer.StatusCode);
    }

    [Fact]
    public async Task What_is_not_there_is_404()
    {
        await using var api = await ActionsApi.StartAsync();
        foreach (var path in new[] { $"releases/{Guid.NewGuid()}/actions/halt", "switches/nothing/kill" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await api.PostAsync(path, new { reason = "errors" })).Answer.StatusCode);
        }

        foreach (var path in new[] { $"releases/{Guid.NewGuid()}", $"actions/{Guid.NewGuid()}", "releases/not-an-id" })
        {
            var (answer, _) = await api.GetAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        }
    }

    [Theory]
    [InlineData("{", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("null", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("[]", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("""{"reason":5}""", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("""{"reason":"errors","seenVersion":"many"}""", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("reason=errors", "application/x-www-form-urlencoded", HttpStatusCode.UnsupportedMediaType)]
    public async Task A_body_that_cannot_be_read_is_said_so(string body, string type, HttpStatusCode expected)
    {
        await using var api = await ActionsApi.StartAsync();
        var release = await api.ReleaseAsync();

        using var answer = await api.Http.PostAsync(new Uri($"/api/v1/releases/{release.Id}/actions/halt", UriKind.Relative), new StringContent(body, Encoding.UTF8, type));

        Assert.Equal(expected, answer.StatusCode);
        Assert.NotEmpty((await ActionsApi.BodyAsync(answer)).GetProperty("detail").GetString()!);
        Assert.Empty(api.Target.Asked);
    }

    [Fact]
    public async Task A_huge_body_is_413()
    {
        await using var api = await ActionsApi.StartAsync();
        var release = await api.ReleaseAsync();

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await api.PostAsync($"releases/{release.Id}/actions/halt", new { reason = new string('x', 20_000) })).Answer.StatusCode);
    }

    [Fact]
    public async Task While_the_record_is_away_it_is_503_and_nothing_is_done()
    {
        await using var api = await ActionsApi.StartAsync();
        var release = await api.ReleaseAsync();
        api.Record.Away = true;

        var (answer, body) = await api.PostAsync($"releases/{release.Id}/actions/halt", new { reason = "errors grow" });

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("nothing was done", body.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await api.GetAsync($"releases/{release.Id}")).Answer.StatusCode);
        Assert.Empty(api.Target.Asked);
        api.Record.Away = false;
        Assert.Equal(HttpStatusCode.Accepted, (await api.PostAsync($"releases/{release.Id}/actions/halt", new { reason = "errors grow" })).Answer.StatusCode);
    }

    [Fact]
    public async Task A_switch_is_killed_restored_and_listed()
    {
        await using var api = await ActionsApi.StartAsync();
        api.As(Role.OnCall);

        Assert.Equal(HttpStatusCode.Accepted, (await api.PostAsync("switches/recommendations/kill", new { reason = "errors grow" })).Answer.StatusCode);
        Assert.True((await api.GetAsync("switches")).Body.GetProperty("items")[0].GetProperty("killed").GetBoolean());
        await Eventually.TrueAsync(async () => (await api.GetAsync("audit?event=kill&outcome=confirmed")).Body.GetProperty("total").GetInt64() == 1);
        Assert.Equal(HttpStatusCode.Accepted, (await api.PostAsync("switches/recommendations/restore", new { reason = "fixed" })).Answer.StatusCode);
        Assert.False((await api.GetAsync("switches")).Body.GetProperty("items")[0].GetProperty("killed").GetBoolean());
    }

    [Fact]
    public async Task The_schedule_takes_up_what_a_crash_left()
    {
        await using var api = await ActionsApi.StartAsync();
        var release = await api.ReleaseAsync();
        var left = new OpsConsole.Core.Actions.Gate.ReleaseAction
        {
            Id = Guid.CreateVersion7(), Verb = OpsConsole.Core.Actions.Gate.ActionVerb.Halt, ReleaseId = release.Id, Service = "shop", Target = "gateway", Environment = "production",
            Version = "2.15.0", RequestedBy = "ana", Role = "OnCall", Reason = "errors", ToExposure = 25, EvidenceJson = "{}", EvidenceSeal = "",
            RequestedAt = TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(1),
        };
        left.Move(OpsConsole.Core.Actions.Gate.ActionPhase.Executing, left.RequestedAt);
        api.Record.Put(left);

        await Eventually.TrueAsync(
            async () => (await api.GetAsync($"actions/{left.Id}")).Body.GetProperty("phase").GetString() == "confirmed", TimeSpan.FromSeconds(20));
        Assert.True(api.Target.State.Halted);
    }

    [Fact]
    public async Task The_api_document_names_every_address_with_its_answers()
    {
        await using var api = await ActionsApi.StartAsync();
        using var document = JsonDocument.Parse(await api.Http.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)));
        var paths = document.RootElement.GetProperty("paths");

        foreach (var verb in new[] { "promote", "halt", "resume", "rollback" })
        {
            var post = paths.GetProperty($"/api/v1/releases/{{id}}/actions/{verb}").GetProperty("post");
            Assert.NotEmpty(post.GetProperty("summary").GetString()!);
            Assert.True(post.GetProperty("responses").TryGetProperty("409", out _));
            Assert.True(post.TryGetProperty("requestBody", out _));
        }

        Assert.True(paths.TryGetProperty("/api/v1/switches/{key}/kill", out _));
        Assert.Equal(
            ["actor", "event", "outcome", "subject", "from", "to", "skip", "take"],
            paths.GetProperty("/api/v1/audit").GetProperty("get").GetProperty("parameters").EnumerateArray().Select(p => p.GetProperty("name").GetString()!));
        var take = paths.GetProperty("/api/v1/releases").GetProperty("get").GetProperty("parameters").EnumerateArray().Single(p => p.GetProperty("name").GetString() == "take");
        Assert.Equal(("query", 200), (take.GetProperty("in").GetString(), take.GetProperty("schema").GetProperty("maximum").GetInt32()));
        Assert.Equal("bearer", document.RootElement.GetProperty("components").GetProperty("securitySchemes").GetProperty("bearer").GetProperty("scheme").GetString());
        Assert.True(document.RootElement.GetProperty("security")[0].TryGetProperty("bearer", out _));
    }

    [Fact]
    public async Task A_compressed_body_is_refused_in_words()
    {
        await using var api = await ActionsApi.StartAsync();
        using var body = new StringContent("{}", System.Text.Encoding.UTF8, "application/json");
        body.Headers.ContentEncoding.Add("gzip");

        using var answer = await api.Http.PostAsync(new Uri("/api/v1/releases", UriKind.Relative), body);

        Assert.Equal(System.Net.HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
        Assert.Contains("without compression", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
