using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpsConsole.Core.Switches;
using OpsConsole.Tests.Shared;
using OpsConsole.Tests.Web.Api.Flags;
using OpsConsole.Web.Flags;

namespace OpsConsole.Tests.Web.Flags;

public sealed partial class FlagEventsTests : IAsyncLifetime
{
    private readonly FakeTime _time = new(FlagServer.Noon);
    private FlagServer _server = null!;
    private Guid _id;

    public async ValueTask InitializeAsync()
    {
        _server = await StartAsync();
        (var token, _id) = _server.Client("staging");
        _server.As(token);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Whoever_asks_for_all_flags_is_told_where_and_there_hears_of_a_change()
    {
        var (uri, tag, _) = await AskAsync();
        Assert.Matches("^/ofrep/v1/events\\?client=[0-9a-f]{16}&environment=staging&ticket=[A-Za-z0-9_-]{75}$", uri);
        using var stream = await OpenAsync(uri);
        Assert.Equal((HttpStatusCode.OK, "text/event-stream", true, "no"), (
            stream.Response.StatusCode, stream.Response.Content.Headers.ContentType!.MediaType, stream.Response.Headers.CacheControl!.NoStore, stream.Response.Headers.GetValues("X-Accel-Buffering").Single()));
        await stream.MarkedAsync();
        Assert.InRange(stream.Retry, 2_000, 8_000);
        var mark = stream.LastEventId;

        _server.Kill("vouchers");

        var (type, data) = (await stream.NextAsync())!.Value;
        var change = JsonDocument.Parse(data).RootElement;
        Assert.Equal(("message", "refetchEvaluation"), (type, change.GetProperty("type").GetString()));
        Assert.Equal(FlagServer.Noon.AddMinutes(1).ToUnixTimeSeconds(), change.GetProperty("lastModified").GetInt64());
        Assert.NotEqual(mark, stream.LastEventId);
        var etag = change.GetProperty("etag").GetString()!;
        Assert.Equal(tag.Trim('"').Split('.')[1], etag.Split('.')[1]);

        // What the client does with it.
        using var answer = await _server.SendAsync("?flagConfigEtag=" + Uri.EscapeDataString(etag), FlagServer.Context, tag);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await Eventually.TrueAsync(async () => Pass(TimeSpan.FromMilliseconds(250)) && await LatestAsync() is { Confirmed: 1, Unconfirmed: 0, Clients: 1 });
    }

    [Fact]
    public async Task Only_those_of_the_environment_are_told()
    {
        using var stream = await OpenedAsync();

        _server.Kill("vouchers", "production");
        _server.Kill("vouchers", "staging");
        await stream.NextAsync();

        Assert.Equal(_server.Switches.Version, Version(stream.LastEventId));
        _server.Kill("recommendations", "production");
        _server.Target("recommendations", "staging", Targeting.Everyone);
        await stream.NextAsync();
        Assert.Equal(_server.Switches.Version, Version(stream.LastEventId));
    }

    [Fact]
    public async Task Many_changes_at_once_are_few_events_and_the_last_is_of_the_last()
    {
        using var stream = await OpenedAsync();
        for (var i = 0; i < 1_000; i++)
        {
            _server.Kill("vouchers", "staging");
            _server.Target("vouchers", "staging", Targeting.Everyone);
        }

        var events = 0;
        while (Version(stream.LastEventId) < _server.Switches.Version)
        {
            await stream.NextAsync();
            events++;
        }

        Assert.InRange(events, 1, 2_000);
    }

    [Fact]
    public async Task A_bad_ticket_another_ones_one_that_is_over_and_one_of_a_revoked_token_are_refused_before_the_stream()
    {
        var (uri, _, _) = await AskAsync();
        var other = uri.Replace("client=" + uri[24..40], "client=0123456789abcdef", StringComparison.Ordinal);
        foreach (var bad in (string[])["/ofrep/v1/events", uri[..^1], uri + "A", uri.Replace("staging", "production", StringComparison.Ordinal), other])
        {
            await RefusedAsync(bad);
        }

        _time.Advance(TimeSpan.FromHours(2));
        await RefusedAsync(uri);
        (uri, _, _) = await AskAsync();
        _server.Clients.Revoke(_id);
        await RefusedAsync(uri);
        Assert.Equal(0, _server.Get<FlagStreams>().Count);

        async Task RefusedAsync(string address)
        {
            using var answer = await _server.Http.GetAsync(new Uri(address, UriKind.Relative));
            Assert.Equal((HttpStatusCode.Unauthorized, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        }
    }

    [Fact]
    public async Task Revoking_a_token_ends_its_streams_and_no_others()
    {
        using var stream = await OpenedAsync();
        var (token, _) = _server.Client("staging", "another");
        _server.As(token);
        using var other = await OpenedAsync();

        _server.Clients.Revoke(_id);

        Assert.Null(await stream.NextAsync());
        _server.Kill("vouchers");
        Assert.NotNull(await other.NextAsync());
        await Eventually.TrueAsync(() => _server.Get<FlagStreams>().Count == 1);
    }

    [Fact]
    public async Task Stopping_ends_every_stream_at_once()
    {
        using var stream = await OpenedAsync();

        var stopping = _server.StopAsync();

        Assert.Null(await stream.NextAsync());
        await stopping;
    }

    [Fact]
    public async Task Who_comes_back_is_told_at_once_of_what_it_missed_and_of_nothing_when_it_is_current()
    {
        var (uri, tag, _) = await AskAsync();
        using var stream = await OpenAsync(uri);
        await stream.MarkedAsync();
        _server.Kill("vouchers");
        await stream.NextAsync();
        var told = stream.LastEventId;
        using var asked = await _server.SendAsync("", FlagServer.Context, tag);

        using var current = await OpenAsync(uri, told);
        await current.MarkedAsync();
        Assert.Equal(told, current.LastEventId);
        _server.Kill("recommendations", "production");
        using var stillCurrent = await OpenAsync(uri, told);
        await stillCurrent.MarkedAsync();

        _server.Kill("recommendations", "staging");
        using var missed = await OpenAsync(uri, told);
        Assert.NotNull(await missed.NextAsync());
        Assert.Equal(_server.Switches.Version, Version(missed.LastEventId));
        using var earlierStart = await OpenAsync(uri, "00000000-9999");
        Assert.NotNull(await earlierStart.NextAsync());
        using var nonsense = await OpenAsync(uri, new string('-', 5_000));
        Assert.NotNull(await nonsense.NextAsync());
    }

    [Fact]
    public async Task A_change_between_the_answer_and_the_stream_is_told()
    {
        var (uri, _, _) = await AskAsync();
        _server.Kill("vouchers");

        using var stream = await OpenAsync(uri);

        Assert.NotNull(await stream.NextAsync());
    }

    [Fact]
    public async Task A_quiet_stream_is_kept_and_a_client_that_was_told_and_did_not_ask_is_told_again_three_times()
    {
        using var stream = await OpenedAsync();
        await PassUntilAsync(stream.CommentAsync());

        _server.Kill("vouchers");
        await stream.NextAsync();
        for (var i = 0; i < 3; i++)
        {
            var again = stream.NextAsync();
            await PassUntilAsync(again);
            Assert.NotNull(await again);
        }

        await PassUntilAsync(stream.CommentAsync());
    }

    /// <summary>Lets time pass until something has come.</summary>
    private async Task PassUntilAsync(Task come)
    {
        await Eventually.TrueAsync(() => come.IsCompleted || (Pass(TimeSpan.FromSeconds(1)) && come.IsCompleted), TimeSpan.FromSeconds(20));
        await come;
    }

    private bool Pass(TimeSpan by)
    {
        _time.Advance(by);
        return true;
    }

    private Task<FlagServer> StartAsync(params (string Name, string Value)[] settings) =>
        FlagServer.StartAsync(services: all => all.AddSingleton<TimeProvider>(_time), streams: true, settings: settings);

    private async Task<JsonElement> GetAsync(string path) => await _server.Http.GetFromJsonAsync<JsonElement>(new Uri("/api/v1/" + path, UriKind.Relative));

    private async Task<FlagPropagation?> LatestAsync() =>
        (await _server.Get<PropagationBook>().LatestAsync("vouchers", 1, TestContext.Current.CancellationToken)).Items is [var latest, ..] ? latest : null;

    private async Task<EventReader> OpenedAsync()
    {
        var stream = await OpenAsync((await AskAsync()).Uri);
        await stream.MarkedAsync();
        return stream;
    }

    /// <summary>Asks for all flags as a client does the first time.</summary>
    private async Task<(string Uri, string Tag, JsonElement Body)> AskAsync(FlagServer? server = null)
    {
        using var answer = await (server ?? _server).SendAsync("", FlagServer.Context);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (StreamUri(body), answer.Headers.ETag!.Tag, body);
    }

    private async Task<EventReader> OpenAsync(string uri, string? lastEventId = null, FlagServer? server = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        if (lastEventId is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        }

        return new EventReader(await (server ?? _server).Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead));
    }

    private static string StreamUri(JsonElement body) => body.TryGetProperty("eventStreams", out var streams)
        ? streams[0].GetProperty("endpoint").GetProperty("requestUri").GetString()!
        : "";

    private static long Version(string eventId) => long.Parse(eventId.Split('-')[1], System.Globalization.CultureInfo.InvariantCulture);
}
