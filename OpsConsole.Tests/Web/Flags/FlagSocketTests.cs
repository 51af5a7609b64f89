using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using OpsConsole.Core.Switches;
using OpsConsole.Tests.Shared;
using OpsConsole.Tests.Web.Api.Flags;
using OpsConsole.Web.Flags;

namespace OpsConsole.Tests.Web.Flags;

/// <summary>Event streams over real connections, with what only those have: a rush of connects, and buffers that fill.</summary>
public sealed class FlagSocketTests
{
    private const string Flag = "vouchers";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_thousand_clients_that_come_back_at_once_are_answered_and_each_hears_of_the_kill_after()
    {
        await using var server = await FlagServer.StartAsync(streams: true, sockets: static web => web.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0)));
        server.As(server.Client("staging").Token);
        var clients = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(_ => Client.AskAsync(server)));

        // All have lost the console, and what changed meanwhile.
        server.Kill(Flag, "staging");
        await Task.WhenAll(clients.Select(client => client.ConnectAsync(server)));
        await Task.WhenAll(clients.Select(client => client.HearAsync()));
        var answers = await Task.WhenAll(clients.Select(client => client.AskAgainAsync(server)));
        Assert.All(answers, value => Assert.False(value));
        Assert.Equal(1_000, server.Get<FlagStreams>().Count);

        server.Kill("recommendations");
        await Task.WhenAll(clients.Select(client => client.HearAsync()));
        await Task.WhenAll(clients.Select(client => client.AskAgainAsync(server)));

        await Eventually.TrueAsync(
            async () => (await server.Get<PropagationBook>().LatestAsync("recommendations", 1, Token)).Items is [{ Clients: 1_000, Confirmed: 1_000, Unconfirmed: 0, ClosedAt: not null }],
            TimeSpan.FromSeconds(20));
        foreach (var client in clients)
        {
            client.Dispose();
        }

        await Eventually.TrueAsync(() => server.Get<FlagStreams>().Count == 0);
    }

    [Fact]
    public async Task For_a_client_that_does_not_read_nothing_queues_others_go_on_and_if_it_never_reads_it_is_cut()
    {
        const int Changes = 3_000;
        const int EventBytes = 100;
        var time = new FakeTime(FlagServer.Noon);
        await using var server = await FlagServer.StartAsync(services: all => all.AddSingleton<TimeProvider>(time), streams: true, sockets: WithSmallBuffers);
        server.As(server.Client("staging").Token);
        var streams = server.Get<FlagStreams>();
        using var reading = await Client.AskAsync(server);
        await reading.ConnectAsync(server);
        await reading.Events.MarkedAsync();
        using var late = await ConnectOnlyAsync(server, (await Client.AskAsync(server)).Uri);
        using var never = await ConnectOnlyAsync(server, (await Client.AskAsync(server)).Uri);
        await Eventually.TrueAsync(() => streams.Count == 3);

        var heard = 0;
        for (var i = 0; i < Changes; i++)
        {
            server.Target(Flag, "staging", new Targeting([], i % 100));
            for (; Version(reading.Events.LastEventId) < server.Switches.Version; heard++)
            {
                Assert.NotNull(await reading.Events.NextAsync());
            }
        }

        Assert.True(heard > Changes / 2);

        // Who reads again after all finds a few that are old, and then the last.
        var got = new StringBuilder();
        var buffer = new byte[4096];
        while (LastVersion(got.ToString()) < server.Switches.Version)
        {
            var read = await late.ReceiveAsync(buffer.AsMemory(), Token).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Token);
            Assert.NotEqual(0, read);
            got.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }

        Assert.InRange(got.Length, 1, heard * EventBytes / 2);
        Assert.Equal(3, streams.Count);

        time.Advance(FlagEvents.WriteLimit + TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync(() => streams.Count == 2);
        server.Kill(Flag, "staging");
        Assert.NotNull(await reading.Events.NextAsync());
    }

    [Fact]
    public async Task A_console_that_was_started_anew_sends_whoever_comes_back_to_ask_and_tells_it_to()
    {
        using var client = new Client();
        int port;
        string mark;
        await using (var first = await FlagServer.StartAsync(streams: true, sockets: static web => web.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0))))
        {
            port = first.Http.BaseAddress!.Port;
            first.As(first.Client("staging").Token);
            Assert.True(await client.AskAgainAsync(first));
            await client.ConnectAsync(first);
            await client.Events.MarkedAsync();
            mark = client.Events.LastEventId;
            var ended = client.Events.NextAsync();
            await first.StopAsync();
            Assert.Null(await ended);
        }

        var uri = client.Uri;
        await using var second = await FlagServer.StartAsync(streams: true, sockets: web => web.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port)));
        second.As(second.Client("staging").Token);
        second.Kill(Flag, "staging");

        using (var refused = await second.Http.GetAsync(new Uri(uri, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Token))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }

        Assert.False(await client.AskAgainAsync(second));
        Assert.NotEqual(uri, client.Uri);
        await client.ConnectAsync(second, mark);
        Assert.Contains("refetchEvaluation", (await client.Events.NextAsync())!.Value.Data, StringComparison.Ordinal);
    }

    private static void WithSmallBuffers(IWebHostBuilder web) => web
        .UseKestrelCore()
        .ConfigureKestrel(static kestrel =>
        {
            // Kestrel would cut a slow client by itself; here it is to be the stream's own limit.
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, 0);
        })
        .UseSockets(static sockets => sockets.CreateBoundListenSocket = static endpoint =>
        {
            var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
            socket.SendBufferSize = 4096;
            return socket;
        });

    /// <summary>Opens a stream and reads nothing of it.</summary>
    private static async Task<Socket> ConnectOnlyAsync(FlagServer server, string uri)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096, NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, server.Http.BaseAddress!.Port, Token);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET {uri} HTTP/1.1\r\nHost: {server.Http.BaseAddress.Authority}\r\nAccept: text/event-stream\r\n\r\n"), Token);
        return socket;
    }

    private static long Version(string eventId) => long.Parse(eventId.Split('-')[1], CultureInfo.InvariantCulture);

    /// <summary>The highest version whose id is whole in the text; 0 for none.</summary>
    private static long LastVersion(string text) => text.Split('\n')[..^1]
        .Where(line => line.StartsWith("id: ", StringComparison.Ordinal)).Select(line => Version(line)).DefaultIfEmpty().Max();

    /// <summary>A client as OpenFeature's web provider is one.</summary>
    private sealed class Client : IDisposable
    {
        private string _tag = "";

        public string Uri { get; private set; } = "";

        public EventReader Events { get; private set; } = null!;

        public static async Task<Client> AskAsync(FlagServer server)
        {
            var client = new Client();
            Assert.True(await client.AskAgainAsync(server));
            return client;
        }

        /// <summary>Asks for all flags with the tag of the last answer. Returns what the flag is.</summary>
        public async Task<bool> AskAgainAsync(FlagServer server)
        {
            using var answer = await server.SendAsync("", FlagServer.Context, _tag.Length > 0 ? _tag : null);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            _tag = answer.Headers.ETag!.Tag;
            var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
            Uri = body.GetProperty("eventStreams")[0].GetProperty("endpoint").GetProperty("requestUri").GetString()!;
            return body.GetProperty("flags").EnumerateArray().Single(f => f.GetProperty("key").GetString() == Flag).GetProperty("value").GetBoolean();
        }

        public async Task ConnectAsync(FlagServer server, string? lastEventId = null)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Uri);
            if (lastEventId is not null)
            {
                request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
            }

            Events?.Dispose();
            Events = new EventReader(await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead));
            Assert.Equal(HttpStatusCode.OK, Events.Response.StatusCode);
        }

        public async Task HearAsync() => Assert.NotNull(await Events.NextAsync());

        public void Dispose() => Events?.Dispose();
    }
}
