using System.Net;
using System.Net.WebSockets;
using System.Text;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Web.Operations.Edge;

/// <summary>Requests that another site's page makes with the cookie of someone who is signed in.</summary>
public sealed class CrossSiteTests(PostgresFixture postgres)
{
    private static readonly (string Name, string Value)[][] Foreign =
    [
        [("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site")],
        [("Origin", "https://evil.example")],
        [("Origin", "null")],
        [("Sec-Fetch-Site", "cross-site")],
        [("Sec-Fetch-Site", "same-site"), ("Origin", "http://localhost:1")],
    ];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_that_writes_takes_a_request_of_another_sites_page()
    {
        await using var console = await EdgeConsole.StartAsync(postgres, "Development");
        var cookie = await console.CookieAsync();
        using var http = console.Http(null);
        var writing = console.Endpoints.Where(e => e.Writes).ToList();
        Assert.InRange(writing.Count, 30, 500);

        foreach (var endpoint in writing)
        {
            foreach (var headers in Foreign)
            {
                foreach (var type in (string[])["application/json", "text/plain", "application/x-www-form-urlencoded"])
                {
                    var status = await SendAsync(http, endpoint.Method, endpoint.Path(_ => Guid.Empty.ToString()), cookie, type, headers);

                    // These take no cookie, and without a trusted issuer or a configured hook nothing at all.
                    var isOff = (endpoint.Pattern == "/api/v1/tokens/federated" || endpoint.Pattern.StartsWith("/api/v1/hooks/", StringComparison.Ordinal)) && status == HttpStatusCode.NotFound;
                    Assert.True(isOff || status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.BadRequest, $"{endpoint} with {string.Join(", ", headers)} as {type}: {status}");
                }
            }
        }

        // The same cookie counts where the page is the console's own, so that what is above can fail.
        var own = console.Address.GetLeftPart(UriPartial.Authority);
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(http, "POST", "/api/v1/switches/none/kill", cookie, "application/json", [("Origin", own), ("Sec-Fetch-Site", "same-origin")]));
    }

    [Fact]
    public async Task Every_form_needs_the_tokens_that_its_page_was_given()
    {
        await using var console = await EdgeConsole.StartAsync(postgres, "Development");
        var cookie = await console.CookieAsync();
        using var http = console.Http(null);
        var own = console.Address.GetLeftPart(UriPartial.Authority);

        foreach (var endpoint in console.Endpoints.Where(e => e.Writes && !e.IsApi && !e.Pattern.StartsWith("/ofrep", StringComparison.Ordinal) && !e.Pattern.StartsWith("/_blazor", StringComparison.Ordinal) && !e.Pattern.StartsWith("/hubs", StringComparison.Ordinal)))
        {
            var status = await SendAsync(http, endpoint.Method, endpoint.Path(_ => Guid.Empty.ToString()), cookie, "application/x-www-form-urlencoded", [("Origin", own), ("Sec-Fetch-Site", "same-origin")]);
            Assert.True(status == HttpStatusCode.BadRequest, $"{endpoint}: {status}");
        }
    }

    [Theory]
    [InlineData("/_blazor")]
    [InlineData("/hubs/board")]
    public async Task No_live_connection_opens_from_another_sites_page(string path)
    {
        await using var console = await EdgeConsole.StartAsync(postgres, "Development");
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Cookie", await console.CookieAsync());
        socket.Options.SetRequestHeader("Origin", "https://evil.example");
        socket.Options.CollectHttpResponseDetails = true;

        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(new UriBuilder(console.Address) { Scheme = "ws", Path = path }.Uri, Cancelled));

        Assert.Equal(HttpStatusCode.Forbidden, socket.HttpStatusCode);
    }

    [Fact]
    public async Task A_name_that_was_made_to_lead_to_this_machine_gets_nothing()
    {
        await using var console = await EdgeConsole.StartAsync(postgres, "Development");
        using var http = console.Http();
        using var message = new HttpRequestMessage(HttpMethod.Get, "/api/v1/board");
        message.Headers.Host = "rebinding.example";

        using var answer = await http.SendAsync(message, Cancelled);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private static async Task<HttpStatusCode> SendAsync(HttpClient http, string method, string address, string cookie, string type, (string Name, string Value)[] headers)
    {
        using var message = new HttpRequestMessage(new HttpMethod(method), address) { Content = new StringContent("""{"reason":"it is bad"}""", Encoding.UTF8, type) };
        message.Headers.Add("Cookie", cookie);
        foreach (var (name, value) in headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await http.SendAsync(message, Cancelled);
        return answer.StatusCode;
    }
}
