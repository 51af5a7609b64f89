using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Operations;

namespace OpsConsole.Tests.Web.Operations.Edge;

public sealed class SafeHeadersTests(PostgresFixture postgres)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_answer_carries_them_also_refusals_and_what_does_not_exist()
    {
        await using var console = await EdgeConsole.StartAsync(postgres, "Development");
        var cookie = await console.CookieAsync();
        using var http = console.Http(null);
        foreach (var endpoint in console.Endpoints)
        {
            await CheckAsync(http, endpoint.Method, endpoint.Path(_ => Guid.Empty.ToString()), cookie);
        }

        await CheckAsync(http, "GET", "/no-such-page", cookie);
        await CheckAsync(http, "GET", "/api/v1/board", cookie: null);
        await CheckAsync(http, "TRACE", "/", cookie);
    }

    [Theory]
    [InlineData("https", "Production", "max-age=31536000")]
    [InlineData("http", "Production", null)]
    [InlineData("https", "Development", null)]
    public async Task Https_is_kept_to_where_it_is_served(string scheme, string environment, string? expected)
    {
        var answer = await AnswerAsync(environment, scheme, static context => context.Response.WriteAsync("here"));

        Assert.Equal(expected, answer.Headers.StrictTransportSecurity.Count == 0 ? null : answer.Headers.StrictTransportSecurity.ToString());
    }

    [Fact]
    public async Task An_answer_that_failed_and_was_replaced_has_them_and_tells_nothing()
    {
        var answer = await AnswerAsync("Production", "https", static _ => throw new InvalidOperationException("the inside"));

        Assert.Equal(500, answer.StatusCode);
        Assert.Contains("script-src 'self'", answer.Headers.ContentSecurityPolicy.ToString(), StringComparison.Ordinal);
        using var reader = new StreamReader(answer.Body);
        Assert.DoesNotContain("inside", await reader.ReadToEndAsync(Cancelled), StringComparison.Ordinal);
    }

    private static async Task CheckAsync(HttpClient http, string method, string address, string? cookie)
    {
        using var message = new HttpRequestMessage(new HttpMethod(method), address);
        if (cookie is not null)
        {
            message.Headers.Add("Cookie", cookie);
        }

        using var answer = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, Cancelled);
        var missing = new[] { "Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "Permissions-Policy", "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy" }.Where(h => !answer.Headers.Contains(h)).ToList();
        Assert.True(missing.Count == 0, $"{method} {address} ({answer.StatusCode}) is without {string.Join(", ", missing)}");
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("script-src 'self' 'unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-eval", policy, StringComparison.Ordinal);
        Assert.False(answer.Headers.Contains("Server"));
        Assert.True(
            answer.Headers.CacheControl is { NoStore: true } or { NoCache: true, Private: true } || answer.Content.Headers.ContentType?.MediaType is "text/javascript" or "text/css" or "image/svg+xml",
            $"{method} {address} ({answer.StatusCode}) may be kept: {answer.Headers.CacheControl}");
    }

    private static async Task<HttpResponse> AnswerAsync(string environment, string scheme, RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.WebHost.UseTestServer();
        builder.Services.AddLogging();
        builder.Services.AddProblemDetails();
        var app = builder.Build();
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = Failure.AnswerAsync });
        app.UseSafeHeaders();
        app.Run(answer);
        await app.StartAsync(Cancelled);
        var context = await app.GetTestServer().SendAsync(c => (c.Request.Method, c.Request.Scheme, c.Request.Host, c.Request.Path) = ("GET", scheme, new HostString("console.test"), "/"), Cancelled);
        return context.Response;
    }
}
