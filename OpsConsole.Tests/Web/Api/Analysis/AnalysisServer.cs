using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpsConsole.Core.Access;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Api;
using OpsConsole.Web.Identity;
using OpsConsole.Web.Startup;

namespace OpsConsole.Tests.Web.Api.Analysis;

/// <summary>A real server with the judge's endpoint, and the console's bound on bodies. The role comes in a header.</summary>
internal sealed class AnalysisServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private AnalysisServer()
    {
        var builder = QuietWebApplication.CreateBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = 4 * 1024 * 1024);
        builder.AddApi();
        builder.Services.AddAuthentication("header").AddScheme<AuthenticationSchemeOptions, HeaderScheme>("header", null);
        builder.Services.AddAuthorizationBuilder().AddPermissionPolicies();
        _app = builder.Build();
        _app.UseAuthentication();
        _app.UseAuthorization();
        _app.MapGroup("/api/v1").MapAnalysis();
        _app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
    }

    public HttpClient Client { get; private set; } = null!;

    public static async Task<AnalysisServer> StartAsync()
    {
        var server = new AnalysisServer();
        await server._app.StartAsync();
        var address = server._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        server.Client = new HttpClient { BaseAddress = new Uri(address), Timeout = TimeSpan.FromSeconds(60) };
        return server;
    }

    public Task<(int Status, JsonElement Body)> JudgeAsync(object body, string? role = "Viewer") => JudgeAsync(JsonSerializer.Serialize(body), role);

    public async Task<(int Status, JsonElement Body)> JudgeAsync(string body, string? role = "Viewer")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/analysis/judge") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        // A server that refuses a long body does not wait for it.
        request.Headers.ExpectContinue = true;
        if (role is not null)
        {
            request.Headers.Add("Role", role);
        }

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
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
            Enum.TryParse<Role>(Request.Headers["Role"], out var role)
                ? AuthenticateResult.Success(new AuthenticationTicket(new Operator("mia", role, false).ToPrincipal("header"), "header"))
                : AuthenticateResult.NoResult());
    }
}
