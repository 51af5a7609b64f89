using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpsConsole.Core.Access;
using OpsConsole.Core.Storage;
using OpsConsole.Web.Identity;

namespace OpsConsole.Tests.Shared;

/// <summary>The console as it is, with every part of it, on a database of its own and without a network.</summary>
internal sealed class WholeConsole : WebApplicationFactory<Program>
{
    private readonly TestDatabase _database;
    private readonly (string Name, string Value)[] _settings;
    private readonly string _data = Directory.CreateTempSubdirectory("opsconsole-whole-").FullName;

    private bool _isBeside;

    private WholeConsole(TestDatabase database, (string Name, string Value)[] settings) => (_database, _settings) = (database, settings);

    public TestDatabase Database => _database;

    /// <summary>Every address that it answers.</summary>
    public IReadOnlyList<RouteEndpoint> Endpoints => [.. Services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>().Distinct()];

    public static async Task<WholeConsole> StartAsync(PostgresFixture postgres, params (string Name, string Value)[] settings)
    {
        var console = new WholeConsole(await postgres.CreateDatabaseAsync(), settings);

        // It answers before its database is ready, and refuses to write until then.
        await console.Services.GetRequiredService<StorageReady>().WaitAsync(CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(2));
        return console;
    }

    /// <summary>Another console on the database of this one.</summary>
    public WholeConsole Beside()
    {
        var other = new WholeConsole(_database, _settings) { _isBeside = true };
        _ = other.Services;
        return other;
    }

    /// <summary>Requests with a token of the console's own.</summary>
    public HttpClient As(Role role) => With(Services.GetRequiredService<ServiceTokens>().Issue("a " + role, role));

    /// <summary>Requests with a token that is held to a scope.</summary>
    public HttpClient As(AccessScope scope) => With(Services.GetRequiredService<ServiceTokens>().Issue("ci", scope));

    /// <summary>Requests of a person whose roles differ by environment.</summary>
    public HttpClient As(EnvironmentRoles roles) => With(Services.GetRequiredService<ServiceTokens>().Issue(new Operator("mia", roles.Everywhere, IsService: false) { ByEnvironment = roles }));

    /// <summary>Requests with a token as it is.</summary>
    public HttpClient With(string token)
    {
        var http = CreateClient(new() { AllowAutoRedirect = false, HandleCookies = false });
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return http;
    }

    /// <summary>A browser on this machine in which someone chose a role.</summary>
    public async Task<HttpClient> SignInAsync(Role role)
    {
        var http = CreateClient(new() { AllowAutoRedirect = false, HandleCookies = true });
        var page = await http.GetStringAsync(new Uri("/sign-in", UriKind.Relative));
        var field = page[(page.IndexOf("__RequestVerificationToken", StringComparison.Ordinal))..];
        var from = field.IndexOf("value=\"", StringComparison.Ordinal) + 7;
        using var form = new FormUrlEncodedContent(
        [
            new("__RequestVerificationToken", WebUtility.HtmlDecode(field[from..field.IndexOf('"', from)])), new("name", "someone"), new("role", role.ToString()), new("returnUrl", "/"),
        ]);
        using var answer = await http.PostAsync(new Uri("/sign-in", UriKind.Relative), form);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return http;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (!_isBeside)
        {
            await _database.DisposeAsync();
        }

        Directory.Delete(_data, recursive: true);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Development");
        builder.UseSetting("OpsConsole:DataFolder", _data);
        builder.UseSetting("OpsConsole:Playground", "false");
        builder.UseSetting("Database:Provider", "Postgres");
        builder.UseSetting("ConnectionStrings:OpsConsole", _database.ConnectionString);
        foreach (var (name, value) in _settings)
        {
            builder.UseSetting(name, value);
        }

        builder.ConfigureLogging(logging => logging.ClearProviders());
        builder.ConfigureServices(services => services.AddSingleton<IStartupFilter, FromThisMachine>());
    }

    /// <summary>Requests that are handed over in memory come from nowhere; these come from this machine.</summary>
    private sealed class FromThisMachine : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((HttpContext context, RequestDelegate then) =>
            {
                context.Connection.RemoteIpAddress ??= IPAddress.Loopback;
                return then(context);
            });
            next(app);
        };
    }
}
