using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace OpsConsole.Tests.Contracts.Sources;

/// <summary>A server that answers queries, of now and over a range, as Prometheus does, behind a proxy that asks for a token.</summary>
internal sealed class PrometheusApi(string token) : ApiServer
{
    /// <summary>What it says to every query.</summary>
    public Saying Saying { get; set; }

    protected override void Map(WebApplication app)
    {
        app.MapPost("/api/v1/query", async context => await AnswerAsync(context, "vector", (value, n) =>
            $$"""{"metric":{"pod":"{{n}}"},"value":[{{Seconds(TimeProvider.System.GetUtcNow())}},"{{value}}"]}"""));
        app.MapPost("/api/v1/query_range", async context =>
        {
            var form = await context.Request.ReadFormAsync();
            var (start, end, step) = (Number(form["start"]!), Number(form["end"]!), Number(form["step"]!));
            await AnswerAsync(context, "matrix", (value, n) =>
                $$"""{"metric":{"pod":"{{n}}"},"values":[{{string.Join(',', Enumerable.Range(0, (int)((end - start) / step) + 1).Select(k => string.Create(CultureInfo.InvariantCulture, $"[{start + (k * step)},\"{value}\"]")))}}]}""");
        });
    }

    private async Task AnswerAsync(HttpContext context, string type, Func<string, int, string> series)
    {
        if (context.Request.Headers.Authorization != $"Bearer {token}" || Saying == Saying.Refused)
        {
            await ErrorAsync(context, StatusCodes.Status401Unauthorized, "who is that");
            return;
        }

        var result = Saying switch
        {
            Saying.Nothing => "",
            Saying.NotANumber => series("NaN", 0),
            Saying.Infinite => series("+Inf", 0),
            Saying.ManySeries => string.Join(',', Enumerable.Range(0, 200).Select(n => series("5", n))),
            _ => series("5", 0),
        };
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync($$"""{"status":"success","data":{"resultType":"{{type}}","result":[{{result}}] } }""");
    }

    private static string Seconds(DateTimeOffset at) => (at.ToUnixTimeMilliseconds() / 1000d).ToString(CultureInfo.InvariantCulture);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    protected override async Task ErrorAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        await context.Response.WriteAsJsonAsync(new { status = "error", errorType = "bad_data", error = message });
    }
}
