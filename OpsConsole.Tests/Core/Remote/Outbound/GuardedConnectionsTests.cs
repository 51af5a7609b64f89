using System.Net;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Sources.HttpCheck;
using OpsConsole.Core.Remote.Outbound;
using OpsConsole.Core.Sources.PrometheusText;
using OpsConsole.Tests.Core.Sources.PrometheusText;
using OpsConsole.Tests.Core.Targets;

namespace OpsConsole.Tests.Core.Remote.Outbound;

/// <summary>Connections are made to addresses that were checked, and to no others.</summary>
public sealed class GuardedConnectionsTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_allowed_is_reached()
    {
        await using var server = await MisbehavingServer.AnswersAsync(HttpStatusCode.OK, "here");
        using var http = Client("loopback");

        Assert.Equal("here", await http.GetStringAsync(server.Address, Cancelled));
    }

    [Fact]
    public async Task What_is_not_allowed_is_refused_before_anything_is_sent()
    {
        await using var server = await MisbehavingServer.AnswersAsync(HttpStatusCode.OK, "here");
        using var http = Client("public");

        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => http.GetStringAsync(server.Address, Cancelled));

        Assert.IsType<OutboundRefusedException>(refused.InnerException);
        Assert.Equal(0, server.Requests);
    }

    [Fact]
    public async Task A_name_that_answers_otherwise_the_second_time_gains_nothing()
    {
        await using var server = await MisbehavingServer.AnswersAsync(HttpStatusCode.OK, "here");
        var asked = 0;
        using var http = Client("10.9.9.9", (_, _) => Task.FromResult<IPAddress[]>(Interlocked.Increment(ref asked) == 1 ? [IPAddress.Loopback] : [IPAddress.Parse("10.9.9.9")]));

        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => http.GetStringAsync(new Uri($"http://rebinding.example:{server.Address.Port}/"), Cancelled));

        Assert.IsType<OutboundRefusedException>(refused.InnerException);
        Assert.Equal((1, 0), (asked, server.Requests));
    }

    [Fact]
    public async Task Of_several_addresses_only_allowed_ones_are_tried()
    {
        await using var server = await MisbehavingServer.AnswersAsync(HttpStatusCode.OK, "here");
        using var http = Client("127.0.0.1", (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("169.254.169.254"), IPAddress.IPv6Loopback, IPAddress.Loopback]));

        Assert.Equal("here", await http.GetStringAsync(new Uri($"http://several.example:{server.Address.Port}/"), Cancelled));
    }

    [Fact]
    public async Task A_source_at_a_place_that_is_not_allowed_says_so_and_is_no_value()
    {
        await using var server = await MisbehavingServer.AnswersAsync(HttpStatusCode.OK, "queue 7\n");
        var samples = new List<SignalSample>();
        var binding = ScriptedSource.Binding(ScriptedSource.Gauge("queue")) with { Address = server.Address };

        var fault = await new PrometheusTextSource(binding, () => Client("public"), TimeProvider.System).ReadAsync(samples.Add, Cancelled);

        Assert.Equal("The console may not connect there: the network or host is not allowed in OpsConsole:Outbound:Allow.", fault);
        Assert.All(samples, s => Assert.Equal(SampleKind.Error, s.Kind));
        Assert.NotEmpty(samples);
        Assert.Equal(0, server.Requests);
    }

    [Fact]
    public async Task A_synthetic_check_of_the_metadata_address_is_the_consoles_fault_and_never_a_pass_or_a_failure()
    {
        var samples = new List<SignalSample>();
        var binding = new SourceBinding
        {
            Key = "one", Kind = HttpCheckSource.KindName, Service = "shop", Target = "gateway", Environment = "production", Version = "1.0.0",
            Address = new Uri("http://[::ffff:169.254.169.254]/latest/meta-data/"), Interval = TimeSpan.FromSeconds(5), Timeout = TimeSpan.FromSeconds(3), Rules = [],
            Checks = [new OpsConsole.Core.Signals.HttpCheck { Name = "home", Path = "/", Status = [new(200, 299)] }],
        };

        var fault = await new HttpCheckSource(binding, () => Client("public", null, "loopback", "0.0.0.0/0"), TimeProvider.System).ReadAsync(samples.Add, Cancelled);

        Assert.Equal("The console never connects to link-local, metadata, multicast or reserved addresses.", fault);
        Assert.All(samples, s => Assert.Equal(SampleKind.Error, s.Kind));
    }

    [Fact]
    public async Task No_proxy_and_no_redirect_is_followed()
    {
        await using var inside = await MisbehavingServer.AnswersAsync(HttpStatusCode.OK, "inside");
        await using var server = await MisbehavingServer.StartAsync(context =>
        {
            context.Response.Redirect(inside.Address.ToString());
            return Task.CompletedTask;
        });
        using var handler = new GuardedConnections(() => OutboundRules.Nothing).Handler();
        using var http = Client("loopback");

        using var answer = await http.GetAsync(server.Address, Cancelled);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal(0, inside.Requests);
        Assert.False(handler.UseProxy);
    }

    private static HttpClient Client(string allowed, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null, params string[] more)
    {
        var rules = OutboundRules.Read([allowed, .. more], out var faults);
        Assert.Empty(faults);
        return new HttpClient(new GuardedConnections(() => rules, resolve).Handler());
    }
}
