using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Sources.HttpCheck;
using OpsConsole.Tests.Core.Targets;
using Check = OpsConsole.Core.Signals.HttpCheck;

namespace OpsConsole.Tests.Core.Sources.HttpCheck;

/// <summary>What a check says with its request: by that, each version can be asked for at one address.</summary>
public sealed class CheckHeadersTests
{
    private const string Override = "Cloudflare-Workers-Version-Overrides";

    private static readonly SourceCatalog Catalog = new([HttpCheckSource.Kind(() => new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }), TimeProvider.System)]);

    [Fact]
    public async Task Each_version_is_asked_for_by_a_header()
    {
        var asked = new ConcurrentQueue<string>();
        await using var server = await MisbehavingServer.StartAsync(context =>
        {
            asked.Enqueue(context.Request.Headers[Override].ToString());
            return context.Response.WriteAsync("ok");
        });
        var shape = Binding(server.Address, (Override, "shop-worker=\"$version\""));
        Assert.Empty(Catalog.Faults(shape));

        foreach (var version in new[] { "2.15.0", "2.14.3", "2\r\nX-Bad: 1\"" })
        {
            var samples = new List<SignalSample>();
            Assert.Null(await Catalog.Create(shape.For(version)).ReadAsync(samples.Add, TestContext.Current.CancellationToken));
            Assert.Equal((100, version), (samples[0].Value, samples[0].Address.Version));
        }

        Assert.Equal(["shop-worker=\"2.15.0\"", "shop-worker=\"2.14.3\"", "shop-worker=\"2%0D%0AX-Bad:%201%22\""], asked);
    }

    [Fact]
    public void Without_the_version_anywhere_both_would_show_the_same() =>
        Assert.Contains(Catalog.Faults(Binding(new Uri("http://shop.test/"), ("X-Colour", "red"))), f => f.Contains("names no version", StringComparison.Ordinal));

    [Theory]
    [InlineData("Authorization", "Bearer x", "cannot be set")]
    [InlineData("cookie", "a=b", "cannot be set")]
    [InlineData("Host", "other.test", "cannot be set")]
    [InlineData("Content-Length", "7", "cannot be set")]
    [InlineData(Check.Header, "other", "cannot be set")]
    [InlineData("X Colour", "red", "needs a name")]
    [InlineData("X-Colour", "red\r\nX-Other: 1", "needs a name")]
    [InlineData("X-Colour", "", "needs a name")]
    public void A_header_that_is_the_consoles_own_or_no_header_is_a_fault(string name, string value, string says) =>
        Assert.Contains(says, Assert.Single(Catalog.Faults(Binding(new Uri("http://shop.test/"), (name, value)) with { Version = "2.15.0" })), StringComparison.Ordinal);

    [Fact]
    public void More_than_eight_are_too_many() => Assert.Contains(
        "at most 8",
        Assert.Single(Catalog.Faults(Binding(new Uri("http://shop.test/"), [.. Enumerable.Range(0, 9).Select(n => ($"X-{n}", "1"))]) with { Version = "2.15.0" })),
        StringComparison.Ordinal);

    private static SourceBinding Binding(Uri address, params (string Name, string Value)[] headers) => new()
    {
        Key = "shop-checks", Kind = HttpCheckSource.KindName, Service = "shop", Target = "workers", Environment = "production", Version = SourceBinding.EveryVersion, Address = address,
        Rules = [], Checks = [new Check { Name = "home", Headers = headers.ToDictionary(h => h.Name, h => h.Value) }],
    };
}
