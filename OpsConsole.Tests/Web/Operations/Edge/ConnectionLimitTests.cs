using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Configuration;
using OpsConsole.Web.Operations.Edge;

namespace OpsConsole.Tests.Web.Operations.Edge;

public sealed class ConnectionLimitTests
{
    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7", true)]
    [InlineData("203.0.113.7", "::ffff:203.0.113.7", true)]
    [InlineData("203.0.113.7", "203.0.113.8", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("10.0.0.5", "10.0.0.5", false)]
    [InlineData("127.0.0.1", "127.0.0.1", false)]
    public async Task One_address_has_so_many_connections_and_others_their_own(string first, string second, bool tooMany)
    {
        var limit = new ConnectionLimit(1, [IPNetwork.Parse("10.0.0.0/24")]);
        var open = new TaskCompletionSource();
        var one = Connection(first);
        var two = Connection(second);
        var reached = false;

        var running = limit.RunAsync(one, _ => open.Task);
        await limit.RunAsync(two, _ =>
        {
            reached = true;
            return Task.CompletedTask;
        });
        Assert.Equal(tooMany, !reached);
        open.SetResult();
        await running;

        Assert.Equal(0, limit.Addresses);
        var three = Connection(first);
        reached = false;
        await limit.RunAsync(three, _ =>
        {
            reached = true;
            return Task.CompletedTask;
        });
        Assert.True(reached);
    }

    [Fact]
    public void Settings_out_of_their_range_are_all_named()
    {
        var options = new ConfigurationBuilder().AddInMemoryCollection([new("e:Proxies:0", "10.0.0.0/24"), new("e:Proxies:1", "proxy.internal"), new("e:Burst", "0"), new("e:Connections", "1")])
            .Build().GetSection("e").Get<EdgeOptions>()!;

        Assert.Equal(
            [
                "OpsConsole:Edge:Burst is not between 1 and 1,000,000.", "OpsConsole:Edge:Connections is not between 100 and 1,000,000.",
                "OpsConsole:Edge:Proxies has 'proxy.internal', which is neither an address nor a network such as 10.0.0.0/24.",
            ],
            options.Faults());
        Assert.Single(options.ProxyNetworks());
    }

    /// <summary>Not disposed of: what is aborted ends in the background, and it holds nothing.</summary>
    private static DefaultConnectionContext Connection(string from) => new() { RemoteEndPoint = new IPEndPoint(IPAddress.Parse(from), 40000) };
}
