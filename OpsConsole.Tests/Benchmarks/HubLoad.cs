using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace OpsConsole.Tests.Benchmarks;

/// <summary>Clients of the hub, by its wire protocol, that measure how old each sample is when it reaches them.</summary>
internal sealed class HubLoad : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Client> _clients = [];
    private volatile bool _measuring;

    public static async Task<HubLoad> JoinAsync(Uri console, string token, int count)
    {
        var load = new HubLoad();
        for (var i = 0; i < count; i++)
        {
            var client = new Client(load);
            await client.JoinAsync(new UriBuilder(console) { Scheme = "ws", Path = "/hubs/board", Query = "access_token=" + token }.Uri, load._stop.Token);
            load._clients.Add(client);
        }

        return load;
    }

    /// <summary>Bytes received by all while measuring.</summary>
    public long Bytes => _clients.Sum(c => c.Bytes);

    public long Messages => _clients.Sum(c => c.Messages);

    public void Measure(bool on) => _measuring = on;

    public LatencyHistogram Latency()
    {
        var all = new LatencyHistogram();
        _clients.ForEach(c => all.Add(c.Latency));
        return all;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach (var client in _clients)
        {
            await client.DisposeAsync();
        }

        _stop.Dispose();
    }

    private sealed class Client(HubLoad load) : IAsyncDisposable
    {
        private const byte End = 0x1e;
        private static readonly byte[] Ping = Encoding.UTF8.GetBytes("{\"type\":6}\u001e");

        private readonly ClientWebSocket _socket = new();
        private readonly Dictionary<Guid, DateTimeOffset> _newest = [];
        private byte[] _buffer = new byte[256 * 1024];
        private int _filled;
        private Task _reading = Task.CompletedTask;

        public LatencyHistogram Latency { get; } = new();

        public long Bytes { get; private set; }

        public long Messages { get; private set; }

        public async Task JoinAsync(Uri address, CancellationToken stop)
        {
            await _socket.ConnectAsync(address, stop);
            await _socket.SendAsync(Encoding.UTF8.GetBytes("{\"protocol\":\"json\",\"version\":1}\u001e"), WebSocketMessageType.Text, true, stop);
            _reading = Task.WhenAll(ReadAsync(stop), PingAsync(stop));
        }

        public async ValueTask DisposeAsync()
        {
            try
            {
                await _reading;
            }
            catch (Exception e) when (e is OperationCanceledException or WebSocketException)
            {
                // Ended by us.
            }

            _socket.Dispose();
        }

        private async Task PingAsync(CancellationToken stop)
        {
            using var timer = new PeriodicTimer(TimeSpan.FromSeconds(10));
            while (await timer.WaitForNextTickAsync(stop))
            {
                await _socket.SendAsync(Ping, WebSocketMessageType.Text, true, stop);
            }
        }

        private async Task ReadAsync(CancellationToken stop)
        {
            while (true)
            {
                if (_filled == _buffer.Length)
                {
                    Array.Resize(ref _buffer, _buffer.Length * 2);
                }

                var read = await _socket.ReceiveAsync(_buffer.AsMemory(_filled), stop);
                var now = TimeProvider.System.GetUtcNow();
                _filled += read.Count;
                Bytes += load._measuring ? read.Count : 0;
                var start = 0;
                int length;
                while ((length = _buffer.AsSpan(start, _filled - start).IndexOf(End)) >= 0)
                {
                    Take(_buffer.AsSpan(start, length), now);
                    start += length + 1;
                }

                _buffer.AsSpan(start, _filled - start).CopyTo(_buffer);
                _filled -= start;
            }
        }

        /// <summary>Finds each release's id and the times of its signals: every time later than the release's latest so far is a sample that has just arrived.</summary>
        private void Take(ReadOnlySpan<byte> frame, DateTimeOffset now)
        {
            var json = new Utf8JsonReader(frame);
            var id = Guid.Empty;
            var before = DateTimeOffset.MinValue;
            while (json.Read())
            {
                // {"type":1,"target":..,"arguments":[{"releases":[{"id":..,"signals":[{"asOf":..: depth 5 is a release, 7 a signal.
                if (json.TokenType != JsonTokenType.PropertyName || json.CurrentDepth is not (5 or 7))
                {
                    continue;
                }

                if (json.CurrentDepth == 5 && json.ValueTextEquals("id"u8) && json.Read())
                {
                    id = json.GetGuid();
                    before = _newest.GetValueOrDefault(id);
                }
                else if (json.CurrentDepth == 7 && json.ValueTextEquals("asOf"u8) && json.Read() && json.TokenType == JsonTokenType.String)
                {
                    var at = json.GetDateTimeOffset();
                    if (at <= before)
                    {
                        continue;
                    }

                    if (load._measuring)
                    {
                        Latency.Add(now - at);
                    }

                    if (at > _newest.GetValueOrDefault(id))
                    {
                        _newest[id] = at;
                    }
                }
            }

            Messages += load._measuring ? 1 : 0;
        }
    }
}
