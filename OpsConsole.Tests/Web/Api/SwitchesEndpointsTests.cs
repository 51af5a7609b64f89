using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OpsConsole.Core.Access;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Web.Api;

public sealed class SwitchesEndpointsTests
{
    private const string Targeting = "switches/recommendations/environments/production/targeting";

    [Fact]
    public async Task A_switch_is_killed_and_restored_in_one_environment()
    {
        await using var api = await ActionsApi.StartAsync();

        var (answer, kill) = await api.PostAsync("switches/recommendations/kill", new { reason = "errors grow", environment = "production" });

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal("production", kill.GetProperty("environment").GetString());
        await Eventually.TrueAsync(async () => (await api.GetAsync($"actions/{kill.GetProperty("id").GetString()}")).Body.GetProperty("phase").GetString() == "confirmed");
        var (_, value) = await api.GetAsync("switches/recommendations");
        Assert.False(value.GetProperty("killed").GetBoolean());
        var place = Assert.Single(value.GetProperty("environments").EnumerateArray());
        Assert.Equal(("production", true), (place.GetProperty("environment").GetString(), place.GetProperty("killed").GetBoolean()));
        Assert.Equal(HttpStatusCode.Accepted, (await api.PostAsync("switches/recommendations/restore", new { reason = "fixed", environment = "production" })).Answer.StatusCode);
    }

    [Fact]
    public async Task An_environment_that_cannot_be_read_kills_nothing_by_mistake()
    {
        await using var api = await ActionsApi.StartAsync();

        Assert.Equal(HttpStatusCode.BadRequest, (await api.PostAsync("switches/recommendations/kill", new { reason = "errors grow", enviroment = "production" })).Answer.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await api.GetAsync("switches/no-such-switch")).Answer.StatusCode);
    }

    [Fact]
    public async Task A_kill_while_the_record_is_away_is_accepted_and_says_so()
    {
        await using var api = await ActionsApi.StartAsync();
        api.Record.Away = true;

        var (answer, kill) = await api.PostAsync("switches/recommendations/kill", new { reason = "errors grow" });

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Contains("on the record when the database is back", kill.GetProperty("outcome").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await api.PostAsync("switches/recommendations/restore", new { reason = "fixed" })).Answer.StatusCode);
    }

    [Fact]
    public async Task Targeting_is_put_with_the_revision_that_was_seen()
    {
        await using var api = await ActionsApi.StartAsync();

        var (made, place) = await PutAsync(api, new { targeting = new { rules = Array.Empty<object>(), percent = 5 }, revision = 0, reason = "try it" });
        var (stale, problem) = await PutAsync(api, new { targeting = (object?)null, revision = 0, reason = "all of them" });
        var (again, everyone) = await PutAsync(api, new { targeting = (object?)null, revision = 1, reason = "all of them" });

        Assert.Equal((HttpStatusCode.OK, 1), (made, place.GetProperty("revision").GetInt32()));
        Assert.Equal(HttpStatusCode.Conflict, stale);
        Assert.Contains("to on for 5 %", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, 100), (again, everyone.GetProperty("targeting").GetProperty("percent").GetInt32()));
    }

    [Theory]
    [InlineData("""{"revision":0,"reason":"try it"}""", "targeting")]
    [InlineData("""{"targeting":{"rules":[],"percent":5},"reason":"try it"}""", "revision")]
    [InlineData("""{"targeting":{"rules":[],"percent":500},"revision":0,"reason":"try it"}""", "targeting.percent")]
    [InlineData("""{"targeting":{"percent":5},"revision":0,"reason":"try it"}""", "targeting")]
    [InlineData("""{"targeting":[],"revision":0,"reason":"try it"}""", "targeting")]
    public async Task A_targeting_that_cannot_be_used_says_where(string body, string path)
    {
        await using var api = await ActionsApi.StartAsync();

        var answer = await api.Http.PutAsync(new Uri("/api/v1/" + Targeting, UriKind.Relative), new StringContent(body, System.Text.Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.True((await ActionsApi.BodyAsync(answer)).GetProperty("errors").TryGetProperty(path, out _));
        Assert.Empty(await api.Record.EnvironmentsAsync("recommendations", default));
    }

    [Fact]
    public async Task Switches_are_made_put_away_and_taken_out_again()
    {
        await using var api = await ActionsApi.StartAsync();

        var (made, value) = await api.PostAsync("switches", new { key = "new-checkout", owner = "commerce", turnsOff = "the new checkout" });
        var (away, archived) = await DeleteAsync(api, "switches/new-checkout", new { reason = "not used any more" });
        var (back, served) = await api.PostAsync("switches/new-checkout/unarchive", new { reason = "needed after all" });

        Assert.Equal((HttpStatusCode.Created, "new-checkout"), (made.StatusCode, value.GetProperty("key").GetString()));
        Assert.Equal((HttpStatusCode.OK, JsonValueKind.String), (away, archived.GetProperty("archivedAt").ValueKind));
        Assert.Equal((HttpStatusCode.OK, JsonValueKind.Null), (back.StatusCode, served.GetProperty("archivedAt").ValueKind));
        Assert.Equal(HttpStatusCode.Conflict, (await api.PostAsync("switches", new { key = "new-checkout", owner = "commerce", turnsOff = "again" })).Answer.StatusCode);
    }

    [Fact]
    public async Task On_call_kills_but_does_not_target()
    {
        await using var api = await ActionsApi.StartAsync();
        api.As(Role.OnCall);

        Assert.Equal(HttpStatusCode.Forbidden, (await PutAsync(api, new { targeting = (object?)null, revision = 0, reason = "try it" })).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await DeleteAsync(api, "switches/recommendations", new { reason = "not used" })).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await api.PostAsync("switches/recommendations/kill", new { reason = "errors grow" })).Answer.StatusCode);
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> PutAsync(ActionsApi api, object body)
    {
        var answer = await api.Http.PutAsJsonAsync(new Uri("/api/v1/" + Targeting, UriKind.Relative), body);
        return (answer.StatusCode, await ActionsApi.BodyAsync(answer));
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> DeleteAsync(ActionsApi api, string path, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, new Uri("/api/v1/" + path, UriKind.Relative)) { Content = JsonContent.Create(body) };
        var answer = await api.Http.SendAsync(request);
        return (answer.StatusCode, await ActionsApi.BodyAsync(answer));
    }
}
