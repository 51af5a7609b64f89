using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace OpsConsole.Tests.Benchmarks;

/// <summary>Clients that hold a stream each, straight on the socket, and note when they are told of a change.</summary>
internal sealed class StreamLoad : IDisposable
{
    private readonly List<Client> _clients = [];
    private readonly HttpClient _http;
    private readonly SemaphoreSlim _asking = new(64);

    private StreamLoad(Uri console, string token)
    {
        _http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64 }) { BaseAddress = console };
        _http.DefaultRequestHeaders.Authorization = new("Bearer", token);
    }

    public static async Task<StreamLoad> StartAsync(Uri console, string token, int count)
    {
        var load = new StreamLoad(console, token);
        for (var i = 0; i < count; i++)
        {
            var client = new Client(load, "user-" + i);
            await client.OpenAsync(console);
            load._clients.Add(client);
        }

        return load;
    }

    /// <summary>Has every client wait for the next change; with <paramref name="ask"/> each asks for all flags as soon as it is told.</summary>
    /// <returns>Ends when all were told, and asked: when each was told, by the machine's monotonic clock.</returns>
    public Task<long[]> NextAsync(bool ask) => Task.WhenAll(_clients.Select(client => client.NextAsync(ask)));

    /// <summary>Each asks for all flags.</summary>
    public Task AskAsync() => Task.WhenAll(_clients.Select(client => client.AskAsync()));

    public void Dispose()
    {
        _clients.ForEach(client => client.Dispose());
        _http.Dispose();
        _asking.Dispose();
    }

    private sealed class Client(StreamLoad load, string user) : IDisposable
    {
        private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        private readonly byte[] _buffer = new byte[4096];
        private string _tag = "";
        private string _uri = "";

        public async Task OpenAsync(Uri console)
        {
            await AskAsync();
            await _socket.ConnectAsync(console.Host, console.Port);
            await _socket.SendAsync(Encoding.ASCII.GetBytes($"GET {_uri} HTTP/1.1\r\nHost: {console.Authority}\r\nAccept: text/event-stream\r\n\r\n"));
            await UntilAsync("\nid: ");
        }

        public async Task<long> NextAsync(bool ask)
        {
            await UntilAsync("refetchEvaluation");
            var at = Stopwatch.GetTimestamp();
            if (ask)
            {
                await AskAsync();
            }

            return at;
        }

        public async Task AskAsync()
        {
            await load._asking.WaitAsync();
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, "/ofrep/v1/evaluate/flags") { Content = JsonContent.Create(new { context = new { targetingKey = user } }) };
                if (_tag.Length > 0)
                {
                    request.Headers.TryAddWithoutValidation("If-None-Match", _tag);
                }

                using var answer = await load._http.SendAsync(request);
                var body = await answer.Content.ReadAsByteArrayAsync();
                if (body.Length > 0)
                {
                    using var json = JsonDocument.Parse(body);
                    (_tag, _uri) = (answer.Headers.ETag!.Tag, json.RootElement.GetProperty("eventStreams")[0].GetProperty("endpoint").GetProperty("requestUri").GetString()!);
                }
            }
            finally
            {
                load._asking.Release();
            }
        }

        public void Dispose() => _socket.Dispose();

        private async Task UntilAsync(string text)
        {
            var wanted = Encoding.ASCII.GetBytes(text);
            var length = 0;
            while (_buffer.AsSpan(0, length).IndexOf(wanted) < 0)
            {
                length = length > _buffer.Length / 2 ? 0 : length;
                var got = await _socket.ReceiveAsync(_buffer.AsMemory(length));
                length += got > 0 ? got : throw new InvalidOperationException("The console closed a stream: " + Encoding.ASCII.GetString(_buffer, 0, length));
            }
        }
    }
}
