using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpsConsole.Core.Audit;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Identity;
using OpsConsole.Web.Startup;

namespace OpsConsole.Tests.Web.Identity;

/// <summary>The console's identity over a test server, outside Development, with an issuer in memory.</summary>
internal sealed class IssuerConsole : IAsyncDisposable
{
    public const string Secret = "0123456789abcdef0123456789abcdef-emergency";

    private readonly WebApplication _app;
    private readonly string _data = Directory.CreateTempSubdirectory("opsconsole-").FullName;

    private IssuerConsole()
    {
        // Cookies are kept by a jar that goes by the real date.
        Time = new FakeTime(TimeProvider.System.GetUtcNow());
        Issuer = new FakeIssuer(Time);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        builder.Configuration["OpsConsole:DataFolder"] = _data;
        builder.Configuration["OpsConsole:SignIn:Authority"] = Issuer.Authority;
        builder.Configuration["OpsConsole:SignIn:ClientId"] = "ops";
        builder.Configuration["OpsConsole:SignIn:ClientSecret"] = "secret";
        builder.Configuration["OpsConsole:SignIn:Roles:Admin:0"] = "ops-admins";
        builder.Configuration["OpsConsole:Keys:Unprotected"] = "true";
        builder.Configuration["OpsConsole:SignIn:Emergency:SecretHash"] = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Secret)));
        builder.Services.AddSingleton<TimeProvider>(Time);
        builder.Services.AddSingleton<IAuditStore>(Audit);
        builder.AddIdentity();
        builder.Services.AddHttpClient(IssuerDocuments.ClientName).ConfigurePrimaryHttpMessageHandler(() => new Unclosed(Issuer));
        _app = builder.Build();
        _app.UseIdentity();
        _app.MapGet("/api/v1/who", (ClaimsPrincipal user) => user.ToOperator() is { } o ? $"{o.Name} {o.Role}" : "nobody");
        _app.MapGet("/form", (HttpContext context, IAntiforgery antiforgery) =>
        {
            var tokens = antiforgery.GetAndStoreTokens(context);
            return $"{tokens.FormFieldName}={tokens.RequestToken}";
        }).AllowAnonymous();
    }

    public FakeTime Time { get; }

    public FakeIssuer Issuer { get; }

    public AuditLines Audit { get; } = new();

    public static async Task<IssuerConsole> StartAsync()
    {
        var console = new IssuerConsole();
        await console._app.StartAsync();
        return console;
    }

    public T Service<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>A browser of its own.</summary>
    public Browser Open(string from = "192.0.2.7") => new(new HttpClient(new Jar(_app.GetTestServer().CreateHandler(c => c.Connection.RemoteIpAddress = IPAddress.Parse(from)))) { BaseAddress = new Uri("https://console.test") });

    /// <summary>Sends a request as it is, with no cookies but its own.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        using var http = _app.GetTestClient();
        http.BaseAddress = new Uri("https://console.test");
        return await http.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    /// <summary>A browser that follows no redirect by itself.</summary>
    internal sealed class Browser(HttpClient http)
    {
        /// <summary>Where an address leads to, or null when it leads nowhere else.</summary>
        public async Task<string?> FollowAsync(string address)
        {
            using var answer = await http.GetAsync(new Uri(address, UriKind.RelativeOrAbsolute));
            return answer.Headers.Location?.OriginalString;
        }

        public async Task<HttpResponseMessage> GetAsync(string address) => await http.GetAsync(new Uri(address, UriKind.Relative));

        /// <summary>Who the console takes the browser for; "nobody" where it is asked to sign in.</summary>
        public async Task<string> WhoAsync()
        {
            using var answer = await GetAsync("/api/v1/who");
            return answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync()
                : answer.StatusCode == HttpStatusCode.Unauthorized || answer.Headers.Location?.OriginalString.StartsWith("/sign-in?", StringComparison.Ordinal) == true ? "nobody"
                : answer.StatusCode.ToString();
        }

        /// <summary>Sends a form of the console's own.</summary>
        public async Task<HttpResponseMessage> PostAsync(string address, params (string Name, string Value)[] fields)
        {
            var field = (await http.GetStringAsync(new Uri("/form", UriKind.Relative))).Split('=', 2);
            using var content = new FormUrlEncodedContent([new(field[0], field[1]), .. fields.Select(f => KeyValuePair.Create(f.Name, f.Value))]);
            return await http.PostAsync(new Uri(address, UriKind.Relative), content);
        }

        public async Task<HttpResponseMessage> PostForeignAsync(string address, params (string Name, string Value)[] fields)
        {
            using var content = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)));
            return await http.PostAsync(new Uri(address, UriKind.Relative), content);
        }
    }

    /// <summary>The issuer outlives every client.</summary>
    private sealed class Unclosed(HttpMessageHandler issuer) : HttpMessageHandler
    {
        private readonly HttpMessageInvoker _issuer = new(issuer, disposeHandler: false);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => _issuer.SendAsync(request, cancellationToken);

        protected override void Dispose(bool disposing)
        {
            _issuer.Dispose();
            base.Dispose(disposing);
        }
    }

    private sealed class Jar(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        private readonly CookieContainer _jar = new();

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (_jar.GetCookieHeader(request.RequestUri!) is { Length: > 0 } header)
            {
                request.Headers.Add("Cookie", header);
            }

            var answer = await base.SendAsync(request, cancellationToken);
            foreach (var cookie in answer.Headers.TryGetValues("Set-Cookie", out var set) ? set : [])
            {
                _jar.SetCookies(request.RequestUri!, cookie);
            }

            return answer;
        }
    }
}
