using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace OpsConsole.Tests.Contracts.Sources;

/// <summary>A service that exposes its metrics, which asks for a token.</summary>
internal sealed class PrometheusTextApi(string token) : ApiServer
{
    private readonly string _late = $" {TimeProvider.System.GetUtcNow().AddHours(-2).ToUnixTimeMilliseconds()}";
    private long _requests;

    /// <summary>What it exposes.</summary>
    public Saying Saying { get; set; }

    protected override void Map(WebApplication app) => app.MapGet("/metrics", async context =>
    {
        if (context.Request.Headers.Authorization != $"Bearer {token}" || Saying == Saying.Refused)
        {
            await ErrorAsync(context, StatusCodes.Status401Unauthorized, "who is that");
            return;
        }

        _requests = Saying == Saying.Reset ? 100 : _requests + 100;
        await context.Response.WriteAsync(Saying switch
        {
            Saying.Nothing => "",
            Saying.NotANumber => Text("NaN", "100"),
            Saying.Infinite => Text("+Inf", "100"),
            Saying.ManySeries => string.Concat(Enumerable.Range(0, 30_000).Select(n => $"http_requests_total{{status=\"200\",user=\"{n}\"}} 1\n")),
            // Counters that go on rising, and a gauge, all of them as they stood long ago.
            Saying.Late => Text($"{_requests}", $"{_requests / 100}", _late),
            _ => Text($"{_requests}", $"{_requests / 100}"),
        });
    });

    protected override Task ErrorAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(message);
    }

    private static string Text(string all, string bad, string stated = "") => $$"""
        # TYPE http_requests_total counter
        http_requests_total{status="200"} {{all}}{{stated}}
        http_requests_total{status="500"} {{bad}}{{stated}}
        # TYPE jobs_waiting gauge
        jobs_waiting {{(all is "NaN" or "+Inf" ? all : "7")}}{{stated}}

        """;
}
