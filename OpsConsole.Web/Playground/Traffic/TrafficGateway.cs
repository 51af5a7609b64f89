using System.Collections.Concurrent;
using Microsoft.Extensions.Primitives;
using OpsConsole.Core.Targets.Gateway;
using OpsConsole.Web.Playground.Rollouts;
using OpsConsole.Web.Playground.Servers;
using OpsConsole.Web.Playground.Shop;

namespace OpsConsole.Web.Playground.Traffic;

/// <summary>The way in for all traffic: <c>/{service}/…</c> goes to one of two versions of the service, by weight, each user always to the same side.</summary>
internal sealed class TrafficGateway(HttpClient http, string folder, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan UpstreamTimeout = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<(string Service, string Version), Uri> _upstreams = new();
    private readonly string _token = RolloutControl.NewToken();
    private LoopbackServer? _control;
    private LoopbackServer? _entrance;

    public RolloutTable Splits { get; } = new(Path.Combine(folder, "gateway.json"), canShrink: true, time);

    /// <summary>Where the gateway is controlled, with the token.</summary>
    public GatewayOptions Options => new() { Address = Started(_control), Token = _token };

    /// <summary>Where users come in.</summary>
    public Uri Address => Started(_entrance);

    /// <summary>Says where a version of a service is served.</summary>
    public void Route(string service, string version, Uri upstream) => _upstreams[(service, version)] = upstream;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _control = await LoopbackServer.StartAsync(
            app =>
            {
                app.UseRouting();
                app.MapRollouts("splits", _token, Splits, (service, version) => _upstreams.ContainsKey((service, version)));
            },
            cancellationToken);
        _entrance = await LoopbackServer.StartAsync(app => app.Run(ForwardAsync), cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in new[] { _entrance, _control })
        {
            if (server is not null)
            {
                await server.DisposeAsync();
            }
        }
    }

    private static Uri Started(LoopbackServer? server) => server?.Address ?? throw new InvalidOperationException("The gateway is not started.");

    private async Task ForwardAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "/";
        var end = path.IndexOf('/', 1);
        var service = end < 0 ? path[1..] : path[1..end];
        var user = context.Request.Headers[ShopService.UserHeader].ToString();
        if (Splits.Find(service) is not { } split || !_upstreams.TryGetValue((service, split.VersionFor(user)), out var upstream))
        {
            context.Response.StatusCode = StatusCodes.Status502BadGateway;
            return;
        }

        var rest = end < 0 ? "" : path[(end + 1)..];
        using var late = new CancellationTokenSource(UpstreamTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, context.RequestAborted);
        try
        {
            using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), new Uri(upstream, rest + context.Request.QueryString));
            request.Headers.TryAddWithoutValidation(ShopService.UserHeader, user);
            if (context.Request.ContentLength > 0)
            {
                request.Content = new StreamContent(context.Request.Body);
                request.Content.Headers.ContentLength = context.Request.ContentLength;
            }

            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            context.Response.StatusCode = (int)response.StatusCode;
            context.Response.ContentType = response.Content.Headers.ContentType?.ToString();
            context.Response.Headers["X-Served-By"] = new StringValues($"{service}/{split.VersionFor(user)}");
            await response.Content.CopyToAsync(context.Response.Body, either.Token);
        }
        catch (HttpRequestException) when (!context.Response.HasStarted)
        {
            context.Response.StatusCode = StatusCodes.Status502BadGateway;
        }
        catch (OperationCanceledException) when (!context.Response.HasStarted)
        {
            context.Response.StatusCode = StatusCodes.Status504GatewayTimeout;
        }
    }
}
