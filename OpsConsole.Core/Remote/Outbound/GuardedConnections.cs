using System.Net;
using System.Net.Sockets;

namespace OpsConsole.Core.Remote.Outbound;

/// <summary>A connection that the console may not make. The message is a sentence for people, without the address that a name led to.</summary>
public sealed class OutboundRefusedException(string sentence) : Exception(sentence);

/// <summary>Makes the connections of HTTP clients that are given addresses by configuration or by people, and only to where <see cref="OutboundRules"/> let them.</summary>
/// <remarks>The name is resolved here, and the connection is made to an address that was checked: a name that answers differently the next time gains nothing by it.</remarks>
/// <param name="rules">What is allowed, read for every connection.</param>
/// <param name="resolve">The name service, where it is not the machine's.</param>
public sealed class GuardedConnections(Func<OutboundRules> rules, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
{
    /// <summary>A handler that connects only so: no proxy, no redirects, no cookies.</summary>
    /// <remarks>A proxy would make the connection in the console's place, and a redirect is an address that somebody else wrote.</remarks>
    public SocketsHttpHandler Handler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Deflate,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ConnectCallback = (context, cancellationToken) => ConnectAsync(context.DnsEndPoint, cancellationToken),
    };

    /// <summary>The addresses of a host that the console may connect to, for what makes its connections by itself: it has to use one of these, and not the name again.</summary>
    /// <exception cref="OutboundRefusedException">It may connect to none of them.</exception>
    /// <exception cref="SocketException">The name is not known.</exception>
    public async Task<IReadOnlyList<IPAddress>> AddressesAsync(string host, CancellationToken cancellationToken) => await AllowedAsync(host, cancellationToken).ConfigureAwait(false);

    private async ValueTask<Stream> ConnectAsync(DnsEndPoint to, CancellationToken cancellationToken)
    {
        var allowed = await AllowedAsync(to.Host, cancellationToken).ConfigureAwait(false);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, to.Port, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<IPAddress[]> AllowedAsync(string host, CancellationToken cancellationToken)
    {
        var found = IPAddress.TryParse(host, out var written) ? [written]
            : await (resolve is null ? Dns.GetHostAddressesAsync(host, cancellationToken) : resolve(host, cancellationToken)).ConfigureAwait(false);
        if (found.Length == 0)
        {
            throw new SocketException((int)SocketError.HostNotFound);
        }

        var now = rules();
        var allowed = Array.FindAll(found, address => now.Allows(host, address));
        return allowed.Length > 0 ? allowed
            : throw new OutboundRefusedException(Array.TrueForAll(found, a => AddressReaches.Of(a) == AddressReach.Never)
                ? "The console never connects to link-local, metadata, multicast or reserved addresses."
                : "The console may not connect there: the network or host is not allowed in OpsConsole:Outbound:Allow.");
    }
}
