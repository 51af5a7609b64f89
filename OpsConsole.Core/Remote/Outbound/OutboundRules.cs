using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace OpsConsole.Core.Remote.Outbound;

/// <summary>Where the console may connect to of itself: what is named here and nothing else, and some places never.</summary>
public sealed class OutboundRules
{
    private readonly HashSet<string> _hosts = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _domains = [];
    private readonly List<IPNetwork> _networks = [];
    private bool _public;
    private bool _loopback;

    private OutboundRules()
    {
    }

    /// <summary>Lets the console connect to nothing.</summary>
    public static OutboundRules Nothing { get; } = new();

    /// <summary>Reads what is allowed: networks such as <c>10.1.0.0/16</c>, addresses, host names, <c>*.example.org</c>, <c>public</c> and <c>loopback</c>.</summary>
    /// <param name="allowed">One of these in each.</param>
    /// <param name="faults">What is none of them, a sentence each.</param>
    public static OutboundRules Read(IEnumerable<string> allowed, out IReadOnlyList<string> faults)
    {
        ArgumentNullException.ThrowIfNull(allowed);
        var (rules, wrong) = (new OutboundRules(), new List<string>());
        foreach (var entry in allowed.Select(a => a.Trim()))
        {
            if (rules.Fault(entry) is { } fault)
            {
                wrong.Add(fault);
            }
        }

        faults = wrong;
        return rules;
    }

    /// <summary>True where a connection that was asked for under this host name may be made to this address.</summary>
    /// <remarks>A name says who is meant, and not what its address leads to: a name that is allowed leads to no loopback unless that is allowed too, whatever the name service answers.</remarks>
    public bool Allows(string host, IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(host);
        var reach = AddressReaches.Of(address);
        var plain = AddressReaches.Plain(address);
        return reach != AddressReach.Never
            && (_networks.Exists(n => n.Contains(plain))
                || (reach == AddressReach.Loopback && _loopback)
                || (reach == AddressReach.Public && _public)
                || (reach != AddressReach.Loopback && IsNamed(host)));
    }

    private bool IsNamed(string host)
    {
        var name = host.TrimEnd('.');
        return _hosts.Contains(name) || _domains.Exists(d => name.EndsWith(d, StringComparison.OrdinalIgnoreCase) && name.Length > d.Length);
    }

    [SuppressMessage("Globalization", "CA1308", Justification = "Words of the configuration.")]
    private string? Fault(string entry)
    {
        switch (entry.ToLowerInvariant())
        {
            case "public":
                _public = true;
                return null;
            case "loopback":
                _loopback = true;
                return null;
        }

        if (Network(entry) is { } network)
        {
            if (AddressReaches.Of(network.BaseAddress) == AddressReach.Never && network.PrefixLength > 0)
            {
                return $"'{entry}' is never connected to: link-local, metadata, multicast, reserved and unspecified addresses cannot be allowed";
            }

            _networks.Add(network);
            return null;
        }

        var domain = entry.StartsWith("*.", StringComparison.Ordinal);
        var name = (domain ? entry[2..] : entry).TrimEnd('.');
        if (Uri.CheckHostName(name) != UriHostNameType.Dns || !name.Any(char.IsAsciiLetter))
        {
            return $"'{entry}' is neither a network such as 10.1.0.0/16, an address, a host name, public nor loopback";
        }

        if (domain)
        {
            _domains.Add("." + name);
        }
        else
        {
            _hosts.Add(name);
        }

        return null;
    }

    /// <summary>A network, or an address as the network of itself alone.</summary>
    private static IPNetwork? Network(string entry) =>
        IPNetwork.TryParse(entry, out var network) ? network
        : entry.Any(c => c is '.' or ':') && IPAddress.TryParse(entry.Trim('[', ']'), out var one) && !entry.Contains('/', StringComparison.Ordinal)
            ? new IPNetwork(AddressReaches.Plain(one), AddressReaches.Plain(one).GetAddressBytes().Length * 8)
            : null;
}
