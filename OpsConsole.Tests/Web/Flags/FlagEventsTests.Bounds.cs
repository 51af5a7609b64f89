using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OpsConsole.Tests.Shared;
using OpsConsole.Tests.Web.Api.Flags;
using OpsConsole.Web.Flags;

namespace OpsConsole.Tests.Web.Flags;

public sealed partial class FlagEventsTests
{
    [Fact]
    public async Task A_tag_is_unchanged_only_while_the_address_of_the_stream_is_good()
    {
        var (uri, tag, _) = await AskAsync();
        using var unchanged = await _server.SendAsync("", FlagServer.Context, tag);
        Assert.Equal((HttpStatusCode.NotModified, tag), (unchanged.StatusCode, unchanged.Headers.ETag!.Tag));

        _time.Advance(TimeSpan.FromHours(2));
        using var anew = await _server.SendAsync("", FlagServer.Context, tag);
        Assert.Equal(HttpStatusCode.OK, anew.StatusCode);
        var body = await anew.Content.ReadFromJsonAsync<JsonElement>();
        Assert.NotEqual(uri, StreamUri(body));
        Assert.Equal(tag.Split('.')[..2], anew.Headers.ETag!.Tag.Split('.')[..2]);
        Assert.NotEqual(tag, anew.Headers.ETag!.Tag);

        // Another start of the console.
        await using var restarted = await StartAsync();
        restarted.As(restarted.Client("staging").Token);
        using var after = await restarted.SendAsync("", FlagServer.Context, anew.Headers.ETag!.Tag);
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
        using var then = await restarted.SendAsync("", FlagServer.Context, after.Headers.ETag!.Tag);
        Assert.Equal(HttpStatusCode.NotModified, then.StatusCode);
    }

    [Fact]
    public async Task Beyond_the_limit_there_is_no_stream_and_answers_offer_none()
    {
        await using var small = await StartAsync(("Flags:MaxStreams", "2"));
        small.As(small.Client("staging").Token);
        var (uri, tag, _) = await AskAsync(small);
        using var one = await OpenAsync(uri, server: small);
        await one.MarkedAsync();
        using (var two = await OpenAsync(uri, server: small))
        {
            await two.MarkedAsync();
            using var three = await OpenAsync(uri, server: small);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, three.Response.StatusCode);
            Assert.InRange(three.Response.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 10, 60);
            var (_, without, body) = await AskAsync(small);
            Assert.False(body.TryGetProperty("eventStreams", out _));
            using var unchanged = await small.SendAsync("", FlagServer.Context, without);
            Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        }

        await Eventually.TrueAsync(() => small.Get<FlagStreams>().Count == 1);
        Assert.NotEqual("", (await AskAsync(small)).Uri);
        using var still = await small.SendAsync("", FlagServer.Context, tag);
        Assert.Equal(HttpStatusCode.NotModified, still.StatusCode);
    }

    [Fact]
    public async Task One_token_cannot_take_every_stream()
    {
        await using var small = await StartAsync(("Flags:MaxStreamsPerToken", "1"));
        small.As(small.Client("staging").Token);
        var (uri, _, _) = await AskAsync(small);
        using var one = await OpenAsync(uri, server: small);
        using var two = await OpenAsync(uri, server: small);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable), (one.Response.StatusCode, two.Response.StatusCode));

        small.As(small.Client("staging").Token);
        (uri, _, _) = await AskAsync(small);
        using var other = await OpenAsync(uri, server: small);
        Assert.Equal(HttpStatusCode.OK, other.Response.StatusCode);
    }

    [Fact]
    public async Task Of_more_streams_of_one_client_than_it_can_use_the_oldest_is_ended()
    {
        var (uri, _, _) = await AskAsync();
        List<EventReader> streams = [];
        for (var i = 0; i <= FlagStreams.MostOfClient; i++)
        {
            streams.Add(await OpenAsync(uri));
            await streams[^1].MarkedAsync();
        }

        Assert.Null(await streams[0].NextAsync());
        _server.Kill("vouchers");
        foreach (var stream in streams.Skip(1))
        {
            Assert.NotNull(await stream.NextAsync());
        }

        streams.ForEach(stream => stream.Dispose());
    }

    [Fact]
    public async Task A_thousand_that_come_back_at_once_are_all_told_and_wait_differently_next_time()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(_ => AskAsync()));
        _server.Kill("vouchers");

        var streams = await Task.WhenAll(answers.Select(answer => OpenAsync(answer.Uri)));
        var events = await Task.WhenAll(streams.Select(stream => stream.NextAsync()));

        Assert.All(events, e => Assert.NotNull(e));
        Assert.Single(events.Select(e => JsonDocument.Parse(e!.Value.Data).RootElement.GetProperty("etag").GetString()!.Split('.')[0]).Distinct());
        Assert.True(streams.Select(stream => stream.Retry).Distinct().Count() > 500);
        Assert.Equal(1_000, _server.Get<FlagStreams>().Count);
        foreach (var stream in streams)
        {
            stream.Dispose();
        }

        await Eventually.TrueAsync(() => _server.Get<FlagStreams>().Count == 0);
    }

    [Fact]
    public async Task Who_reads_is_counted_and_the_latest_propagations_are_listed()
    {
        using var stream = await OpenedAsync();
        _server.Kill("vouchers");
        await stream.NextAsync();
        _server.As(_server.Tokens.Issue("ops", OpsConsole.Core.Access.Role.Viewer));
        await Eventually.TrueAsync(async () => Pass(TimeSpan.FromSeconds(1)) && (await GetAsync("switches/vouchers/propagations")).GetProperty("alarms").GetArrayLength() == 1);

        var readers = await GetAsync("flag-readers");
        Assert.Equal((1, 1), (readers.GetProperty("readers").GetInt32(), readers.GetProperty("streams").GetInt32()));
        var group = readers.GetProperty("groups")[0];
        Assert.Equal(("staging", "shop web", 1), (group.GetProperty("environment").GetString(), group.GetProperty("token").GetString(), group.GetProperty("streams").GetInt32()));
        var item = (await GetAsync("switches/vouchers/propagations?take=1")).GetProperty("items")[0];
        Assert.Equal(("measuring", "killed", 1, 1), (item.GetProperty("state").GetString(), item.GetProperty("kind").GetString(), item.GetProperty("clients").GetInt32(), item.GetProperty("unconfirmed").GetInt32()));
        Assert.Equal(0, (await GetAsync("switches/recommendations/propagations")).GetProperty("items").GetArrayLength());
        using var none = await _server.Http.GetAsync(new Uri("/api/v1/switches/nothing/propagations", UriKind.Relative));
        using var wrong = await _server.Http.GetAsync(new Uri("/api/v1/switches/vouchers/propagations?take=999", UriKind.Relative));
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.BadRequest), (none.StatusCode, wrong.StatusCode));
        var (token, _) = _server.Client("staging", "other");
        _server.As(token);
        using var forbidden = await _server.Http.GetAsync(new Uri("/api/v1/flag-readers", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Forbidden, forbidden.StatusCode);
    }

    [Theory]
    [InlineData("https://shop.example", true)]
    [InlineData("https://shop.example.evil.example", false)]
    [InlineData("http://shop.example", false)]
    [InlineData("null", false)]
    public async Task A_page_of_a_named_origin_may_read_the_stream_and_is_told_when_it_is_refused(string origin, bool allowed)
    {
        await using var server = await StartAsync(("Flags:AllowedOrigins:0", "https://shop.example"));
        server.As(server.Client("staging").Token);
        var (uri, _, _) = await AskAsync(server);
        server.Http.DefaultRequestHeaders.Authorization = null;
        foreach (var address in (string[])[uri, FlagEvents.Path])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { { "Origin", origin } } };
            using var answer = await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            Assert.Equal(address == uri ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.Equal(allowed ? [origin] : [], answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var named) ? named : []);
            Assert.False(answer.Headers.Contains("Access-Control-Allow-Credentials"));
        }
    }

    [Fact]
    public async Task A_client_that_never_reads_is_cut_after_the_time_limit_and_nothing_queues_for_it()
    {
        var (uri, _, _) = await AskAsync();
        using var body = new NeverTaken();
        var lifetime = new Lifetime();
        var http = new DefaultHttpContext();
        http.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(body));
        http.Features.Set<IHttpRequestLifetimeFeature>(lifetime);
        http.Request.QueryString = new QueryString(uri[uri.IndexOf('?', StringComparison.Ordinal)..]);
        var streaming = _server.Get<FlagEvents>().StreamAsync(http);
        await body.Begun.Task;
        for (var i = 0; i < 1_000; i++)
        {
            _server.Kill("vouchers");
        }

        Assert.False(streaming.IsCompleted);
        Assert.Equal((1, 1), (_server.Get<FlagStreams>().Count, body.Writes));
        await Eventually.TrueAsync(() =>
        {
            _time.Advance(FlagEvents.WriteLimit);
            return streaming.IsCompleted;
        });

        await streaming;
        Assert.True(lifetime.Aborted);
        Assert.Equal((0, 1), (_server.Get<FlagStreams>().Count, body.Writes));
    }

    private sealed class Lifetime : IHttpRequestLifetimeFeature
    {
        public bool Aborted { get; private set; }

        public CancellationToken RequestAborted { get; set; }

        public void Abort() => Aborted = true;
    }

    /// <summary>The body of a client that takes nothing.</summary>
    private sealed class NeverTaken : MemoryStream
    {
        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Writes { get; private set; }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Writes++;
            Begun.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }
    }
}
