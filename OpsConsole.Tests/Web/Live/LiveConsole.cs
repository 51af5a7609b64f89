using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Storage;
using OpsConsole.Core.Switches;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Api;
using OpsConsole.Web.Identity;
using OpsConsole.Web.Startup;

namespace OpsConsole.Tests.Web.Live;

/// <summary>The live part of the console on a real listener, over stores in memory.</summary>
internal sealed class LiveConsole : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _data = Directory.CreateTempSubdirectory("opsconsole-").FullName;

    private LiveConsole()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration["OpsConsole:DataFolder"] = _data;
        builder.Configuration["OpsConsole:SignIn:ServicesOnly"] = "true";
        builder.Services.AddSingleton<IReleaseStore>(Stores);
        builder.Services.AddSingleton<IActionStore>(Stores);
        builder.Services.AddSingleton<ISwitchStore>(Stores);
        builder.Services.AddSingleton<ISignalHistoryStore>(Stores);
        builder.Services.AddSingleton<IAuditStore>(new InMemoryAudit());
        var ready = new StorageReady();
        ready.Set();
        builder.Services.AddSingleton(ready);
        builder.AddBoard();
        builder.AddIdentity();
        builder.AddApi();
        _app = builder.Build();
        _app.UseIdentity();
        _app.UseBoard();
        _app.MapGroup("/api/v1").MapBoard();
        _app.MapOpenApi("/openapi/{documentName}.json");
    }

    public LiveStores Stores { get; } = new();

    public ReleaseBoard Board => _app.Services.GetRequiredService<ReleaseBoard>();

    public Uri Address => new(_app.Urls.First());

    public static async Task<LiveConsole> StartAsync()
    {
        var console = new LiveConsole();
        await console._app.StartAsync();
        return console;
    }

    public string Token(Role role = Role.Viewer) => _app.Services.GetRequiredService<ServiceTokens>().Issue("test", role);

    public HttpClient Http(string? token)
    {
        var http = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(20) };
        http.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return http;
    }

    public RecordOutcome Record(Release release, double value) => Board.Record(new SignalSample(
        new(release.Service, release.Target, release.Environment, release.Version, release.Signals[0].Key), TimeProvider.System.GetUtcNow(), value, 1000));

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }
}

/// <summary>A client of the hub by its wire protocol: JSON messages over a WebSocket, each ended by the record separator.</summary>
internal sealed class HubClient : IDisposable
{
    private const byte End = 0x1e;

    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromSeconds(30));
    private readonly List<byte> _received = [];

    /// <summary>Connects and shakes hands.</summary>
    public async Task JoinAsync(Uri console, string? token)
    {
        var address = new UriBuilder(console) { Scheme = "ws", Path = "/hubs/board", Query = token is null ? "" : "access_token=" + token };
        await _socket.ConnectAsync(address.Uri, _limit.Token);
        await _socket.SendAsync(Encoding.UTF8.GetBytes("{\"protocol\":\"json\",\"version\":1}\u001e"), WebSocketMessageType.Text, true, _limit.Token);
        Assert.Equal("{}", await FrameAsync());
    }

    /// <summary>The argument of the next message of that name, skipping others.</summary>
    public async Task<JsonElement> NextAsync(string target)
    {
        while (true)
        {
            using var message = JsonDocument.Parse(await FrameAsync());
            if (message.RootElement.GetProperty("type").GetInt32() == 1 && message.RootElement.GetProperty("target").GetString() == target)
            {
                return message.RootElement.GetProperty("arguments")[0].Clone();
            }
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        _limit.Dispose();
    }

    private async Task<string> FrameAsync()
    {
        var buffer = new byte[16 * 1024];
        int end;
        while ((end = _received.IndexOf(End)) < 0)
        {
            var read = await _socket.ReceiveAsync(buffer, _limit.Token);
            Assert.NotEqual(WebSocketMessageType.Close, read.MessageType);
            _received.AddRange(buffer.AsSpan(0, read.Count));
        }

        var frame = Encoding.UTF8.GetString([.. _received.Take(end)]);
        _received.RemoveRange(0, end + 1);
        return frame;
    }
}
