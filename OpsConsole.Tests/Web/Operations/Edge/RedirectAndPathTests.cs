using System.Net;
using FsCheck;
using FsCheck.Fluent;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Identity;

namespace OpsConsole.Tests.Web.Operations.Edge;

/// <summary>Addresses that would lead out of the console, and paths that would lead out of its files.</summary>
public sealed class RedirectAndPathTests(PostgresFixture postgres)
{
    private static readonly string[] Elsewhere =
    [
        "https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example", "/\n//evil.example", "\t//evil.example", " //evil.example", "https:evil.example", "///evil.example",
        "/%09/evil.example\n", "javascript:alert(1)", "data:text/html,x", "/\0/evil.example", "@evil.example", "http:\\\\evil.example", "/\u0000//evil.example", "/releases\r\nSet-Cookie: x=y", "evil.example",
    ];

    private static readonly string[] Outside =
    [
        "/../appsettings.json", "/css/../../appsettings.json", "/css/..%2f..%2fappsettings.json", "/css/%2e%2e/%2e%2e/appsettings.json",
        "/css/..%5c..%5cappsettings.json", "/css/....//....//appsettings.json", "/css/%252e%252e%252fappsettings.json", "/css/..%c0%af..%c0%afappsettings.json",
        "/appsettings.json", "/.data/keys", "/js/../package.json", "/package.json",
        "/node_modules/apexcharts/package.json", "/_content/../../../../etc/passwd", "/_framework/..%2f..%2fOpsConsole.Web.dll", "/OpsConsole.Web.dll",
        "/css/app.css%00.json",
    ];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public void Only_an_address_of_the_console_is_followed()
    {
        Assert.All(Elsewhere, address => Assert.Equal("/", LocalAddress.Or(address, "/")));
        Assert.Equal("/releases?q=a//b", LocalAddress.Or("/releases?q=a//b", "/"));
    }

    [Fact]
    public void However_an_address_is_put_together_it_leads_nowhere_else()
    {
        var parts = Gen.Elements("/", "\\", "//", "evil.example", "\t", "\n", "%2f", "%5c", "@", ":", "https:", "http://", "?", "#", ".", "..", "\u2028", "\u00a0", "releases", "／", "。");
        Prop.ForAll(parts.ListOf().ToArbitrary(), list =>
        {
            var address = LocalAddress.Or(string.Concat(list), "/");
            var led = new Uri(new Uri("https://console.example/sign-in"), address);
            return led.Host == "console.example" && led.Scheme == "https";
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(10_000));
    }

    [Fact]
    public async Task No_redirect_of_any_endpoint_leaves_the_console_whatever_it_is_given()
    {
        await using var console = await EdgeConsole.StartAsync(postgres, "Development");
        using var http = console.Http(null);
        var cookie = await console.CookieAsync("Viewer");
        foreach (var endpoint in console.Endpoints.Where(e => !e.IsApi && !e.Pattern.StartsWith("/_blazor", StringComparison.Ordinal)))
        {
            foreach (var address in Elsewhere)
            {
                foreach (var signedIn in (bool[])[true, false])
                {
                    var value = Uri.EscapeDataString(address);
                    using var message = new HttpRequestMessage(new HttpMethod(endpoint.Method), endpoint.Path(_ => "x") + $"?returnUrl={value}&ReturnUrl={value}&redirect={value}");
                    if (signedIn)
                    {
                        message.Headers.Add("Cookie", cookie);
                    }

                    using var answer = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, Cancelled);
                    if (answer.Headers.Location is { } to)
                    {
                        Assert.Equal(console.Address.Authority, new Uri(console.Address, to).Authority);
                    }

                    Assert.False(answer.Headers.Contains("Set-Cookie") && answer.Headers.GetValues("Set-Cookie").Any(c => c.StartsWith("x=", StringComparison.Ordinal)));
                }
            }
        }
    }

    [Fact]
    public async Task No_file_but_the_assets_is_served()
    {
        await using var console = await EdgeConsole.StartAsync(postgres, "Development");
        using var http = console.Http();
        foreach (var path in Outside)
        {
            using var message = new HttpRequestMessage(HttpMethod.Get, new Uri(console.Address.GetLeftPart(UriPartial.Authority) + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
            using var answer = await http.SendAsync(message, Cancelled);
            Assert.True(answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest, $"{path}: {answer.StatusCode}");
            Assert.DoesNotContain("LogLevel", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        }
    }
}
