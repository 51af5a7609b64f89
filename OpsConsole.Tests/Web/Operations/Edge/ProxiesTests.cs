using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using OpsConsole.Web.Operations.Edge;

namespace OpsConsole.Tests.Web.Operations.Edge;

/// <summary>Who is taken for the caller behind proxies.</summary>
public sealed class ProxiesTests
{
    [Theory]
    [InlineData("10.0.0.5", "198.51.100.7", "10.0.0.0/24", "198.51.100.7 https")]
    [InlineData("10.0.0.5", "192.0.2.66, 198.51.100.7", "10.0.0.0/24", "198.51.100.7 http")]
    [InlineData("10.0.0.5", "198.51.100.7, 10.0.0.9", "10.0.0.0/24", "198.51.100.7 http")]
    [InlineData("203.0.113.9", "198.51.100.7", "10.0.0.0/24", "203.0.113.9 http")]
    [InlineData("127.0.0.1", "198.51.100.7", "10.0.0.0/24", "127.0.0.1 http")]
    [InlineData("10.0.0.5", "198.51.100.7", null, "10.0.0.5 http")]
    public async Task Only_a_named_proxy_is_believed(string from, string forwarded, string? proxy, string expected) =>
        Assert.Equal(expected, await CallerAsync(from, forwarded, proxy, frameworks: false));

    [Theory]
    [InlineData("203.0.113.9", null, "203.0.113.9 http")]
    [InlineData("127.0.0.1", null, "198.51.100.7 https")]
    [InlineData("203.0.113.9", "10.0.0.5", "203.0.113.9 http")]
    public async Task The_frameworks_own_switch_believes_nobody_else_either(string from, string? proxy, string expected) =>
        Assert.Equal(expected, await CallerAsync(from, "198.51.100.7", proxy, frameworks: true));

    private static async Task<string> CallerAsync(string from, string forwarded, string? proxy, bool frameworks)
    {
        var builder = WebApplication.CreateBuilder(["--hostBuilder:reloadConfigOnChange=false", .. frameworks ? ["--ForwardedHeaders_Enabled=true"] : Array.Empty<string>()]);
        builder.WebHost.UseTestServer();
        builder.Configuration["OpsConsole:Edge:Proxies:0"] = proxy;
        builder.Services.AddOptions<EdgeOptions>().BindConfiguration(EdgeOptions.Section);
        builder.Services.AddProxies();
        await using var app = builder.Build();
        app.UseProxies();
        app.Run(static context => context.Response.WriteAsync($"{context.Connection.RemoteIpAddress} {context.Request.Scheme}"));
        await app.StartAsync(TestContext.Current.CancellationToken);
        var answer = await app.GetTestServer().SendAsync(c =>
        {
            c.Connection.RemoteIpAddress = IPAddress.Parse(from);
            (c.Request.Method, c.Request.Scheme, c.Request.Path) = ("GET", "http", "/");
            c.Request.Headers["X-Forwarded-For"] = forwarded;
            c.Request.Headers["X-Forwarded-Proto"] = forwarded.Contains(',', StringComparison.Ordinal) ? "" : "https";
        });
        using var reader = new StreamReader(answer.Response.Body);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
