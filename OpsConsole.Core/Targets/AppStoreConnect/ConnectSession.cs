using System.Collections.Concurrent;
using System.Text.Json;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Connections;
using OpsConsole.Core.Remote;

namespace OpsConsole.Core.Targets.AppStoreConnect;

/// <summary>A connection to the App Store Connect API with a team's key. It speaks JSON:API.</summary>
internal sealed class ConnectSession
{
    private readonly ConcurrentDictionary<string, string> _apps = new(StringComparer.Ordinal);
    private readonly ConnectToken _token;
    private readonly Uri _api;

    /// <param name="settings">The key, under the names that <see cref="AppStoreConnectKind"/> gives its settings.</param>
    /// <param name="address">Address of the API.</param>
    /// <param name="connections">How it is connected to.</param>
    public ConnectSession(ConnectionSettings settings, Uri address, RemoteConnections connections)
    {
        _token = new ConnectToken(settings, connections.Time);
        Http = connections.Connect(settings, "App Store Connect", Words);
        _api = new Uri($"{address.AbsoluteUri.TrimEnd('/')}/v1/");
    }

    /// <summary>The connection.</summary>
    public RemoteHttp Http { get; }

    /// <summary>A parameter that selects by a value.</summary>
    public static string Filter(string name, string value) => $"filter%5B{name}%5D={Uri.EscapeDataString(value)}";

    /// <summary>The number of an app. It never changes, so it is asked for once.</summary>
    /// <param name="app">The app's bundle id, or its number.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TargetUnreachableException">It could not be read, or there is no such app.</exception>
    public async Task<string> AppAsync(string app, CancellationToken cancellationToken)
    {
        if (app.All(char.IsAsciiDigit))
        {
            return app;
        }

        if (_apps.TryGetValue(app, out var known))
        {
            return known;
        }

        // The filter may find more than was asked for.
        var found = await Http.ReadJsonAsync(
            () => Request(HttpMethod.Get, $"apps?{Filter("bundleId", app)}"),
            answer => answer.GetProperty("data").EnumerateArray().Where(a => a.GetProperty("attributes").GetProperty("bundleId").GetString() == app).Select(static a => a.GetProperty("id").GetString() ?? "").ToList(),
            cancellationToken).ConfigureAwait(false);
        return found is [{ Length: > 0 } id, ..] ? _apps.GetOrAdd(app, id) : throw new TargetUnreachableException($"App Store Connect shows the console's key no app with the bundle id {app}.");
    }

    /// <summary>A request that is signed in.</summary>
    /// <param name="method">The method.</param>
    /// <param name="what">The path below the API's version.</param>
    /// <param name="data">What is sent as <c>data</c>; null: nothing.</param>
    /// <param name="accept">The media type that is wanted; null: the API's own.</param>
    public HttpRequestMessage Request(HttpMethod method, string what, object? data = null, string? accept = null) =>
        BearerRequest.Of(method, new Uri(_api, what), _token.Value, data is null ? null : JsonSerializer.Serialize(new { data }), accept: accept);

    /// <summary>What the API says of an error: <c>{ "errors": [ { "code": "STATE_ERROR", "title": "...", "detail": "..." } ] }</c>. The reason may be in any of them.</summary>
    private static string? Words(JsonElement answer) => string.Join(" ", answer.GetProperty("errors").EnumerateArray()
        .Select(static e => $"{(e.TryGetProperty("detail", out var detail) ? detail.GetString() : e.GetProperty("title").GetString())}{(e.TryGetProperty("code", out var code) ? $" ({code.GetString()})" : "")}"));
}
