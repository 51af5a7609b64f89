using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace OpsConsole.Web.Operations.Edge;

/// <summary>Lets one address have so many connections at the same time, so that one machine cannot take them all.</summary>
/// <remarks>A proxy has the connections of everyone behind it, and this machine's own are its operator's: neither is counted.</remarks>
internal sealed class ConnectionLimit(int most, IReadOnlyList<IPNetwork> proxies)
{
    private readonly ConcurrentDictionary<string, int> _open = new(StringComparer.Ordinal);

    /// <summary>Addresses that have connections now and are counted.</summary>
    public int Addresses => _open.Count;

    /// <summary>Counts the connections of every listener.</summary>
    public void Watch(ListenOptions listener) => listener.Use(next => connection => RunAsync(connection, next));

    /// <summary>Runs a connection, or ends it at once where the address has too many.</summary>
    internal async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (connection.RemoteEndPoint is not IPEndPoint { Address: var address } || IsExempt(address))
        {
            await next(connection);
            return;
        }

        var key = CallerAddress.Key(address);
        try
        {
            if (_open.AddOrUpdate(key, 1, static (_, n) => n + 1) <= most)
            {
                await next(connection);
            }
            else
            {
                connection.Abort(new ConnectionAbortedException("Too many connections from one address."));
            }
        }
        finally
        {
            if (_open.AddOrUpdate(key, 0, static (_, n) => n - 1) == 0)
            {
                _open.TryRemove(KeyValuePair.Create(key, 0));
            }
        }
    }

    private bool IsExempt(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return IPAddress.IsLoopback(plain) || proxies.Any(p => p.Contains(plain));
    }
}
