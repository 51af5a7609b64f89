using System.Net;
using System.Net.Sockets;

namespace OpsConsole.Web.Operations.Edge;

/// <summary>What counts as one address where something is counted by address.</summary>
internal static class CallerAddress
{
    /// <summary>An IPv6 network counts as one: whoever has one address of it has all.</summary>
    public static string Key(IPAddress? address) => address switch
    {
        null => "",
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => Convert.ToHexString(address.GetAddressBytes(), 0, 8),
        _ => address.ToString(),
    };
}
