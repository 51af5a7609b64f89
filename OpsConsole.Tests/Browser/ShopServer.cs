using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace OpsConsole.Tests.Browser;

/// <summary>A web server with the shop's page: an origin of its own. Browsers treat a page that a test puts in place of an answer as one from the public network, and keep it from asking this machine.</summary>
internal sealed class ShopServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ShopServer(WebApplication app) => _app = app;

    /// <summary>Scheme, host and port.</summary>
    public string Origin => _app.Urls.First();

    public static async Task<ShopServer> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.Run(AnswerAsync);
        await app.StartAsync();
        return new ShopServer(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task AnswerAsync(HttpContext http)
    {
        var path = http.Request.Path.Value!;
        http.Response.ContentType = path.StartsWith("/npm/", StringComparison.Ordinal) ? "text/javascript" : "text/html";
        await http.Response.WriteAsync(path switch
        {
            ShopPage.Path => ShopPage.Text,
            _ when path.StartsWith("/npm/", StringComparison.Ordinal) => await ShopPage.ModuleAsync(path),
            _ => "<!doctype html><title>shop</title>",
        });
    }
}
