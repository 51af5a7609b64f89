using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OpsConsole.Core.Switches;
using OpsConsole.Web.Api;

namespace OpsConsole.Tests.Web.Api.Flags;

/// <summary>The contract of the OpenFeature Remote Evaluation Protocol, over HTTP.</summary>
public sealed class OfrepTests : IAsyncLifetime
{
    private const string Context = FlagServer.Context;

    private static readonly Targeting GoldAndTenth = new([new("gold", [new("plan", TargetingOperator.In, ["gold"])], 100)], 10);

    private FlagServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await FlagServer.StartAsync();

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task One_flag_has_the_shape_of_the_protocol()
    {
        var (status, body) = await _server.PostAsync("/recommendations", Context);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("recommendations", body.GetProperty("key").GetString());
        Assert.True(body.GetProperty("value").GetBoolean());
        Assert.Equal("STATIC", body.GetProperty("reason").GetString());
        Assert.Equal("on", body.GetProperty("variant").GetString());
        Assert.Equal(["turnsOff", "changedAt"], body.GetProperty("metadata").EnumerateObject().Select(m => m.Name));
    }

    [Fact]
    public async Task A_killed_flag_is_false_and_still_a_success_also_for_who_brings_no_key()
    {
        _server.Target("recommendations", "production", GoldAndTenth);
        _server.Kill("recommendations");

        foreach (var body in (string[])[Context, """{"context":{}}"""])
        {
            var (status, flag) = await _server.PostAsync("/recommendations", body);
            Assert.Equal(HttpStatusCode.OK, status);
            Assert.False(flag.GetProperty("value").GetBoolean());
            Assert.Equal(("STATIC", "off"), (flag.GetProperty("reason").GetString(), flag.GetProperty("variant").GetString()));
        }

        Assert.True((await _server.PostAsync("/vouchers", Context)).Body.GetProperty("value").GetBoolean());
    }

    [Fact]
    public async Task Targeting_decides_with_its_reasons_and_says_where_a_key_is_missing()
    {
        _server.Target("recommendations", "production", GoldAndTenth);

        var gold = (await _server.PostAsync("/recommendations", """{"context":{"plan":"gold"}}""")).Body;
        Assert.Equal(("TARGETING_MATCH", true, "on"), (gold.GetProperty("reason").GetString(), gold.GetProperty("value").GetBoolean(), gold.GetProperty("variant").GetString()));

        var split = (await _server.PostAsync("/recommendations", Context)).Body;
        Assert.Equal(("SPLIT", FlagBuckets.Of("recommendations", "user-1") < 10_000), (split.GetProperty("reason").GetString(), split.GetProperty("value").GetBoolean()));

        var (status, missing) = await _server.PostAsync("/recommendations", """{"context":{"plan":"silver"}}""");
        Assert.Equal((HttpStatusCode.BadRequest, "TARGETING_KEY_MISSING"), (status, missing.GetProperty("errorCode").GetString()));

        var (all, bulk) = await _server.PostAsync("", """{"context":{"plan":"silver"}}""");
        Assert.Equal(HttpStatusCode.OK, all);
        var flags = bulk.GetProperty("flags").EnumerateArray().ToDictionary(f => f.GetProperty("key").GetString()!);
        Assert.Equal("TARGETING_KEY_MISSING", flags["recommendations"].GetProperty("errorCode").GetString());
        Assert.True(flags["vouchers"].GetProperty("value").GetBoolean());
        Assert.Equal("production", bulk.GetProperty("metadata").GetProperty("environment").GetString());
        Assert.False(bulk.TryGetProperty("eventStreams", out _));
    }

    [Fact]
    public async Task An_unknown_flag_is_not_found_and_an_archived_one_is_gone_from_both_answers()
    {
        var (status, body) = await _server.PostAsync("/nothing", Context);
        Assert.Equal((HttpStatusCode.NotFound, "nothing", "FLAG_NOT_FOUND"), (status, body.GetProperty("key").GetString(), body.GetProperty("errorCode").GetString()));

        _server.Archive("vouchers");

        Assert.Equal("FLAG_NOT_FOUND", (await _server.PostAsync("/vouchers", Context)).Body.GetProperty("errorCode").GetString());
        Assert.Equal(["recommendations"], (await _server.PostAsync("", Context)).Body.GetProperty("flags").EnumerateArray().Select(f => f.GetProperty("key").GetString()));
    }

    [Theory]
    [InlineData("", "PARSE_ERROR")]
    [InlineData("{", "PARSE_ERROR")]
    [InlineData("[]", "PARSE_ERROR")]
    [InlineData("null", "PARSE_ERROR")]
    [InlineData("{}", "INVALID_CONTEXT")]
    [InlineData("""{"context":7}""", "INVALID_CONTEXT")]
    [InlineData("""{"context":{"targetingKey":7}}""", "INVALID_CONTEXT")]
    [InlineData("""{"context":{"a":1,"a":1}}""", "INVALID_CONTEXT")]
    [InlineData("""{"context":{"a":"\u0000"}}""", "INVALID_CONTEXT")]
    [InlineData("""{"context":{"a":"\udc00"}}""", "INVALID_CONTEXT")]
    [InlineData("""{"context":{"a":1e999}}""", "INVALID_CONTEXT")]
    public async Task Bad_bodies_are_told_apart(string text, string code)
    {
        var (one, flag) = await _server.PostAsync("/recommendations", text);
        var (all, bulk) = await _server.PostAsync("", text);

        Assert.Equal(HttpStatusCode.BadRequest, one);
        Assert.Equal(HttpStatusCode.BadRequest, all);
        Assert.Equal("recommendations", flag.GetProperty("key").GetString());
        Assert.Equal(code, flag.GetProperty("errorCode").GetString());
        Assert.Equal(code, bulk.GetProperty("errorCode").GetString());
        Assert.NotEmpty(bulk.GetProperty("errorDetails").GetString()!);
    }

    [Fact]
    public async Task Large_and_deep_bodies_are_refused()
    {
        var large = "{\"context\":{\"targetingKey\":\"u\",\"more\":\"" + new string('x', ContextReader.MaxBytes) + "\"}}";
        var deep = "{\"context\":{\"targetingKey\":\"u\",\"more\":" + new string('[', 40) + new string(']', 40) + "}}";

        foreach (var body in (string[])[large, deep, new string('{', 1_000_000)])
        {
            Assert.Equal("PARSE_ERROR", (await _server.PostAsync("/recommendations", body)).Body.GetProperty("errorCode").GetString());
            Assert.Equal("PARSE_ERROR", (await _server.PostAsync("", body)).Body.GetProperty("errorCode").GetString());
        }
    }

    [Fact]
    public async Task All_flags_come_with_a_tag_that_saves_the_next_answer()
    {
        using var first = await _server.SendAsync("", Context);
        var tag = first.Headers.ETag!;
        Assert.Matches("^\"[0-9a-f]{24}\\.[0-9a-f]{16}\"$", tag.Tag);
        var body = JsonDocument.Parse(await first.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(["recommendations", "vouchers"], body.GetProperty("flags").EnumerateArray().Select(flag => flag.GetProperty("key").GetString()));

        foreach (var form in (string[])[tag.Tag, tag.Tag.Trim('"'), "W/" + tag.Tag, "\"other\", " + tag.Tag, tag.Tag.Insert(tag.Tag.Length - 1, "-gzip")])
        {
            using var unchanged = await _server.SendAsync("?flagConfigEtag=abc&flagConfigLastModified=1771622898", Context, form);
            Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
            Assert.Equal(tag, unchanged.Headers.ETag);
            Assert.Empty(await unchanged.Content.ReadAsByteArrayAsync());
        }

        _server.Kill("vouchers");
        using var changed = await _server.SendAsync("", Context, tag.Tag);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.NotEqual(AnswerPart(tag), AnswerPart(changed.Headers.ETag!));
        Assert.Equal(ClientPart(tag), ClientPart(changed.Headers.ETag!));
    }

    [Fact]
    public async Task Tags_are_of_one_environment_and_of_what_the_context_is_answered()
    {
        var (there, here) = (_server.Client("staging").Token, _server.Client("production").Token);
        _server.As(here);
        using var before = await _server.SendAsync("", Context);

        _server.Kill("vouchers", "staging");
        _server.Target("recommendations", "staging", new Targeting([], 50));

        using var same = await _server.SendAsync("", Context, before.Headers.ETag!.Tag);
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        _server.As(there);
        using var other = await _server.SendAsync("", Context, before.Headers.ETag!.Tag);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);

        var (inside, outside) = (Key(inside: true), Key(inside: false));
        using var one = await _server.SendAsync("", inside);
        using var second = await _server.SendAsync("", outside, one.Headers.ETag!.Tag);
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        using var again = await _server.SendAsync("", inside, one.Headers.ETag!.Tag);
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
    }

    [Fact]
    public async Task A_flag_client_reads_its_environment_and_others_may_name_one()
    {
        _server.Kill("vouchers", "staging");
        Assert.True(await ValueAsync("/vouchers"));
        Assert.False(await ValueAsync("/vouchers?environment=staging"));
        Assert.False(await ValueAsync("/vouchers", ("X-Environment", "staging")));
        Assert.Equal(HttpStatusCode.BadRequest, (await _server.PostAsync("/vouchers?environment=St%20aging", Context)).Status);

        _server.As(_server.Client("staging").Token);
        Assert.False(await ValueAsync("/vouchers"));
        Assert.False(await ValueAsync("/vouchers?environment=staging"));
        var (status, refused) = await _server.PostAsync("/vouchers?environment=production", Context);
        Assert.Equal((HttpStatusCode.Forbidden, "GENERAL"), (status, refused.GetProperty("errorCode").GetString()));
    }

    [Fact]
    public async Task Before_the_flags_are_read_it_does_not_say_that_there_are_none()
    {
        await using var fresh = await FlagServer.StartAsync(loaded: false);

        foreach (var path in new[] { "/recommendations", "" })
        {
            var (status, body) = await fresh.PostAsync(path, Context);
            Assert.Equal(HttpStatusCode.InternalServerError, status);
            Assert.NotEmpty(body.GetProperty("errorDetails").GetString()!);
        }

        // Nor does it call a good token a bad one before the tokens are read.
        fresh.As(FlagClientTable.NewToken());
        Assert.Equal(HttpStatusCode.InternalServerError, (await fresh.PostAsync("", Context)).Status);
        fresh.Clients.Load([]);
        using var unknown = await fresh.SendAsync("", Context);
        Assert.Equal(HttpStatusCode.Unauthorized, unknown.StatusCode);
    }

    [Fact]
    public async Task A_token_is_needed_in_either_of_its_headers()
    {
        _server.Http.DefaultRequestHeaders.Authorization = null;
        using var without = await _server.SendAsync("", Context);
        Assert.Equal(HttpStatusCode.Unauthorized, without.StatusCode);

        using var with = await _server.SendAsync("", Context, null, ("X-API-Key", _server.Client("production").Token));
        Assert.Equal(HttpStatusCode.OK, with.StatusCode);
    }

    [Fact]
    public async Task The_audience_is_told_of_every_answer_and_of_no_other()
    {
        _server.As(_server.Client("staging", "shop web").Token);
        using var first = await _server.SendAsync("", Context);
        using var second = await _server.SendAsync("", Context, first.Headers.ETag!.Tag);
        using var refetch = await _server.SendAsync("?flagConfigEtag=" + Uri.EscapeDataString(first.Headers.ETag!.Tag.Trim('"')), Context);
        using var bad = await _server.SendAsync("", "{");
        using var missing = await _server.SendAsync("/nothing", Context);
        using var one = await _server.SendAsync("/vouchers", Context, null, ("X-Client-Id", "pod-1"));
        using var same = await _server.SendAsync("/vouchers", Context, null, ("X-Client-Id", "pod-1"));
        using var other = await _server.SendAsync("/vouchers", Context, null, ("X-Client-Id", "pod-2"));

        var told = _server.Readers.Answers.ToList();
        var client = new FlagReaderId(ClientPart(first.Headers.ETag!), "staging", "shop web");
        Assert.Equal([null, null, null, "vouchers", "vouchers", "vouchers"], told.Select(t => t.Key));
        Assert.All(told[1..3], t => Assert.Equal(client, t.Reader));

        // By its place, until it has brought its id back.
        Assert.Matches("^[0-9a-f]{16}$", told[0].Reader.Id);
        Assert.NotEqual(client.Id, told[0].Reader.Id);
        Assert.Equal(told[3].Reader, told[4].Reader);
        Assert.NotEqual(told[3].Reader, told[5].Reader);
        Assert.Matches("^[0-9a-f]{16}$", told[3].Reader.Id);
        Assert.All(told, t => Assert.Equal(_server.Switches.Version, t.Version));
    }

    [Fact]
    public async Task Streams_are_named_where_there_are_some()
    {
        await using var server = await FlagServer.StartAsync(services: s => s.AddSingleton<IFlagEventStreams, Streams>());

        using var answer = await server.SendAsync("", Context);
        var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;

        var stream = Assert.Single(body.GetProperty("eventStreams").EnumerateArray());
        Assert.Equal("sse", stream.GetProperty("type").GetString());
        Assert.Equal("/stream?client=" + ClientPart(answer.Headers.ETag!), stream.GetProperty("endpoint").GetProperty("requestUri").GetString());
    }

    private sealed class Streams : IFlagEventStreams
    {
        public string? Stamp => null;

        public bool IsGood(string? stamp) => true;

        public string RequestUri(FlagReaderId reader, Guid? flagClient) => "/stream?client=" + reader.Id;
    }

    private static string AnswerPart(EntityTagHeaderValue tag) => tag.Tag.Trim('"').Split('.')[0];

    private static string ClientPart(EntityTagHeaderValue tag) => tag.Tag.Trim('"').Split('.')[1];

    /// <summary>A body whose person is among the first half of the flag's people, or not.</summary>
    private static string Key(bool inside) =>
        "{\"context\":{\"targetingKey\":\"" + Enumerable.Range(0, 100).Select(i => "u" + i).First(u => FlagBuckets.Of("recommendations", u) < 50_000 == inside) + "\"}}";

    private async Task<bool> ValueAsync(string path, params (string Name, string Value)[] headers)
    {
        using var response = await _server.SendAsync(path, Context, null, headers);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("value").GetBoolean();
    }
}
