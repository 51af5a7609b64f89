using System.Buffers.Text;
using System.Diagnostics;
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

    /// <summary>Length of the first connection's first answer with its head.</summary>
    public int AnswerBytes => _connections[0].AnswerBytes;

    /// <summary>Opens the connections and begins.</summary>
    /// <param name="server">Who is asked.</param>
    /// <param name="question">The request of a user, with the tag of the last answer where there is one.</param>
    /// <param name="unchanged">Whether every answer is to be 304.</param>
    /// <param name="connections">How many ask at a time.</param>
    public static async Task<FlagsLoad> StartAsync(Uri server, Func<string, string?, byte[]> question, bool unchanged, int connections)
    {
        var load = new FlagsLoad();
        for (var i = 0; i < connections; i++)
        {
            var user = "user-" + i;
            var connection = new Connection(load, server, tag => question(user, tag));
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

    [GeneratedRegex("^ETag: (\\S+)\r$", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex ETag();

    private sealed class Connection(FlagsLoad load, Uri server, Func<string?, byte[]> question) : IDisposable
    {
        private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        private readonly byte[] _buffer = new byte[256 * 1024];
        private byte[] _request = [];
        private byte[] _status = [];

        public LatencyHistogram Latency { get; } = new();

        public int AnswerBytes { get; private set; }

        /// <summary>Asks once, and takes the tag of the answer for all further questions where they are to be answered with 304.</summary>
        public async Task OpenAsync(bool unchanged)
        {
            await _socket.ConnectAsync(server.Host, server.Port);
            _request = question(null);
            AnswerBytes = await AnswerAsync();
            if (unchanged)
            {
                _request = question(ETag().Match(Encoding.ASCII.GetString(_buffer, 0, AnswerBytes)).Groups[1].Value);
                AnswerBytes = await AnswerAsync();
            }

            _status = Encoding.ASCII.GetBytes(unchanged ? "HTTP/1.1 304" : "HTTP/1.1 200");
            Check(AnswerBytes);
        }

        public async Task RunAsync(CancellationToken stop)
        {
            while (!stop.IsCancellationRequested)
            {
                var start = Stopwatch.GetTimestamp();
                Check(await AnswerAsync());
                if (load._measuring)
                {
                    Latency.Add(Stopwatch.GetElapsedTime(start));
                }
            }
        }

        public void Dispose() => _socket.Dispose();

        /// <summary>Asks, and reads the answer to its end. Returns its length.</summary>
        private async ValueTask<int> AnswerAsync()
        {
            await _socket.SendAsync(_request);
            var (read, length) = (0, int.MaxValue);
            while (read < length)
            {
                var got = await _socket.ReceiveAsync(_buffer.AsMemory(read));
                read += got > 0 ? got : throw new InvalidOperationException("The server closed the connection.");
                length = length < int.MaxValue ? length : Length(_buffer.AsSpan(0, read));
            }

            return read;
        }

        /// <summary>Length of the answer with its head, once all of the head is there.</summary>
        private static int Length(ReadOnlySpan<byte> read)
        {
            var end = read.IndexOf("\r\n\r\n"u8);
            if (end < 0)
            {
                return int.MaxValue;
            }

            var at = read[..end].IndexOf("\r\nContent-Length: "u8);
            return end + 4 + (at >= 0 && Utf8Parser.TryParse(read[(at + "\r\nContent-Length: ".Length)..], out int body, out _) ? body : 0);
        }

        private void Check(int length)
        {
            if (!_buffer.AsSpan(0, length).StartsWith(_status))
            {
                throw new InvalidOperationException("The server answered: " + Encoding.UTF8.GetString(_buffer, 0, Math.Min(length, 500)));
            }
        }
    }
}
