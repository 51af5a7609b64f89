using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace OpsConsole.Tests.Shared;

/// <summary>Stands between a console and its database, as a TCP address in front of the server's socket: what passes through can be looked at, and held back.</summary>
internal abstract class DatabaseRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly string _socket;
    private readonly Task _accepting;

    protected DatabaseRelay(string connectionString)
    {
        var target = new NpgsqlConnectionStringBuilder(connectionString);
        _socket = Path.Combine(target.Host!, $".s.PGSQL.{target.Port}");
        _listener.Start();
        (target.Host, target.Port, target.SslMode) = ("127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port, SslMode.Disable);
        ConnectionString = target.ConnectionString;
        _accepting = AcceptAsync();
    }

    /// <summary>What the console connects by.</summary>
    public string ConnectionString { get; protected init; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Stop();
        _stop.Dispose();
    }

    /// <summary>Begins to look at one connection.</summary>
    protected abstract IPassing Begin();

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
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        try
        {
            await far.ConnectAsync(new UnixDomainSocketEndPoint(_socket), _stop.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            return;
        }

        var passing = Begin();
        await Task.WhenAll(PumpAsync(near, far, passing.MayAskAsync, end), PumpAsync(far, near, passing.MayAnswerAsync, end));
    }

    private static async Task PumpAsync(Socket from, Socket to, Func<ReadOnlyMemory<byte>, Task<bool>> pass, CancellationTokenSource end)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, end.Token) is > 0 and var count && await pass(buffer.AsMemory(0, count)))
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

    /// <summary>Looks at what passes through one connection. Where it says no, nothing more does, in neither direction.</summary>
    protected interface IPassing
    {
        /// <summary>What the console sends.</summary>
        Task<bool> MayAskAsync(ReadOnlyMemory<byte> message);

        /// <summary>What the database answers.</summary>
        Task<bool> MayAnswerAsync(ReadOnlyMemory<byte> message);
    }
}
