using System.Net;
using Microsoft.Extensions.Configuration;
using OpsConsole.Core.Remote.Outbound;
using OpsConsole.Web.Startup;

namespace OpsConsole.Tests.Core.Remote.Outbound;

public sealed class OutboundRulesTests
{
    [Theory]
    [InlineData("", "metrics.internal", "10.1.2.3", false)]
    [InlineData("", "localhost", "127.0.0.1", false)]
    [InlineData("10.1.0.0/16", "metrics.internal", "10.1.2.3", true)]
    [InlineData("10.1.0.0/16", "metrics.internal", "10.2.2.3", false)]
    [InlineData("10.1.0.0/16", "metrics.internal", "::ffff:10.1.2.3", true)]
    [InlineData("10.1.2.3", "metrics.internal", "10.1.2.3", true)]
    [InlineData("[fd12::7]", "metrics.internal", "fd12::7", true)]
    [InlineData("metrics.internal", "metrics.internal", "10.1.2.3", true)]
    [InlineData("metrics.internal", "METRICS.internal.", "10.1.2.3", true)]
    [InlineData("metrics.internal", "metrics.internal.evil.example", "10.1.2.3", false)]
    [InlineData("metrics.internal", "xmetrics.internal", "10.1.2.3", false)]
    [InlineData("metrics.internal", "metrics.internal", "127.0.0.1", false)]
    [InlineData("metrics.internal", "metrics.internal", "169.254.169.254", false)]
    [InlineData("metrics.internal,loopback", "metrics.internal", "127.0.0.1", true)]
    [InlineData("*.example.org", "a.b.example.org", "203.0.113.9", true)]
    [InlineData("*.example.org", "example.org", "203.0.113.9", false)]
    [InlineData("*.example.org", "notexample.org", "203.0.113.9", false)]
    [InlineData("public", "example.org", "93.184.216.34", true)]
    [InlineData("public", "example.org", "10.0.0.1", false)]
    [InlineData("public", "example.org", "127.0.0.1", false)]
    [InlineData("loopback", "localhost", "::1", true)]
    [InlineData("loopback", "example.org", "93.184.216.34", false)]
    public void Only_what_is_named_is_allowed(string allowed, string host, string address, bool may)
    {
        var rules = OutboundRules.Read(allowed.Split(',', StringSplitOptions.RemoveEmptyEntries), out var faults);

        Assert.Empty(faults);
        Assert.Equal(may, rules.Allows(host, IPAddress.Parse(address)));
    }

    [Theory]
    [InlineData("169.254.0.0/16", "is never connected to")]
    [InlineData("169.254.169.254", "is never connected to")]
    [InlineData("[fe80::1]", "is never connected to")]
    [InlineData("::ffff:169.254.169.254", "is never connected to")]
    [InlineData("10.1.2.3/40", "is neither a network")]
    [InlineData("everything!", "is neither a network")]
    [InlineData("*", "is neither a network")]
    [InlineData("http://metrics.internal", "is neither a network")]
    public void What_cannot_be_allowed_is_told(string allowed, string fault)
    {
        OutboundRules.Read([allowed], out var faults);

        Assert.Contains(fault, Assert.Single(faults), StringComparison.Ordinal);
    }

    [Fact]
    public void A_development_console_reaches_its_own_machine_and_another_nothing_until_it_is_told()
    {
        var loopback = IPAddress.Loopback;
        Assert.True(Options(development: true).Rules.Allows("localhost", loopback));
        Assert.False(Options(development: false).Rules.Allows("localhost", loopback));
        Assert.True(Options(development: false, ("Allow:0", "loopback")).Rules.Allows("localhost", loopback));
        Assert.True(Options(development: false, ("Allow", "10.0.0.0/8, loopback")).Rules.Allows("localhost", loopback));
        Assert.False(Options(development: true, ("Allow:0", "10.0.0.0/8")).Rules.Allows("localhost", loopback));
        Assert.Equal(
            ["OpsConsole:Outbound:Allowed is not a setting; known is Allow.", "OpsConsole:Outbound:Allow: '?' is neither a network such as 10.1.0.0/16, an address, a host name, public nor loopback."],
            Options(development: false, ("Allowed", "x"), ("Allow", "?")).Faults);
    }

    private static OutboundOptions Options(bool development, params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create($"{OutboundOptions.Section}:{s.Key}", (string?)s.Value))).Build();
        var options = new OutboundOptions();
        options.Read(configuration.GetSection(OutboundOptions.Section), development);
        return options;
    }
}
