using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace OpsConsole.Tests.Browser;

/// <summary>A slow line in front of a server: every byte comes through, in order, a while after it was sent. The line can be cut and mended.</summary>
internal sealed class SlowLine : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closed = new();
    private readonly ConcurrentDictionary<TcpClient, byte> _open = new();
    private readonly Uri _server;
    private readonly TimeSpan _delay;
    private readonly Task _accepting;
    private volatile bool _cut;

    /// <param name="server">Where the line leads.</param>
    /// <param name="delay">How long each byte is under way, in each direction.</param>
    public SlowLine(Uri server, TimeSpan delay)
    {
        (_server, _delay) = (server, delay);
        _listener.Start();
        Address = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _accepting = AcceptAsync();
    }

    /// <summary>The near end of the line.</summary>
    public string Address { get; }

    /// <summary>Ends every connection, and lets none through until it is mended.</summary>
    public void Cut()
    {
        _cut = true;
        foreach (var client in _open.Keys)
        {
            client.Dispose();
        }
    }

    public void Mend() => _cut = false;

    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        Cut();
        await _accepting;
        _listener.Stop();
        _closed.Dispose();
    }

    private async Task AcceptAsync()
    {
        var lines = new List<Task>();
        try
        {
            while (true)
            {
                var near = await _listener.AcceptTcpClientAsync(_closed.Token);
                lines.RemoveAll(l => l.IsCompleted);
                lines.Add(CarryAsync(near));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(lines);
        }
    }

    private async Task CarryAsync(TcpClient near)
    {
        using var far = new TcpClient();
        using (near)
        {
            _open[near] = _open[far] = 0;
            try
            {
                if (_cut)
                {
                    return;
                }

                await far.ConnectAsync(_server.Host, _server.Port, _closed.Token);
                (near.NoDelay, far.NoDelay) = (true, true);
                await Task.WhenAny(CarryAsync(near.GetStream(), far.GetStream()), CarryAsync(far.GetStream(), near.GetStream()));
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
            {
                // The server is away, or the line was cut: the caller sees a connection that ended.
            }
            finally
            {
                _open.TryRemove(near, out _);
                _open.TryRemove(far, out _);
            }
        }
    }

    /// <summary>One direction: what is read now is written when its time has come, and reading goes on meanwhile.</summary>
    private async Task CarryAsync(NetworkStream from, NetworkStream to)
    {
        var underWay = Channel.CreateBounded<(long Due, byte[] Bytes)>(1024);
        var writing = WriteAsync(underWay.Reader, to);
        try
        {
            var buffer = new byte[16 * 1024];
            int read;
            while ((read = await from.ReadAsync(buffer, _closed.Token)) > 0)
            {
                await underWay.Writer.WriteAsync((Environment.TickCount64 + (long)_delay.TotalMilliseconds, buffer[..read]), _closed.Token);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Ended by one of the two, or by the test.
        }

        underWay.Writer.TryComplete();
        await writing;
    }

    private async Task WriteAsync(ChannelReader<(long Due, byte[] Bytes)> underWay, NetworkStream to)
    {
        try
        {
            await foreach (var (due, bytes) in underWay.ReadAllAsync(_closed.Token))
            {
                if (due - Environment.TickCount64 is > 0 and var left)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(left), _closed.Token);
                }

                await to.WriteAsync(bytes, _closed.Token);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Nobody takes it any more.
        }
    }
}
