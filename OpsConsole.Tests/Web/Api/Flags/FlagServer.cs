using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using OpsConsole.Core.Access;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Switches;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Api;
using OpsConsole.Web.Flags;
using OpsConsole.Web.Identity;
using OpsConsole.Web.Startup;

namespace OpsConsole.Tests.Web.Api.Flags;

/// <summary>The flag endpoints by themselves, with their real parts over a board and clients in memory.</summary>
internal sealed class FlagServer : IAsyncDisposable
{
    /// <summary>A good body of which only the key is known.</summary>
    public const string Context = """{"context":{"targetingKey":"user-1","country":"CA"}}""";

    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly WebApplication _app;
    private readonly Dictionary<(string Key, string? Environment), int> _minutes = [];

    private FlagServer(WebApplication app, HttpClient http) => (_app, Http) = (app, http);

    public HttpClient Http { get; }

    public SwitchBoard Switches => _app.Services.GetRequiredService<SwitchBoard>();

    public ServiceTokens Tokens => _app.Services.GetRequiredService<ServiceTokens>();

    public FlagClientTable Clients => _app.Services.GetRequiredService<FlagClientTable>();

    public Audience Readers => _app.Services.GetRequiredService<Audience>();

    /// <summary>Starts it.</summary>
    /// <param name="loaded">Whether it knows its switches already.</param>
    /// <param name="services">Services of the test's own.</param>
    /// <param name="streams">Whether it has event streams.</param>
    /// <param name="sockets">Adds a server that listens; without, requests are handed over in memory.</param>
    /// <param name="settings">Configuration.</param>
    public static async Task<FlagServer> StartAsync(
        bool loaded = true, Action<IServiceCollection>? services = null, bool streams = false, Action<IWebHostBuilder>? sockets = null, params (string Name, string Value)[] settings)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        (sockets ?? (static web => web.UseTestServer()))(builder.WebHost);
        foreach (var (name, value) in settings)
        {
            builder.Configuration[name] = value;
        }

        builder.Services.AddRouting().AddLogging();
        builder.Services.AddSingleton<ServiceTokens>().AddSingleton<Audience>().AddSingleton<IFlagAudience>(all => all.GetRequiredService<Audience>());
        builder.Services.AddSingleton<IFlagClientStore, InMemoryFlagClients>().AddSingleton<IOperatorRoles, SignedInRoles>();
        builder.Services.AddSingleton<IPropagationStore, InMemoryPropagations>().AddSingleton<IAuditStore, InMemoryRecord>();
        services?.Invoke(builder.Services);
        builder.AddFlags();
        if (streams)
        {
            builder.AddFlagStreams();
        }

        builder.AddApi();
        builder.Services.AddAuthentication(TokenHandler.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, TokenHandler>(TokenHandler.SchemeName, null);
        builder.Services.AddAuthorizationBuilder().AddPermissionPolicies();
        var app = builder.Build();
        app.UseRouting();
        app.UseFlags();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapOfrep();
        var v1 = app.MapGroup("/api/v1");
        v1.MapFlagClients();
        if (streams)
        {
            app.MapFlagEvents();
            v1.MapPropagations();
        }

        await app.StartAsync();
        var server = new FlagServer(app, sockets is null ? app.GetTestClient() : new HttpClient { BaseAddress = new Uri(app.Urls.First()) });
        server.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", server.Tokens.Issue("shop", Role.Viewer));
        if (loaded)
        {
            server.Switches.Load([Switch("recommendations"), Switch("vouchers")], []);
            server.Clients.Load([]);
        }

        return server;
    }

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>Stops the console as an orderly end does.</summary>
    public Task StopAsync() => _app.StopAsync();

    public InMemoryFlagClients Stored => (InMemoryFlagClients)_app.Services.GetRequiredService<IFlagClientStore>();

    /// <summary>A flag client's token, straight into the table.</summary>
    public (string Token, Guid Id) Client(string environment, string name = "shop web")
    {
        var token = FlagClientTable.NewToken();
        var client = new FlagClient { Id = Guid.CreateVersion7(), Name = name, Environment = environment, TokenHash = FlagClientTable.Hash(token), CreatedAt = Noon, CreatedBy = "ann" };
        Clients.Add(client);
        return (token, client.Id);
    }

    public void As(string token) => Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);

    /// <summary>Kills a switch, everywhere or in one environment.</summary>
    public void Kill(string key, string? environment = null) => Change(key, environment, (everywhere, at) => everywhere.Kill("ann", "too slow", at), (place, at) => place.Kill("ann", "too slow", at));

    public void Target(string key, string environment, Targeting targeting) =>
        Change(key, environment, (_, _) => { }, (place, at) => place.Target(TargetingText.Write(targeting), "ann", at));

    public void Archive(string key) => Change(key, null, (everywhere, at) => everywhere.Archive("ann", at), (_, _) => { });

    public async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string path, string body)
    {
        using var response = await SendAsync(path, body);
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }

    public async Task<HttpResponseMessage> SendAsync(string path, string body, string? tag = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/ofrep/v1/evaluate/flags" + path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (tag is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", tag);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Http.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }

    public static KillSwitch Switch(string key) => new() { Key = key, Owner = "commerce", TurnsOff = key, ChangedAt = Noon };

    /// <summary>Each change is stored anew from its beginning, a revision and a minute later than the one before.</summary>
    private void Change(string key, string? environment, Action<KillSwitch, DateTimeOffset> everywhere, Action<SwitchEnvironment, DateTimeOffset> there)
    {
        var revision = _minutes[(key, environment)] = _minutes.GetValueOrDefault((key, environment)) + 1;
        var at = Noon.AddMinutes(revision);
        if (environment is null)
        {
            var value = Switch(key);
            for (var i = 1; i < revision; i++)
            {
                value.Restore("ann", "again", at);
            }

            everywhere(value, at);
            Switches.Set(value);
            return;
        }

        var place = new SwitchEnvironment { Key = key, Environment = environment, ChangedAt = Noon };
        for (var i = 1; i < revision; i++)
        {
            place.Restore("ann", "again", at);
        }

        there(place, at);
        Switches.Set(place);
    }

    /// <summary>Keeps who was answered what.</summary>
    internal sealed class Audience : IFlagAudience
    {
        public ConcurrentQueue<(FlagReaderId Reader, string? Key, long Version)> Answers { get; } = [];

        public void Answered(FlagReaderId reader, string? key, long version) => Answers.Enqueue((reader, key, version));
    }
}
