using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace OpsConsole.Tests.Core.Sources.Sql;

/// <summary>A port on loopback that leads to the socket of a PostgreSQL, and can fall silent.</summary>
internal sealed class PostgresRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly UnixDomainSocketEndPoint _socket;
    private readonly Task _accepting;
    private int _accepted;

    public PostgresRelay(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        _socket = new(Path.Combine(settings.Host!, $".s.PGSQL.{settings.Port}"));
        Database = settings.Database!;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Database { get; }

    /// <summary>Nothing that is sent is passed on or answered any more.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Connections so far.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>How to connect through it.</summary>
    public string ConnectionString(string role, string password) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1", Port = ((IPEndPoint)_listener.LocalEndpoint).Port, Username = role, Password = password, Database = Database, SslMode = SslMode.Disable,
    }.ConnectionString;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _accepting;
        _listener.Stop();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var relays = new List<Task>();
        try
        {
            while (true)
            {
                relays.Add(RelayAsync(await _listener.AcceptSocketAsync(_end.Token)));
                Interlocked.Increment(ref _accepted);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(relays);
        }
    }

    private async Task RelayAsync(Socket client)
    {
        using var outside = client;
        using var inside = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await inside.ConnectAsync(_socket, _end.Token);
            await Task.WhenAny(PassAsync(outside, inside), PassAsync(inside, outside));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // Either end is gone.
        }
    }

    private async Task PassAsync(Socket from, Socket to)
    {
        var piece = new byte[16 * 1024];
        int read;
        while ((read = await from.ReceiveAsync(piece, _end.Token)) > 0)
        {
            if (!IsSilent)
            {
                await to.SendAsync(piece.AsMemory(0, read), _end.Token);
            }
        }
    }
}
