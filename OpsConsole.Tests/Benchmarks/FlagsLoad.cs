using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace OpsConsole.Tests.Benchmarks;

/// <summary>Connections that ask for all flags as soon as the last answer is there, by HTTP 1.1 straight on the socket, so that the clients take little of the processor that the console needs.</summary>
internal sealed partial class FlagsLoad : IAsyncDisposable
{
    private readonly List<Connection> _connections = [];
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private volatile bool _measuring;

    /// <summary>Length of one answer with its head.</summary>
    public int AnswerBytes => _connections[0].AnswerBytes;

    public static async Task<FlagsLoad> StartAsync(Uri console, string token, bool unchanged, int connections)
    {
        var load = new FlagsLoad();
        for (var i = 0; i < connections; i++)
        {
            var connection = new Connection(load, console, token, "user-" + i);
            await connection.OpenAsync(unchanged);
            load._connections.Add(connection);
        }

        load._running = Task.WhenAll(load._connections.Select(c => Task.Run(() => c.RunAsync(load._stop.Token))));
        return load;
    }

    public void Measure(bool on) => _measuring = on;

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    public LatencyHistogram Latency()
    {
        var all = new LatencyHistogram();
        _connections.ForEach(c => all.Add(c.Latency));
        return all;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _connections.ForEach(c => c.Dispose());
        _stop.Dispose();
    }

    [GeneratedRegex("^Content-Length: ([0-9]+)\r$", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex ContentLength();

    [GeneratedRegex("^ETag: (\\S+)\r$", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex ETag();

    private sealed class Connection(FlagsLoad load, Uri console, string token, string user) : IDisposable
    {
        private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        private readonly byte[] _buffer = new byte[256 * 1024];
        private byte[] _request = [];
        private string _status = "";

        public LatencyHistogram Latency { get; } = new();

        public int AnswerBytes { get; private set; }

        /// <summary>Asks once, and takes the tag of the answer for all further questions where they are to be answered with 304.</summary>
        public async Task OpenAsync(bool unchanged)
        {
            await _socket.ConnectAsync(console.Host, console.Port);
            _request = Request(null);
            await _socket.SendAsync(_request);
            var (head, length) = await AnswerAsync();
            if (unchanged)
            {
                _request = Request(ETag().Match(head).Groups[1].Value);
                await _socket.SendAsync(_request);
                (head, length) = await AnswerAsync();
            }

            (_status, AnswerBytes) = (head[..12], length);
            if (_status != (unchanged ? "HTTP/1.1 304" : "HTTP/1.1 200"))
            {
                throw new InvalidOperationException("The console answered: " + head);
            }
        }

        public async Task RunAsync(CancellationToken stop)
        {
            while (!stop.IsCancellationRequested)
            {
                var start = Stopwatch.GetTimestamp();
                await _socket.SendAsync(_request);
                await SkipAsync();
                if (load._measuring)
                {
                    Latency.Add(Stopwatch.GetElapsedTime(start));
                }
            }
        }

        public void Dispose() => _socket.Dispose();

        /// <summary>Reads an answer that is as long as the first one.</summary>
        private async Task SkipAsync()
        {
            var read = 0;
            while (read < AnswerBytes)
            {
                read += await SomeAsync(read);
            }

            if (read != AnswerBytes || !_buffer.AsSpan().StartsWith(Encoding.ASCII.GetBytes(_status)))
            {
                throw new InvalidOperationException("The console answered: " + Encoding.UTF8.GetString(_buffer, 0, Math.Min(read, 500)));
            }
        }

        private async Task<(string Head, int Length)> AnswerAsync()
        {
            var read = 0;
            while (true)
            {
                read += await SomeAsync(read);
                var end = _buffer.AsSpan(0, read).IndexOf("\r\n\r\n"u8);
                if (end >= 0)
                {
                    var head = Encoding.ASCII.GetString(_buffer, 0, end + 2);
                    var length = end + 4 + (ContentLength().Match(head) is { Success: true } said ? int.Parse(said.Groups[1].Value, CultureInfo.InvariantCulture) : 0);
                    while (read < length)
                    {
                        read += await SomeAsync(read);
                    }

                    return (head, length);
                }
            }
        }

        private async ValueTask<int> SomeAsync(int from) => await _socket.ReceiveAsync(_buffer.AsMemory(from)) is var got and > 0
            ? got
            : throw new InvalidOperationException("The console closed the connection.");

        private byte[] Request(string? tag)
        {
            var body = $$"""{"context":{"targetingKey":"{{user}}","plan":"silver","country":"DE","app":{"version":"2.15.0"} } }""";
            return Encoding.ASCII.GetBytes(
                $"POST /ofrep/v1/evaluate/flags HTTP/1.1\r\nHost: {console.Authority}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n"
                + (tag is null ? "" : $"If-None-Match: {tag}\r\n") + $"Content-Length: {body.Length}\r\n\r\n{body}");
        }
    }
}
