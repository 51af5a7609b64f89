using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace OpsConsole.Tests.Contracts.Sources;

/// <summary>A server that answers instant queries as Prometheus does, behind a proxy that asks for a token.</summary>
internal sealed class PrometheusApi(string token) : ApiServer
{
    /// <summary>What it says to every query.</summary>
    public Saying Saying { get; set; }

    protected override void Map(WebApplication app) => app.MapPost("/api/v1/query", async context =>
    {
        if (context.Request.Headers.Authorization != $"Bearer {token}" || Saying == Saying.Refused)
        {
            await ErrorAsync(context, StatusCodes.Status401Unauthorized, "who is that");
            return;
        }

        var now = (TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() / 1000d).ToString(CultureInfo.InvariantCulture);
        string Series(string value, int n = 0) => $$"""{"metric":{"pod":"{{n}}"},"value":[{{now}},"{{value}}"]}""";
        var result = Saying switch
        {
            Saying.Nothing => "",
            Saying.NotANumber => Series("NaN"),
            Saying.Infinite => Series("+Inf"),
            Saying.ManySeries => string.Join(',', Enumerable.Range(0, 200).Select(n => Series("5", n))),
            _ => Series("5"),
        };
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync($$"""{"status":"success","data":{"resultType":"vector","result":[{{result}}] } }""");
    });

    protected override async Task ErrorAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        await context.Response.WriteAsJsonAsync(new { status = "error", errorType = "bad_data", error = message });
    }
}
