using System.Net;
using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpsConsole.Core.Access;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Releases;
using OpsConsole.Web.Identity;
using OpsConsole.Web.Startup;

namespace OpsConsole.Tests.Web.Identity;

public sealed class SignInTests
{
    [Fact]
    public async Task A_known_token_acts_in_its_role_and_an_unknown_one_is_refused_in_words()
    {
        await using var app = await StartAsync();
        using var http = app.GetTestClient();

        using var none = await http.GetAsync(new Uri("/api/v1/who", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Unauthorized, none.StatusCode);
        Assert.Equal("application/problem+json", none.Content.Headers.ContentType?.MediaType);

        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "wrong");
        using var wrong = await http.GetAsync(new Uri("/api/v1/who", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);

        var token = app.Services.GetRequiredService<ServiceTokens>().Issue("pipeline", Role.Viewer);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        Assert.Equal("pipeline Viewer True", await http.GetStringAsync(new Uri("/api/v1/who", UriKind.Relative)));

        using var forbidden = await http.PostAsync(new Uri("/api/v1/promote", UriKind.Relative), null);
        Assert.Equal(HttpStatusCode.Forbidden, forbidden.StatusCode);
    }

    [Fact]
    public async Task The_sign_in_page_is_not_there_outside_development()
    {
        await using var app = await StartAsync("Production");

        using var page = await Loopback(app).GetAsync(new Uri("http://localhost/sign-in"));
        using var post = await Loopback(app).PostAsync(new Uri("http://localhost/sign-in"), new FormUrlEncodedContent([new("role", "Admin")]));

        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
        Assert.StartsWith("No sign-in is configured here.", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, post.StatusCode);
    }

    [Theory]
    [InlineData("http://localhost/sign-in", "127.0.0.1", HttpStatusCode.OK)]
    [InlineData("http://127.0.0.1/sign-in", "::1", HttpStatusCode.OK)]
    [InlineData("http://localhost/sign-in", "10.0.0.7", HttpStatusCode.NotFound)]
    [InlineData("http://evil.example/sign-in", "127.0.0.1", HttpStatusCode.NotFound)]
    public async Task The_sign_in_page_is_there_only_for_a_browser_on_this_machine(string address, string from, HttpStatusCode expected)
    {
        await using var app = await StartAsync();

        var context = await app.GetTestServer().SendAsync(c =>
        {
            c.Connection.RemoteIpAddress = IPAddress.Parse(from);
            c.Request.Method = "GET";
            c.Request.Host = new HostString(new Uri(address).Host);
            c.Request.Path = "/sign-in";
        });

        Assert.Equal((int)expected, context.Response.StatusCode);
    }

    [Fact]
    public async Task Signing_in_needs_the_form_and_then_reads_the_api()
    {
        await using var app = await StartAsync();
        using var http = Loopback(app);

        using var forged = await http.PostAsync(new Uri("http://localhost/sign-in"), new FormUrlEncodedContent([new("role", "Admin")]));
        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);

        var form = await http.GetStringAsync(new Uri("http://localhost/sign-in"));
        var field = Regex.Match(form, "(.+)=(.+)");
        using var signedIn = await http.PostAsync(
            new Uri("http://localhost/sign-in"),
            new FormUrlEncodedContent([new(field.Groups[1].Value, field.Groups[2].Value), new("role", "Admin"), new("name", "ada"), new("returnUrl", "//evil.example/")]));
        Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);
        Assert.Equal("/", signedIn.Headers.Location?.OriginalString);

        Assert.Equal("ada Admin False", await http.GetStringAsync(new Uri("http://localhost/api/v1/who")));

        // Another page of the same sign-in is still open when the person chooses another role.
        var open = app.Services.GetRequiredService<Seen>().Last!;
        var roles = app.Services.GetRequiredService<IOperatorRoles>();
        Assert.Equal(Role.Admin, await roles.CurrentAsync(open, CancellationToken.None));
        form = await http.GetStringAsync(new Uri("http://localhost/sign-in"));
        field = Regex.Match(form, "(.+)=(.+)");
        using var changed = await http.PostAsync(
            new Uri("http://localhost/sign-in"),
            new FormUrlEncodedContent([new(field.Groups[1].Value, field.Groups[2].Value), new("role", "Viewer"), new("name", "ada")]));
        Assert.Equal("ada Viewer False", await http.GetStringAsync(new Uri("http://localhost/api/v1/who")));
        Assert.Null(await roles.CurrentAsync(open, CancellationToken.None));
        Assert.Contains(app.Services.GetRequiredService<AuditList>().Entries, e => e is { Event: "sign-in", Actor: "ada" });
    }

    [Theory]
    [InlineData("/\t/evil.example")]
    [InlineData("/\n/evil.example")]
    [InlineData("/\\evil.example")]
    public async Task A_sign_in_leads_to_the_console_only_and_a_sign_out_needs_the_form(string returnUrl)
    {
        await using var app = await StartAsync();
        using var http = Loopback(app);
        var field = Regex.Match(await http.GetStringAsync(new Uri("http://localhost/sign-in")), "(.+)=(.+)");

        using var signedIn = await http.PostAsync(
            new Uri("http://localhost/sign-in"),
            new FormUrlEncodedContent([new(field.Groups[1].Value, field.Groups[2].Value), new("role", "Admin"), new("returnUrl", returnUrl)]));
        Assert.Equal((HttpStatusCode.Redirect, "/"), (signedIn.StatusCode, signedIn.Headers.Location?.OriginalString));

        using var forged = await http.PostAsync(new Uri("http://localhost/sign-out"), new FormUrlEncodedContent([]));
        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
        Assert.Equal("dev Admin Admin False", await http.GetStringAsync(new Uri("http://localhost/api/v1/who")));
    }

    [Theory]
    [InlineData(null, null, HttpStatusCode.OK)]
    [InlineData("same-origin", "http://localhost", HttpStatusCode.OK)]
    [InlineData("cross-site", null, HttpStatusCode.Unauthorized)]
    [InlineData("same-site", null, HttpStatusCode.Unauthorized)]
    [InlineData(null, "http://evil.example", HttpStatusCode.Unauthorized)]
    [InlineData(null, "null", HttpStatusCode.Unauthorized)]
    public async Task A_person_writes_over_http_too_but_no_foreign_page_does_it_for_them(string? site, string? origin, HttpStatusCode status)
    {
        await using var app = await StartAsync();
        using var http = Loopback(app);
        var field = Regex.Match(await http.GetStringAsync(new Uri("http://localhost/sign-in")), "(.+)=(.+)");
        using var signedIn = await http.PostAsync(
            new Uri("http://localhost/sign-in"),
            new FormUrlEncodedContent([new(field.Groups[1].Value, field.Groups[2].Value), new("role", "Admin"), new("name", "ada")]));
        Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);

        using var write = new HttpRequestMessage(HttpMethod.Post, new Uri("http://localhost/api/v1/promote"));
        foreach (var (name, value) in new[] { ("Sec-Fetch-Site", site), ("Origin", origin) })
        {
            if (value is not null)
            {
                write.Headers.Add(name, value);
            }
        }

        using var answer = await http.SendAsync(write);

        Assert.Equal(status, answer.StatusCode);
    }

    [Fact]
    public async Task A_foreign_host_does_not_lead_elsewhere()
    {
        await using var app = await StartAsync();

        using var asked = await Loopback(app).GetAsync(new Uri("http://evil.example/somewhere?a=b"));

        Assert.Equal(HttpStatusCode.Redirect, asked.StatusCode);
        Assert.Equal("/sign-in?returnUrl=%2Fsomewhere%3Fa%3Db", asked.Headers.Location?.OriginalString);
    }

    private static HttpClient Loopback(WebApplication app) => new(new Cookies(app.GetTestServer().CreateHandler(c => c.Connection.RemoteIpAddress = IPAddress.Loopback)));

    private static async Task<WebApplication> StartAsync(string environment = "Development")
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        builder.Configuration["OpsConsole:DataFolder"] = Directory.CreateTempSubdirectory("opsconsole-").FullName;
        builder.Configuration["OpsConsole:SignIn:ServicesOnly"] = environment == "Development" ? "false" : "true";
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<AuditList>();
        builder.Services.AddSingleton<Seen>();
        builder.Services.AddSingleton<IAuditStore>(s => s.GetRequiredService<AuditList>());
        builder.AddIdentity();
        var app = builder.Build();
        app.UseIdentity();
        app.MapGet("/api/v1/who", (ClaimsPrincipal user, Seen seen) => (seen.Last = user.ToOperator()) is { } o ? $"{o.Name} {o.Role} {o.IsService}" : "nobody");
        app.MapGet("/somewhere", () => "here");
        app.MapPost("/api/v1/promote", () => "promoted").RequirePermission(Permission.ReleasesPromote);
        app.MapGet("/sign-in", (HttpContext context, Microsoft.AspNetCore.Antiforgery.IAntiforgery antiforgery) =>
        {
            var tokens = antiforgery.GetAndStoreTokens(context);
            return $"{tokens.FormFieldName}={tokens.RequestToken}";
        }).AllowAnonymous();
        await app.StartAsync();
        return app;
    }

    private sealed class AuditList : IAuditStore
    {
        public List<AuditEntry> Entries { get; } = [];

        public Task AppendAsync(AuditEntry entry, CancellationToken cancellationToken)
        {
            Entries.Add(entry);
            return Task.CompletedTask;
        }

        public Task<Page<AuditEntry>> PageAsync(AuditQuery query, CancellationToken cancellationToken) => Task.FromResult(new Page<AuditEntry>(Entries, Entries.Count));
    }

    /// <summary>Who asked last.</summary>
    private sealed class Seen
    {
        public Operator? Last { get; set; }
    }

    /// <summary>Keeps cookies as a browser does; the test server does not.</summary>
    private sealed class Cookies(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        private readonly CookieContainer _jar = new();

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (_jar.GetCookieHeader(request.RequestUri!) is { Length: > 0 } header)
            {
                request.Headers.Add("Cookie", header);
            }

            var answer = await base.SendAsync(request, cancellationToken);
            if (answer.Headers.TryGetValues("Set-Cookie", out var set))
            {
                foreach (var cookie in set)
                {
                    _jar.SetCookies(request.RequestUri!, cookie);
                }
            }

            return answer;
        }
    }
}
