using System.Net;
using System.Net.Sockets;

namespace OpsConsole.Core.Remote.Outbound;

/// <summary>What an address leads to.</summary>
public enum AddressReach
{
    /// <summary>Link-local, the metadata of a cloud, multicast, broadcast, reserved or unspecified: nothing that the console has any business with.</summary>
    Never,

    /// <summary>The machine that the console runs on.</summary>
    Loopback,

    /// <summary>A network of one's own, or one that is set apart for special purposes.</summary>
    Inside,

    /// <summary>The internet.</summary>
    Public,
}

/// <summary>Tells what an address leads to, also where an IPv4 address is carried in one of IPv6: whoever translates it back would reach the same place.</summary>
public static class AddressReaches
{
    private static readonly IPNetwork[] Nevers = Networks(
        "0.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4",

        // Clouds answer for their machines here too: Alibaba, Oracle, Azure.
        "100.100.100.200/32", "192.0.0.192/32", "168.63.129.16/32",
        "::/128", "fe80::/10", "ff00::/8", "fd00:ec2::/32", "fd20:ce::/32");

    private static readonly IPNetwork[] Insides = Networks(
        "10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16",
        "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "2001::/23", "2001:db8::/32", "3fff::/20");

    private static readonly IPNetwork[] Loopbacks = Networks("127.0.0.0/8", "::1/128");

    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");
    private static readonly IPNetwork Teredo = IPNetwork.Parse("2001::/32");
    private static readonly IPNetwork WellKnownTranslation = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork LocalTranslation = IPNetwork.Parse("64:ff9b:1::/48");
    private static readonly IPNetwork Compatible = IPNetwork.Parse("::/96");
    private static readonly IPNetwork Translated = IPNetwork.Parse("::ffff:0:0:0/96");

    /// <summary>What the address leads to; of one that carries others the most guarded.</summary>
    public static AddressReach Of(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var plain = Plain(address);
        return Carried(plain).Select(Alone).Append(IsTranslated(plain) ? AddressReach.Public : Alone(plain)).Min();
    }

    /// <summary>The address without a disguise that means exactly one other: an IPv4 address that is written as one of IPv6.</summary>
    public static IPAddress Plain(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }

    /// <summary>True where the address is only another's carrier, so that the one it carries says what it leads to.</summary>
    private static bool IsTranslated(IPAddress address) => WellKnownTranslation.Contains(address) || SixToFour.Contains(address);

    private static AddressReach Alone(IPAddress address) =>
        IsIn(Loopbacks, address) ? AddressReach.Loopback
        : IsIn(Nevers, address) ? AddressReach.Never
        : IsIn(Insides, address) ? AddressReach.Inside
        : address.AddressFamily == AddressFamily.InterNetwork || GlobalUnicast.Contains(address) ? AddressReach.Public
        : AddressReach.Inside;

    /// <summary>Every IPv4 address that may be meant by one of IPv6.</summary>
    private static IEnumerable<IPAddress> Carried(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6 || IsIn(Loopbacks, address))
        {
            yield break;
        }

        var bytes = address.GetAddressBytes();
        if (WellKnownTranslation.Contains(address) || Compatible.Contains(address) || Translated.Contains(address) || IsIsatap(bytes))
        {
            yield return At(bytes, 12, 13, 14, 15);
        }

        if (LocalTranslation.Contains(address))
        {
            // Where the address lies depends on the length of the prefix in use (RFC 6052), which nobody but the network knows.
            yield return At(bytes, 6, 7, 9, 10);
            yield return At(bytes, 7, 9, 10, 11);
            yield return At(bytes, 9, 10, 11, 12);
            yield return At(bytes, 12, 13, 14, 15);
        }

        if (SixToFour.Contains(address))
        {
            yield return At(bytes, 2, 3, 4, 5);
        }

        if (Teredo.Contains(address))
        {
            yield return At(bytes, 4, 5, 6, 7);
            yield return new IPAddress([(byte)~bytes[12], (byte)~bytes[13], (byte)~bytes[14], (byte)~bytes[15]]);
        }
    }

    private static bool IsIsatap(byte[] bytes) => bytes[8] is 0 or 2 && bytes[9] == 0 && bytes[10] == 0x5e && bytes[11] == 0xfe;

    private static IPAddress At(byte[] bytes, int a, int b, int c, int d) => new([bytes[a], bytes[b], bytes[c], bytes[d]]);

    private static bool IsIn(IPNetwork[] networks, IPAddress address) => Array.Exists(networks, n => n.Contains(address));

    private static IPNetwork[] Networks(params string[] written) => [.. written.Select(IPNetwork.Parse)];
}
