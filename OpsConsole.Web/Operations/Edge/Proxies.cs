using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using IPNetwork = System.Net.IPNetwork;

namespace OpsConsole.Web.Operations.Edge;

/// <summary>Believes what a proxy says of its caller only where the proxy is a known one: otherwise everyone could choose the address that they are counted and recorded by.</summary>
internal static class Proxies
{
    private static readonly IPNetwork[] ThisMachine = [IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::1/128")];

    /// <summary>Also where <c>ASPNETCORE_FORWARDEDHEADERS_ENABLED</c> asks for the framework's own rule, which believes anyone: without named proxies it is one on this machine.</summary>
    public static void AddProxies(this IServiceCollection services) => services.AddOptions<ForwardedHeadersOptions>().PostConfigure<IOptions<EdgeOptions>>(static (forwarded, edge) =>
    {
        forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        var named = edge.Value.ProxyNetworks().ToList();
        foreach (var network in named.Count > 0 ? (IEnumerable<IPNetwork>)named : ThisMachine)
        {
            forwarded.KnownIPNetworks.Add(network);
        }

        // From the nearest on, for as long as the one that added it is known.
        forwarded.ForwardLimit = null;
    });

    public static void UseProxies(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<EdgeOptions>>().Value.Proxies.Count > 0)
        {
            app.UseForwardedHeaders();
        }
    }
}
