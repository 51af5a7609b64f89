using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Web.Operations.Edge;

/// <summary>The whole console in this process, as its own program builds it, on a real listener and a database of its own.</summary>
internal sealed partial class EdgeConsole : IAsyncDisposable
{
    public const string Token = "edge-test-token-0123456789abcdef";

    private static readonly AsyncLocal<EdgeConsole?> Starting = new();

    private readonly TaskCompletionSource<IHost> _built = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _program = Task.CompletedTask;

    private EdgeConsole()
    {
    }

    public IServiceProvider Services { get; private set; } = null!;

    /// <summary>Its data folder.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("opsconsole-").FullName;

    /// <summary>What it logged.</summary>
    public KeptLog Log { get; } = new();

    /// <summary>Where it listens.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Every endpoint with a method, but the files, of which one stands for all.</summary>
    public IReadOnlyList<ConsoleEndpoint> Endpoints =>
    [
        .. Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => !IsFile().IsMatch(e.RoutePattern.RawText ?? "") && e.RoutePattern.RawText?.Contains("**", StringComparison.Ordinal) != true)
            .SelectMany(e => (e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(m => new ConsoleEndpoint(m, "/" + e.RoutePattern.RawText!.TrimStart('/'), e)))
            .DistinctBy(e => (e.Method, e.Pattern)).OrderBy(e => e.Pattern, StringComparer.Ordinal).ThenBy(e => e.Method, StringComparer.Ordinal),
    ];

    public static async Task<EdgeConsole> StartAsync(PostgresFixture postgres, string environment = "Production", params (string Name, string Value)[] settings)
    {
        var console = new EdgeConsole();
        var database = await postgres.CreateDatabaseAsync(TestContext.Current.CancellationToken);
        Dictionary<string, string> all = new()
        {
            ["environment"] = environment,
            ["applicationName"] = "OpsConsole.Web",
            ["contentRoot"] = Path.Combine(Repository.Root, "OpsConsole.Web"),
            ["urls"] = "http://127.0.0.1:0",
            ["hostBuilder:reloadConfigOnChange"] = "false",
            ["Logging:Console:LogLevel:Default"] = "None",
            ["Database:Provider"] = "Postgres",
            ["ConnectionStrings:OpsConsole"] = database.ConnectionString,
            ["OpsConsole:DataFolder"] = console.Folder,
            ["OpsConsole:Playground"] = "false",
            ["OpsConsole:BootstrapToken"] = Token,
            ["OpsConsole:SignIn:ServicesOnly"] = environment == "Development" ? "false" : "true",
        };
        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        await console.RunAsync([.. all.Select(s => $"--{s.Key}={s.Value}")]);
        return console;
    }

    private async Task RunAsync(string[] args)
    {
        using var listening = DiagnosticListener.AllListeners.Subscribe(new Builds());
        _program = Task.Factory.StartNew(
            () =>
            {
                Starting.Value = this;
                typeof(Program).Assembly.EntryPoint!.Invoke(null, [args]);
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Assert.Same(_built.Task, await Task.WhenAny(_built.Task, _program));
        Services = (await _built.Task).Services;
        var started = new TaskCompletionSource();
        await using var registration = Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(started.SetResult);
        Assert.Same(started.Task, await Task.WhenAny(started.Task, _program));
        Address = new Uri(Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        using var http = Http(null);
        await Eventually.TrueAsync(
            async () =>
            {
                using var answer = await http.GetAsync(new Uri("/health/ready", UriKind.Relative));
                return answer.IsSuccessStatusCode;
            },
            TimeSpan.FromSeconds(60));
    }

    /// <summary>A client that follows nothing and keeps nothing.</summary>
    public HttpClient Http(string? token = Token)
    {
        var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false }) { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(30) };
        http.DefaultRequestHeaders.Authorization = token is null ? null : new("Bearer", token);
        return http;
    }

    /// <summary>Signs in on the role page, as a browser on this machine would, and gives the cookies.</summary>
    public async Task<string> CookieAsync(string role = "Admin")
    {
        var jar = new CookieContainer();
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = jar }) { BaseAddress = Address };
        var page = await http.GetStringAsync(new Uri("/sign-in", UriKind.Relative));
        var token = FormToken().Match(page).Groups[1].Value;
        using var form = new FormUrlEncodedContent([new("__RequestVerificationToken", token), new("name", "ada"), new("role", role)]);
        using var answer = await http.PostAsync(new Uri("/sign-in", UriKind.Relative), form);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return jar.GetCookieHeader(Address);
    }

    public async ValueTask DisposeAsync()
    {
        Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        await _program;
        Log.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Catches the host that this console's program builds, and no other one's of this process.</summary>
    private sealed class Builds : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
    {
        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "Microsoft.Extensions.Hosting")
            {
                value.Subscribe(this);
            }
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (Starting.Value is not { } console)
            {
                return;
            }

            if (value is { Key: "HostBuilding", Value: IHostBuilder builder })
            {
                builder.ConfigureServices(services => services.AddSingleton<ILoggerProvider>(console.Log));
            }

            if (value is { Key: "HostBuilt", Value: IHost host })
            {
                console._built.TrySetResult(host);
            }
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }

    [GeneratedRegex("""\.(css|js|map|svg|woff2?|gz|br|json|png|txt)$""")]
    private static partial Regex IsFile();

    [GeneratedRegex("""name="__RequestVerificationToken"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="__RequestVerificationToken" """)]
    private static partial Regex FormToken();
}

/// <summary>One way to ask the console for something.</summary>
internal sealed record ConsoleEndpoint(string Method, string Pattern, RouteEndpoint Endpoint)
{
    /// <summary>True where asking may change something.</summary>
    public bool Writes => Method is not ("GET" or "HEAD" or "OPTIONS");

    /// <summary>True where programs ask.</summary>
    public bool IsApi => Pattern.StartsWith("/api/", StringComparison.Ordinal);

    /// <summary>The address with something in each place.</summary>
    public string Path(Func<string, string> value) => Regex.Replace(Pattern, @"\{(\**)([^}:?=]+)[^}]*\}", match => value(match.Groups[2].Value));

    public override string ToString() => $"{Method} {Pattern}";
}
