using System.Net;
using System.Text;
using OpsConsole.Core.Access;

namespace OpsConsole.Tests.Web.Api;

public sealed class ReleasesEndpointsTests
{
    private const string Good = """
        {
          "service": "shop", "target": "gateway", "environment": "staging", "version": "2.16.0", "previousVersion": "2.15.0",
          "artifact": { "digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "commit": "def5678" },
          "owner": "commerce", "migration": "expand",
          "stages": [ { "exposurePercent": 10, "holdSeconds": 60 }, { "exposurePercent": 100, "holdSeconds": 0 } ],
          "signals": [ { "key": "http_5xx_rate" }, { "key": "cart_size", "family": "business", "unit": "count", "better": "higher", "deltaLimit": 10 } ]
        }
        """;

    [Fact]
    public async Task A_registered_release_is_201_with_its_address_and_in_the_history()
    {
        await using var api = await ActionsApi.StartAsync();

        using var answer = await PostAsync(api, Good);
        var body = await ActionsApi.BodyAsync(answer);

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var id = body.GetProperty("id").GetGuid();
        Assert.Equal($"/api/v1/releases/{id}", answer.Headers.Location!.OriginalString);
        Assert.Equal(("registered", "expand"), (body.GetProperty("phase").GetString(), body.GetProperty("migration").GetString()));
        Assert.Contains("Nothing measures shop on gateway, staging", Assert.Single(body.GetProperty("warnings").EnumerateArray()).GetString(), StringComparison.Ordinal);
        var (_, page) = await api.GetAsync("releases?service=shop&take=1");
        Assert.Equal((1, id), (page.GetProperty("total").GetInt64(), page.GetProperty("items")[0].GetProperty("id").GetGuid()));
        using var again = await PostAsync(api, Good);
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        Assert.Equal(id, (await ActionsApi.BodyAsync(again)).GetProperty("existing").GetGuid());
    }

    [Fact]
    public async Task A_faulty_registration_is_400_with_every_fault_at_its_path()
    {
        await using var api = await ActionsApi.StartAsync();

        using var answer = await PostAsync(api, Good.Replace("\"staging\"", "\"a b\"", StringComparison.Ordinal).Replace("\"exposurePercent\": 10,", "\"exposurePercent\": 0,", StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var errors = (await ActionsApi.BodyAsync(answer)).GetProperty("errors");
        Assert.True(errors.TryGetProperty("environment", out _));
        Assert.True(errors.TryGetProperty("stages[0].exposurePercent", out _));
    }

    [Theory]
    [InlineData("""{"service":"shop"}""", "target: Must be")]
    [InlineData("""{"service":"shop"}""", "artifact: Is missing")]
    [InlineData("""{"service":"shop","migration":"wild"}""", "$.migration")]
    [InlineData("""{"service":"shop","stages":[{"exposurePercent":100,"holdSecs":5}]}""", "$.stages[0].holdSecs")]
    [InlineData("""{"service":"shop","previousVersoin":"1.0"}""", "$.previousVersoin")]
    [InlineData("""{"service":"shop","service":"search"}""", "$.service")]
    [InlineData("{", "line 1")]
    public async Task A_body_that_cannot_be_read_says_where(string body, string where)
    {
        await using var api = await ActionsApi.StartAsync();

        using var answer = await PostAsync(api, body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(where, (await ActionsApi.BodyAsync(answer)).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Registering_needs_its_permission()
    {
        await using var api = await ActionsApi.StartAsync();
        api.As(Role.OnCall);
        using var answer = await PostAsync(api, Good);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Theory]
    [InlineData("releases?phase=flying", "phase", "rollingOut")]
    [InlineData("releases?phase=1", "phase", "rollingOut")]
    [InlineData("releases?take=0", "take", "1 to 200")]
    [InlineData("releases?take=201", "take", "1 to 200")]
    [InlineData("releases?skip=-1", "skip", "whole number")]
    [InlineData("releases?from=yesterday", "from", "ISO 8601")]
    [InlineData("audit?take=many", "take", "1 to 200")]
    [InlineData("audit?subject=%00", "subject", "control characters")]
    [InlineData("audit?actor=a%0Ab", "actor", "control characters")]
    [InlineData("releases?search=%00", "search", "control characters")]
    [InlineData("audit?to=never", "to", "ISO 8601")]
    public async Task A_query_that_cannot_be_understood_is_400_and_says_what_is_right(string path, string parameter, string right)
    {
        await using var api = await ActionsApi.StartAsync();

        var (answer, body) = await api.GetAsync(path);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(right, body.GetProperty("errors").GetProperty(parameter)[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task History_is_filtered_by_phase_and_paged()
    {
        await using var api = await ActionsApi.StartAsync();
        await api.ReleaseAsync();

        Assert.Equal(1, (await api.GetAsync("releases?phase=rollingOut")).Body.GetProperty("items").GetArrayLength());
        Assert.Equal(0, (await api.GetAsync("releases?phase=rollingOut&skip=1")).Body.GetProperty("items").GetArrayLength());
        Assert.Equal(0, (await api.GetAsync("releases?phase=done")).Body.GetProperty("total").GetInt64());
    }

    private static Task<HttpResponseMessage> PostAsync(ActionsApi api, string body) =>
        api.Http.PostAsync(new Uri("/api/v1/releases", UriKind.Relative), new StringContent(body, Encoding.UTF8, "application/json"));
}
