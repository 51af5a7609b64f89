using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpsConsole.Core.Access;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Sources.Otlp;
using OpsConsole.Tests.Shared;
using OpsConsole.Tests.Web.Jobs;
using OpsConsole.Web.Api;
using OpsConsole.Web.Identity;
using OpsConsole.Web.Startup;

namespace OpsConsole.Tests.Web.Api;

/// <summary>A server with the endpoints that samples and metrics are pushed to, and nothing else, on a clock that the test moves. Who asks says so in a header: <c>Admin:name</c>; what that is narrowed to, in another.</summary>
public sealed class SignalsServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private SignalsServer(TimeProvider? clock)
    {
        var builder = QuietWebApplication.CreateBuilder();
        builder.Services.AddSingleton(clock ?? Time);
        builder.Services.AddSingleton<ISampleSink>(Sink);
        builder.AddSourceCollection();
        builder.AddApi();

        // The API at large loads flags from a database, which the push endpoint does not need.
        foreach (var loading in builder.Services.Where(static s => s.ImplementationType == typeof(FlagLoading)).ToList())
        {
            builder.Services.Remove(loading);
        }

        builder.Services.AddAuthentication("header").AddScheme<AuthenticationSchemeOptions, HeaderScheme>("header", null);
        builder.Services.AddAuthorizationBuilder().AddPermissionPolicies();
        _app = builder.Build();
        _app.UseAuthentication();
        _app.UseAuthorization();
        var v1 = _app.MapGroup("/api/v1");
        v1.MapSignals();
        v1.MapOtlp();
        _app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
    }

    public FakeTime Time { get; } = new();

    internal KeepingSink Sink { get; } = new();

    public HttpClient Client { get; private set; } = null!;

    internal OtlpMetrics Metrics => _app.Services.GetRequiredService<OtlpMetrics>();

    /// <param name="clock">Another clock than <see cref="Time"/>.</param>
    public static async Task<SignalsServer> StartAsync(TimeProvider? clock = null)
    {
        var server = new SignalsServer(clock);
        await server._app.StartAsync();
        var address = server._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        server.Client = new HttpClient { BaseAddress = new Uri(address), Timeout = TimeSpan.FromSeconds(60) };
        return server;
    }

    public Task<(int Status, JsonElement Body)> PushAsync(string body, string type = "application/json", string? who = "Admin:pipeline") =>
        PushAsync(new StringContent(body, Encoding.UTF8), type, who);

    public async Task<(int Status, JsonElement Body)> PushAsync(HttpContent content, string type, string? who = "Admin:pipeline")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/signals") { Content = content };
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        request.Headers.Add("Who", who is null ? [] : [who]);
        using var answer = await Client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }

    private sealed class HeaderScheme(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            var who = Request.Headers["Who"].ToString().Split(':');
            return Task.FromResult(who.Length != 2
                ? AuthenticateResult.NoResult()
                : AuthenticateResult.Success(new AuthenticationTicket(
                    new Operator(who[1], Enum.Parse<Role>(who[0]), IsService: true) { Scope = Request.Headers["Scope"].ToString() is { Length: > 0 } scope ? AccessScope.Parse(scope) : null }.ToPrincipal("header"), "header")));
        }
    }
}
