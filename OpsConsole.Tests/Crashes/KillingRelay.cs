using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace OpsConsole.Tests.Crashes;

/// <summary>Stands between a console and its database, counts what the console sends, and has it killed at a message: before the database hears of it, or after the database did it and before the answer arrives.</summary>
internal sealed class KillingRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly string _socket;
    private readonly Task _accepting;
    private Func<Task>? _kill;
    private int _at;
    private bool _answered;
    private int _messages;

    public KillingRelay(string connectionString)
    {
        var target = new NpgsqlConnectionStringBuilder(connectionString);
        _socket = Path.Combine(target.Host!, $".s.PGSQL.{target.Port}");
        _listener.Start();
        target.Host = "127.0.0.1";
        target.Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        target.SslMode = SslMode.Disable;
        target.MaxPoolSize = 4;
        ConnectionString = target.ConnectionString;
        _accepting = AcceptAsync();
    }

    public string ConnectionString { get; }

    /// <summary>Has the console killed at its n-th message from now on.</summary>
    public void Arm(int message, bool answered, Func<Task> kill)
    {
        lock (_lock)
        {
            (_at, _answered, _kill, _messages) = (message, answered, kill, 0);
        }
    }

    /// <summary>Kills nobody any more. Returns how many messages there were since it was armed.</summary>
    public int Disarm()
    {
        lock (_lock)
        {
            _kill = null;
            return _messages;
        }
    }

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
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        Func<Task>? killAtAnswer = null;
        try
        {
            await far.ConnectAsync(new UnixDomainSocketEndPoint(_socket), _stop.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            return;
        }

        var up = PumpAsync(near, far, async () =>
        {
            if (Shot() is not { } shot)
            {
                return true;
            }

            if (shot.Answered)
            {
                killAtAnswer = shot.Kill;
                return true;
            }

            await shot.Kill();
            return false;
        }, end);
        var down = PumpAsync(far, near, async () =>
        {
            if (killAtAnswer is not { } kill)
            {
                return true;
            }

            await kill();
            return false;
        }, end);
        await Task.WhenAll(up, down);
    }

    private (bool Answered, Func<Task> Kill)? Shot()
    {
        lock (_lock)
        {
            _messages++;
            if (_kill is not { } kill || _messages != _at)
            {
                return null;
            }

            _kill = null;
            return (_answered, kill);
        }
    }

    private static async Task PumpAsync(Socket from, Socket to, Func<Task<bool>> pass, CancellationTokenSource end)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, end.Token) is > 0 and var count && await pass())
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
}
