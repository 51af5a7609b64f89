using System.Net;
using FsCheck;
using FsCheck.Fluent;
using OpsConsole.Core.Remote.Outbound;

namespace OpsConsole.Tests.Core.Remote.Outbound;

/// <summary>What an address leads to, however it is written.</summary>
public sealed class AddressReachTests
{
    private static readonly Func<byte[], string>[] Spellings =
    [
        b => $"{b[0]}.{b[1]}.{b[2]}.{b[3]}",
        b => $"0x{b[0]:x}.0x{b[1]:x}.0x{b[2]:x}.0x{b[3]:x}",
        b => string.Join('.', b.Select(x => "0" + Convert.ToString(x, 8))),
        b => Whole(b).ToString(System.Globalization.CultureInfo.InvariantCulture),
        b => $"0x{Whole(b):x8}",
        b => $"{b[0]}.{(b[1] << 16) | (b[2] << 8) | b[3]}",
        b => $"{b[0]}.{b[1]}.{(b[2] << 8) | b[3]}",
        b => $"[::ffff:{b[0]}.{b[1]}.{b[2]}.{b[3]}]",
        b => $"[::ffff:{Pair(b, 0)}:{Pair(b, 2)}]",
        b => $"[0:0:0:0:0:FFFF:{Pair(b, 0)}:{Pair(b, 2)}]",
        b => $"[::{Pair(b, 0)}:{Pair(b, 2)}]",
        b => $"[64:ff9b::{Pair(b, 0)}:{Pair(b, 2)}]",
        b => $"[64:ff9b:1::{Pair(b, 0)}:{Pair(b, 2)}]",
        b => $"[64:ff9b:1:{Pair(b, 0)}:{b[2]:x2}:{b[3]:x2}00::]",
        b => $"[2002:{Pair(b, 0)}:{Pair(b, 2)}::1]",
        b => $"[2001:0:{Pair(b, 0)}:{Pair(b, 2)}::]",
        b => $"[2001:0:5db8:d822:0:0:{(Pair(b, 0, flip: true))}:{Pair(b, 2, flip: true)}]",
        b => $"[::ffff:0:{Pair(b, 0)}:{Pair(b, 2)}]",
        b => $"[2a00:1450::5efe:{Pair(b, 0)}:{Pair(b, 2)}]",
        b => $"[2a00:1450::200:5efe:{Pair(b, 0)}:{Pair(b, 2)}]",
    ];

    [Theory]
    [InlineData("169.254.169.254", AddressReach.Never)]
    [InlineData("169.254.170.2", AddressReach.Never)]
    [InlineData("100.100.100.200", AddressReach.Never)]
    [InlineData("168.63.129.16", AddressReach.Never)]
    [InlineData("0.0.0.0", AddressReach.Never)]
    [InlineData("0.1.2.3", AddressReach.Never)]
    [InlineData("224.0.0.251", AddressReach.Never)]
    [InlineData("255.255.255.255", AddressReach.Never)]
    [InlineData("::", AddressReach.Never)]
    [InlineData("fe80::1", AddressReach.Never)]
    [InlineData("fe80::1%3", AddressReach.Never)]
    [InlineData("febf::1", AddressReach.Never)]
    [InlineData("ff02::1", AddressReach.Never)]
    [InlineData("fd00:ec2::254", AddressReach.Never)]
    [InlineData("127.0.0.1", AddressReach.Loopback)]
    [InlineData("127.255.0.9", AddressReach.Loopback)]
    [InlineData("::1", AddressReach.Loopback)]
    [InlineData("10.1.2.3", AddressReach.Inside)]
    [InlineData("172.31.0.1", AddressReach.Inside)]
    [InlineData("192.168.1.1", AddressReach.Inside)]
    [InlineData("100.64.0.1", AddressReach.Inside)]
    [InlineData("fd12::1", AddressReach.Inside)]
    [InlineData("fec0::1", AddressReach.Inside)]
    [InlineData("2001:db8::1", AddressReach.Inside)]
    [InlineData("8.8.8.8", AddressReach.Public)]
    [InlineData("172.32.0.1", AddressReach.Public)]
    [InlineData("2a00:1450::1", AddressReach.Public)]
    [InlineData("64:ff9b::808:808", AddressReach.Public)]
    public void Each_kind_of_address_is_known(string address, AddressReach reach) => Assert.Equal(reach, AddressReaches.Of(IPAddress.Parse(address)));

    [Fact]
    public void No_spelling_of_an_address_that_is_never_connected_to_gets_through_whatever_is_allowed()
    {
        var everything = OutboundRules.Read(["public", "loopback", "0.0.0.0/0", "::/0", "any.example.org"], out var faults);
        Assert.Empty(faults);
        Prop.ForAll(Spelt(Never()).ToArbitrary(), spelt => !everything.Allows("any.example.org", AddressOf(spelt)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
    }

    [Fact]
    public void No_spelling_of_loopback_gets_through_where_loopback_is_not_allowed()
    {
        var rules = OutboundRules.Read(["public", "10.0.0.0/8", "any.example.org"], out _);
        Prop.ForAll(Spelt(Bytes(127)).ToArbitrary(), spelt => !rules.Allows("any.example.org", AddressOf(spelt)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
    }

    [Fact]
    public void No_spelling_of_an_inside_address_counts_as_the_internet()
    {
        var rules = OutboundRules.Read(["public"], out _);
        var inside = Gen.OneOf(Bytes(10), Bytes(192, 168), Bytes(172, 16), Bytes(100, 64), Bytes(198, 18));
        Prop.ForAll(Spelt(inside).ToArbitrary(), spelt => !rules.Allows("any.example.org", AddressOf(spelt)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
    }

    private static Gen<byte[]> Never() => Gen.OneOf(Bytes(169, 254), Bytes(0), Bytes(224), Bytes(239), Bytes(240), Bytes(255), Bytes(169, 254, 169, 254));

    private static Gen<byte[]> Bytes(params byte[] first) => Gen.Choose(0, 255).ArrayOf(4 - first.Length).Select(rest => (byte[])[.. first, .. rest.Select(r => (byte)r)]);

    private static Gen<string> Spelt(Gen<byte[]> addresses) => from b in addresses from way in Gen.Choose(0, Spellings.Length - 1) select Spellings[way](b);

    /// <summary>As the console meets it: read as a part of an address, whose host is then connected to.</summary>
    private static IPAddress AddressOf(string spelt)
    {
        var host = new Uri($"http://{spelt}:8080/").DnsSafeHost;
        return IPAddress.TryParse(host, out var address) ? address : Assert.Single(Dns.GetHostAddresses(host));
    }

    private static uint Whole(byte[] b) => ((uint)b[0] << 24) | ((uint)b[1] << 16) | ((uint)b[2] << 8) | b[3];

    private static string Pair(byte[] b, int at, bool flip = false) => ((((b[at] << 8) | b[at + 1]) ^ (flip ? 0xffff : 0))).ToString("x", System.Globalization.CultureInfo.InvariantCulture);
}
