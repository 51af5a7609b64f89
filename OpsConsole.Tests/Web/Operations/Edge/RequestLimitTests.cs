using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using OpsConsole.Core.Access;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Identity;
using OpsConsole.Web.Operations.Edge;
using Microsoft.Extensions.DependencyInjection;

namespace OpsConsole.Tests.Web.Operations.Edge;

/// <summary>How often callers may ask, and that stopping never waits for it.</summary>
public sealed class RequestLimitTests(PostgresFixture postgres)
{
    private const int Burst = 20;

    private static readonly (string, string)[] Few =
    [
        ("OpsConsole:Edge:RequestsPerSecond", "1"), ("OpsConsole:Edge:Burst", "20"), ("OpsConsole:Edge:StopsPerSecond", "1"), ("OpsConsole:Edge:StopsBurst", "20"),
    ];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_caller_that_asks_too_often_is_told_when_to_ask_again_and_can_still_stop_everything()
    {
        await using var console = await EdgeConsole.StartAsync(postgres, settings: Few);
        using var http = console.Http();
        var last = await FloodAsync(http, "/api/v1/board");

        Assert.Equal(HttpStatusCode.TooManyRequests, last.StatusCode);
        Assert.InRange(last.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        var problem = await last.Content.ReadFromJsonAsync<JsonElement>(Cancelled);
        Assert.Equal((429, "Too many requests"), (problem.GetProperty("status").GetInt32(), problem.GetProperty("title").GetString()));
        Assert.NotEmpty(problem.GetProperty("traceId").GetString()!);

        // Every verb that stops, with a budget that nothing ordinary has touched.
        foreach (var stop in Stops(console))
        {
            Assert.NotEqual(HttpStatusCode.TooManyRequests, await PostAsync(http, stop));
        }
    }

    [Fact]
    public async Task What_stops_is_exactly_halting_rolling_back_and_killing()
    {
        await using var console = await EdgeConsole.StartAsync(postgres);

        Assert.Equal(
            ["/api/v1/releases/{id:guid}/actions/halt", "/api/v1/releases/{id:guid}/actions/rollback", "/api/v1/switches/{key}/kill"],
            console.Endpoints.Where(e => Kind(e) == RequestKind.Stop).Select(e => e.Pattern));
        Assert.All(console.Endpoints.Where(e => Kind(e) == RequestKind.Free), e => Assert.Matches("^/(health|ofrep|api/v1/flag-events|flag)", e.Pattern));
    }

    [Fact]
    public async Task Stopping_has_a_budget_too_and_it_is_each_callers_own()
    {
        await using var console = await EdgeConsole.StartAsync(postgres, settings: Few);
        using var one = console.Http();
        using var other = console.Http(console.Services.GetRequiredService<ServiceTokens>().Issue("other", Role.OnCall));
        var kill = "/api/v1/switches/none/kill";
        for (var i = 0; i < 2 * Burst && await PostAsync(one, kill) != HttpStatusCode.TooManyRequests; i++)
        {
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, await PostAsync(one, kill));
        Assert.NotEqual(HttpStatusCode.TooManyRequests, await PostAsync(other, kill));
        using var board = await one.GetAsync(new Uri("/api/v1/board", UriKind.Relative), Cancelled);
        Assert.Equal(HttpStatusCode.OK, board.StatusCode);
    }

    [Fact]
    public async Task Who_floods_without_a_token_takes_nothing_from_who_has_one_and_the_probes_are_always_answered()
    {
        await using var console = await EdgeConsole.StartAsync(postgres, settings: Few);
        using var nobody = console.Http(null);
        using var somebody = console.Http();

        Assert.Equal(HttpStatusCode.TooManyRequests, (await FloodAsync(nobody, "/metrics")).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, await PostAsync(nobody, "/api/v1/switches/none/kill"));
        Assert.NotEqual(HttpStatusCode.TooManyRequests, await PostAsync(somebody, "/api/v1/switches/none/kill"));
        using var board = await somebody.GetAsync(new Uri("/api/v1/board", UriKind.Relative), Cancelled);
        Assert.Equal(HttpStatusCode.OK, board.StatusCode);
        using var live = await nobody.GetAsync(new Uri("/health/live", UriKind.Relative), Cancelled);
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
    }

    [Fact]
    public async Task A_body_header_or_address_that_is_too_long_is_refused_at_every_endpoint_that_writes()
    {
        await using var console = await EdgeConsole.StartAsync(postgres);
        using var http = console.Http();
        var large = new byte[5 * 1024 * 1024];
        Array.Fill(large, (byte)' ');
        foreach (var endpoint in console.Endpoints.Where(e => e.Writes))
        {
            using var message = new HttpRequestMessage(new HttpMethod(endpoint.Method), endpoint.Path(_ => Guid.Empty.ToString())) { Content = new ByteArrayContent(large) };
            message.Content.Headers.ContentType = new(endpoint.IsApi ? "application/json" : "application/x-www-form-urlencoded");
            message.Headers.ExpectContinue = true;
            using var answer = await http.SendAsync(message, Cancelled);
            Assert.True((int)answer.StatusCode is >= 400 and < 500, $"{endpoint}: {answer.StatusCode}");
        }

        using var longAddress = await http.GetAsync(new Uri("/api/v1/board?" + new string('a', 9000), UriKind.Relative), Cancelled);
        Assert.Equal(HttpStatusCode.RequestUriTooLong, longAddress.StatusCode);
        using var manyHeaders = new HttpRequestMessage(HttpMethod.Get, "/api/v1/board");
        for (var i = 0; i < 70; i++)
        {
            manyHeaders.Headers.Add("x-" + i, "y");
        }

        using var refused = await http.SendAsync(manyHeaders, Cancelled);
        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, refused.StatusCode);
    }

    private static async Task<HttpResponseMessage> FloodAsync(HttpClient http, string address)
    {
        HttpResponseMessage? last = null;
        for (var i = 0; i < 3 * Burst && last?.StatusCode != HttpStatusCode.TooManyRequests; i++)
        {
            last?.Dispose();
            last = await http.GetAsync(new Uri(address, UriKind.Relative), Cancelled);
        }

        return last!;
    }

    private static async Task<HttpStatusCode> PostAsync(HttpClient http, string address)
    {
        using var body = new StringContent("""{"reason":"it is bad"}""", Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri(address, UriKind.Relative), body, Cancelled);
        return answer.StatusCode;
    }

    private static IEnumerable<string> Stops(EdgeConsole console) => console.Endpoints.Where(e => Kind(e) == RequestKind.Stop).Select(e => e.Path(_ => Guid.Empty.ToString()));

    private static RequestKind Kind(ConsoleEndpoint endpoint) => endpoint.Endpoint.Metadata.GetMetadata<RequestKindMetadata>()?.Kind ?? RequestKind.Ordinary;
}
