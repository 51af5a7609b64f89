using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using OpsConsole.Core.Access;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Identity;
using OpsConsole.Web.Operations.Edge;
using Microsoft.AspNetCore.Http;
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
        Assert.All(console.Endpoints.Where(e => Kind(e) == RequestKind.Free), e => Assert.Matches("^/(health|ofrep|api/v1/flag-events|flag|api/v1/hooks/flagger|sign-in/emergency)", e.Pattern));
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

        Assert.Equal(HttpStatusCode.TooManyRequests, (await FloodAsync(nobody, "/api/v1/board")).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, await PostAsync(nobody, "/api/v1/switches/none/kill"));
        Assert.NotEqual(HttpStatusCode.TooManyRequests, await PostAsync(somebody, "/api/v1/switches/none/kill"));
        using var board = await somebody.GetAsync(new Uri("/api/v1/board", UriKind.Relative), Cancelled);
        Assert.Equal(HttpStatusCode.OK, board.StatusCode);
        using var live = await nobody.GetAsync(new Uri("/health/live", UriKind.Relative), Cancelled);
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
    }

    [Fact]
    public async Task Who_floods_one_open_address_takes_no_other_one_from_its_network_and_never_a_roll_back_of_Flagger()
    {
        await using var console = await EdgeConsole.StartAsync(postgres, settings: Few);
        using var nobody = console.Http(null);
        const string rollback = "/api/v1/hooks/flagger/shop/production/rollback", federated = "/api/v1/tokens/federated", github = "/api/v1/hooks/github/shop";

        Assert.Equal(HttpStatusCode.TooManyRequests, (await FloodAsync(nobody, "/metrics")).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await FloodAsync(nobody, "/api/v1/board")).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, await FloodPostAsync(nobody, github));
        Assert.Equal(HttpStatusCode.NotFound, await PostAsync(nobody, federated));
        Assert.Equal(HttpStatusCode.TooManyRequests, await FloodPostAsync(nobody, federated));

        // It counts calls without the token by itself, so that one with it is always heard.
        Assert.Equal(HttpStatusCode.NotFound, await FloodPostAsync(nobody, rollback));
    }

    [Fact]
    public async Task Who_floods_from_the_network_of_a_person_keeps_the_emergency_secret_from_nobody()
    {
        await using var console = await EdgeConsole.StartAsync(
            postgres,
            settings:
            [
                .. Few, ("OpsConsole:SignIn:ServicesOnly", "false"), ("OpsConsole:SignIn:Authority", "https://127.0.0.1:9/issuer"), ("OpsConsole:SignIn:ClientId", "ops"),
                ("OpsConsole:SignIn:ClientSecret", "a secret of the client"), ("OpsConsole:SignIn:Roles:Admin:0", "admins"), ("OpsConsole:Edge:Proxies:0", "127.0.0.1"), ("OpsConsole:Keys:Unprotected", "true"),
            ]);
        using var nobody = console.Http(null);
        nobody.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");

        Assert.Equal(HttpStatusCode.TooManyRequests, (await FloodAsync(nobody, "/metrics")).StatusCode);
        using var page = await nobody.GetAsync(new Uri("/sign-in", UriKind.Relative), Cancelled);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);

        // None of these is the console's own form.
        for (var i = 0; i < 3 * Burst; i++)
        {
            using var form = new FormUrlEncodedContent([new("secret", "wrong")]);
            using var answer = await nobody.PostAsync(new Uri("/sign-in/emergency", UriKind.Relative), form, Cancelled);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }
    }

    [Fact]
    public async Task One_caller_does_not_take_every_place_for_long_requests()
    {
        await using var limiter = RequestLimits.Of(new EdgeOptions());
        using var first = limiter.AttemptAcquire(Asked(Caller("ada"), RequestKind.Long));
        using var second = limiter.AttemptAcquire(Asked(Caller("ada"), RequestKind.Long));
        using var third = limiter.AttemptAcquire(Asked(Caller("ada"), RequestKind.Long));
        using var other = limiter.AttemptAcquire(Asked(Caller("ben"), RequestKind.Long));
        using var another = limiter.AttemptAcquire(Asked(Caller("ben"), RequestKind.Long));
        using var late = limiter.AttemptAcquire(Asked(Caller("cem"), RequestKind.Long));

        Assert.Equal([true, true, false, true, true, false], new[] { first, second, third, other, another, late }.Select(l => l.IsAcquired));
    }

    [Fact]
    public async Task A_flag_clients_public_token_uses_up_nobody_elses_stops()
    {
        await using var limiter = RequestLimits.Of(new EdgeOptions { StopsPerSecond = 1, StopsBurst = 1 });
        var client = new Operator("ci", Role.FlagClient, IsService: true) { FlagClient = Guid.NewGuid(), Environment = "production" };
        var token = new Operator("ci", Role.Service, IsService: true) { Token = Guid.NewGuid(), Scope = AccessScope.Parse("production:releases:halt") };
        using var taken = limiter.AttemptAcquire(Asked(client, RequestKind.Stop));
        using var refused = limiter.AttemptAcquire(Asked(client, RequestKind.Stop));
        using var stop = limiter.AttemptAcquire(Asked(token, RequestKind.Stop));

        Assert.Equal((true, false, true), (taken.IsAcquired, refused.IsAcquired, stop.IsAcquired));
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

    private static async Task<HttpStatusCode> FloodPostAsync(HttpClient http, string address)
    {
        HttpStatusCode last = default;
        for (var i = 0; i < 3 * Burst && last != HttpStatusCode.TooManyRequests; i++)
        {
            last = await PostAsync(http, address);
        }

        return last;
    }

    private static Operator Caller(string name) => new(name, Role.Viewer, IsService: false);

    private static DefaultHttpContext Asked(Operator by, RequestKind kind)
    {
        var context = new DefaultHttpContext { User = by.ToPrincipal("test") };
        context.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(new RequestKindMetadata(kind)), "test"));
        return context;
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
