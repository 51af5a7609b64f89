using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace OpsConsole.Tests.Core.Storage;

/// <summary>Stands between the console and its database and breaks the connection once, at the first commit: before the database hears of it, or after it was made and before the answer arrives.</summary>
internal sealed class BreakingRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly string _socket;
    private readonly bool _afterCommit;
    private readonly Task _accepting;
    private int _broken;

    public BreakingRelay(string connectionString, bool afterCommit)
    {
        var target = new NpgsqlConnectionStringBuilder(connectionString);
        _socket = Path.Combine(target.Host!, $".s.PGSQL.{target.Port}");
        _afterCommit = afterCommit;
        _listener.Start();
        target.Host = "127.0.0.1";
        target.Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        target.SslMode = SslMode.Disable;
        ConnectionString = target.ConnectionString;
        _accepting = AcceptAsync();
    }

    public string ConnectionString { get; }

    public bool HasBroken => _broken > 0;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var relays = new List<Task>();
        try
        {
            while (true)
            {
                relays.Add(RelayAsync(await _listener.AcceptSocketAsync(_stop.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(relays);
        }
    }

    private async Task RelayAsync(Socket client)
    {
        using var near = client;
        using var far = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await far.ConnectAsync(new UnixDomainSocketEndPoint(_socket), _stop.Token);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var committing = false;
        var up = PumpAsync(near, far, bytes =>
        {
            committing = !HasBroken && bytes.IndexOf("COMMIT"u8) >= 0;
            return !(committing && !_afterCommit && Break());
        }, end);
        var down = PumpAsync(far, near, _ => !(committing && _afterCommit && Break()), end);
        await Task.WhenAll(up, down);
    }

    private bool Break() => Interlocked.Exchange(ref _broken, 1) == 0;

    private static async Task PumpAsync(Socket from, Socket to, ByteFilter pass, CancellationTokenSource end)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, end.Token) is > 0 and var count && pass(buffer.AsSpan(0, count)))
            {
                await to.SendAsync(buffer.AsMemory(0, count), end.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // One side is gone; the other is ended below.
        }

        await end.CancelAsync();
    }

    private delegate bool ByteFilter(ReadOnlySpan<byte> bytes);
}
