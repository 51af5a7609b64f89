using System.Net;
using System.Text;
using System.Text.Json;
using OpsConsole.Core.Access;
using OpsConsole.Core.Releases;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Web.Api;

public sealed class ChangesEndpointsTests
{
    private const string Good = """{ "code": { "linesAdded": 120, "linesRemoved": 30 }, "secrets": [ { "name": "db.password", "change": "changed" } ] }""";

    [Fact]
    public async Task Said_once_it_stays()
    {
        await using var api = await ActionsApi.StartAsync();
        var release = Put(api, "2.15.0", "2.14.3", 0);

        var first = await PutAsync(api, release.Id, Good);
        var again = await PutAsync(api, release.Id, Good.Replace(" ", "", StringComparison.Ordinal));
        var other = await PutAsync(api, release.Id, Good.Replace("120", "121", StringComparison.Ordinal));

        Assert.Equal((HttpStatusCode.Created, "small"), (first.Status, first.Body.GetProperty("size").GetProperty("risk").GetString()));
        Assert.Equal(HttpStatusCode.OK, again.Status);
        Assert.Equal(HttpStatusCode.Conflict, other.Status);
        Assert.Contains("posted by mia", other.Body.GetProperty("detail").GetString(), StringComparison.Ordinal);
        var (_, read) = await api.GetAsync($"releases/{release.Id}/changes");
        Assert.Equal(120, read.GetProperty("changes").GetProperty("code").GetProperty("linesAdded").GetInt64());
    }

    [Fact]
    public async Task Between_two_releases_everything_is_summed_and_gaps_are_named()
    {
        await using var api = await ActionsApi.StartAsync();
        var (a, b, c, d) = (Put(api, "1", null, 0), Put(api, "2", "1", 1), Put(api, "3", "2", 2), Put(api, "4", "3", 3));
        await PutAsync(api, b.Id, Good);
        await PutAsync(api, d.Id, Good);

        var (_, body) = await api.GetAsync($"releases/{d.Id}/changes?since={a.Id}");

        Assert.Equal(300, body.GetProperty("size").GetProperty("lines").GetInt64());
        Assert.Equal("3", body.GetProperty("gaps")[0].GetProperty("version").GetString());
        Assert.Equal(c.Id, body.GetProperty("gaps")[0].GetProperty("releaseId").GetGuid());
        Assert.False(body.GetProperty("isComplete").GetBoolean());
        Assert.Equal(HttpStatusCode.BadRequest, (await api.GetAsync($"releases/{a.Id}/changes?since={d.Id}")).Answer.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await api.GetAsync($"releases/{a.Id}/changes?since=soon")).Answer.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await api.GetAsync($"releases/{d.Id}/changes?since={Guid.NewGuid()}")).Answer.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await api.GetAsync($"releases/{c.Id}/changes")).Answer.StatusCode);
    }

    [Theory]
    [InlineData("""{ "secrets": [ { "name": "ghp_abcdefghijklmnopqrstuvwxyz", "change": "added" } ] }""", "secrets[0].name")]
    [InlineData("""{ "secrets": [ { "name": "db", "value": "hunter2", "change": "added" } ] }""", "$.secrets[0].value")]
    [InlineData("""{ "code": { "linesAdded": 1 } }""", "code.linesRemoved")]
    [InlineData("""{ "code": { "linesAdded": 1.5, "linesRemoved": 0 } }""", "$.code.linesAdded")]
    [InlineData("{}", "Nothing is said")]
    [InlineData("[", "line 1")]
    public async Task What_is_wrong_is_said_with_its_path_and_nothing_is_kept(string body, string where)
    {
        await using var api = await ActionsApi.StartAsync();
        var release = Put(api, "2.15.0", null, 0);

        var (status, answer) = await PutAsync(api, release.Id, body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(where, answer.GetRawText().Replace("\\u0022", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await api.GetAsync($"releases/{release.Id}/changes")).Answer.StatusCode);
    }

    [Fact]
    public async Task It_needs_the_permission_to_register_a_release_that_is_there_and_a_body_within_bounds()
    {
        await using var api = await ActionsApi.StartAsync();
        var release = Put(api, "2.15.0", null, 0);

        Assert.Equal(HttpStatusCode.NotFound, (await PutAsync(api, Guid.NewGuid(), Good)).Status);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await PutAsync(api, release.Id, new string(' ', 1_100_000) + Good)).Status);
        api.As(Role.OnCall);
        Assert.Equal(HttpStatusCode.Forbidden, (await PutAsync(api, release.Id, Good)).Status);
    }

    [Fact]
    public async Task A_script_is_judged()
    {
        await using var api = await ActionsApi.StartAsync();
        api.As(Role.Viewer);

        var (status, body) = await CheckAsync(api, "migrations/check", "drop table s.t;");
        var server = await CheckAsync(api, "migrations/check?dialect=sqlserver", "DBCC SHRINKFILE (1)", "text/plain");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(("contract", true), (body.GetProperty("class").GetString(), body.GetProperty("advice").GetProperty("automaticBlocked").GetBoolean()));
        Assert.Contains(body.GetProperty("findings").EnumerateArray(), f => f.GetProperty("code").GetString() == "ban-drop-table" && f.GetProperty("effect").GetString() == "dataLost");
        Assert.Contains(server.Body.GetProperty("findings").EnumerateArray(), f => f.GetProperty("code").GetString() == "dbcc-shrink");
    }

    [Theory]
    [InlineData("migrations/check?dialect=oracle", "application/sql", HttpStatusCode.BadRequest)]
    [InlineData("migrations/check?dialect=0", "application/sql", HttpStatusCode.BadRequest)]
    [InlineData("migrations/check?version=-1", "application/sql", HttpStatusCode.BadRequest)]
    [InlineData("migrations/check?transaction=maybe", "application/sql", HttpStatusCode.BadRequest)]
    [InlineData("migrations/check", "application/json", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("migrations/check?dialect=", "application/sql", HttpStatusCode.BadRequest)]
    public async Task A_question_that_cannot_be_understood_is_refused(string path, string type, HttpStatusCode expected)
    {
        await using var api = await ActionsApi.StartAsync();

        Assert.Equal(expected, (await CheckAsync(api, path, "select 1", type)).Status);
    }

    [Fact]
    public async Task A_script_that_is_too_long_or_no_text_is_refused_and_an_unreadable_one_is_not_complete()
    {
        await using var api = await ActionsApi.StartAsync();

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await CheckAsync(api, "migrations/check", new string(' ', 1_100_000))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(api, HttpMethod.Post, "migrations/check", new ByteArrayContent([0xff, 0xfe, 0x00]), "application/sql")).Status);
        var (status, body) = await CheckAsync(api, "migrations/check", "selec 1");
        Assert.Equal((HttpStatusCode.OK, false), (status, body.GetProperty("isComplete").GetBoolean()));
    }

    private static Release Put(ActionsApi api, string version, string? before, int hour)
    {
        var r = Sample.Release(version: version, at: Sample.Noon.AddHours(hour));
        var release = new Release
        {
            Id = r.Id, Service = r.Service, Target = r.Target, Environment = r.Environment, Version = version, PreviousVersion = before, Artifact = r.Artifact,
            Owner = r.Owner, Stages = r.Stages, Signals = r.Signals, RegisteredAt = r.RegisteredAt,
        };
        api.Record.Put(release);
        return release;
    }

    private static Task<(HttpStatusCode Status, JsonElement Body)> PutAsync(ActionsApi api, Guid id, string body) =>
        SendAsync(api, HttpMethod.Put, $"releases/{id}/changes", new ByteArrayContent(Encoding.UTF8.GetBytes(body)), "application/json");

    private static Task<(HttpStatusCode Status, JsonElement Body)> CheckAsync(ActionsApi api, string path, string sql, string type = "application/sql") =>
        SendAsync(api, HttpMethod.Post, path, new ByteArrayContent(Encoding.UTF8.GetBytes(sql)), type);

    private static async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(ActionsApi api, HttpMethod method, string path, HttpContent content, string type)
    {
        content.Headers.ContentType = new(type);
        using var request = new HttpRequestMessage(method, new Uri("/api/v1/" + path, UriKind.Relative)) { Content = content };
        using var answer = await api.Http.SendAsync(request);
        return (answer.StatusCode, await ActionsApi.BodyAsync(answer));
    }
}
