using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using OpsConsole.Web.Operations;

namespace OpsConsole.Tests.Web.Operations;

public sealed class OwnOriginTests
{
    [Theory]
    [InlineData("/hubs/board", null, 200)]
    [InlineData("/hubs/board", "http://localhost:5080", 200)]
    [InlineData("/hubs/board/negotiate", "http://LOCALHOST:5080", 200)]
    [InlineData("/hubs/board", "http://localhost:5081", 403)]
    [InlineData("/Hubs/board", "http://localhost", 403)]
    [InlineData("/hubs/board", "https://localhost:5080", 403)]
    [InlineData("/_blazor", "http://evil.example:5080", 403)]
    [InlineData("/_blazor/negotiate", "null", 403)]
    [InlineData("/api/v1/board", "http://evil.example", 200)]
    [InlineData("/_blazor", "", 200)]
    [InlineData("/_blazor", "http://localhost:5080.evil.example", 403)]
    [InlineData("/_blazor", "http://localhost:5080@evil.example", 403)]
    [InlineData("/_blazor", "null", 403, "same-origin")]
    [InlineData("/_blazor", null, 200, "same-origin")]
    [InlineData("/_blazor", null, 200, "none")]
    [InlineData("/_blazor", null, 403, "cross-site")]
    [InlineData("/hubs/board", null, 403, "same-site")]
    [InlineData("/hubs/board", "http://localhost:5080", 403, "cross-site")]
    public async Task Live_connections_are_for_the_consoles_own_pages(string path, string? origin, int expected, string? site = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseTestServer();
        builder.Services.AddLogging();
        await using var app = builder.Build();
        app.UseOwnOriginOnly();
        app.Run(static context => context.Response.WriteAsync("through"));
        await app.StartAsync(TestContext.Current.CancellationToken);

        var context = await app.GetTestServer().SendAsync(
            c =>
            {
                c.Request.Method = "GET";
                c.Request.Scheme = "http";
                c.Request.Host = new HostString("localhost", 5080);
                c.Request.Path = path;
                if (site is not null)
                {
                    c.Request.Headers["Sec-Fetch-Site"] = site;
                }

                if (origin is not null)
                {
                    c.Request.Headers.Origin = origin;
                }
            },
            TestContext.Current.CancellationToken);

        Assert.Equal(expected, context.Response.StatusCode);
    }
}
