using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Core.Targets.AppStoreConnect;

/// <summary>The part of the App Store Connect API that versions are let out by. It speaks JSON:API.</summary>
internal sealed class ConnectApi
{
    private const string ReleaseRequests = "appStoreVersionReleaseRequests";

    private readonly ConcurrentDictionary<string, string> _apps = new(StringComparer.Ordinal);
    private readonly TargetHttp _http;
    private readonly ConnectToken _token;
    private readonly Uri _api;
    private readonly string _platform;

    public ConnectApi(TargetSettings settings, TargetConnections connections)
    {
        _token = new ConnectToken(settings, connections.Time);
        _http = connections.Connect(settings, "App Store Connect", answer => _token.Hide(Words(answer)));
        _api = new Uri(settings.Address(AppStoreConnectKind.Api), "v1/");
        _platform = settings[AppStoreConnectKind.Platform];
    }

    /// <summary>A version of an app; null where the app has none of that name.</summary>
    /// <param name="app">The app's bundle id, or the number that Apple gives it.</param>
    /// <param name="version">As people read it in the store.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TargetUnreachableException">It could not be read, or there is no such app.</exception>
    public async Task<AppStoreVersion?> VersionAsync(string app, string version, CancellationToken cancellationToken)
    {
        var id = await AppAsync(app, cancellationToken).ConfigureAwait(false);
        var what = $"apps/{Uri.EscapeDataString(id)}/appStoreVersions?{Filter("versionString", version)}&{Filter("platform", _platform)}&include=appStoreVersionPhasedRelease";
        var versions = await _http.ReadJsonAsync(() => Request(HttpMethod.Get, what), AppStoreVersion.Read, cancellationToken).ConfigureAwait(false);
        return versions.Count > 0 ? versions[0] : null;
    }

    /// <summary>Lets a version out that waits for it.</summary>
    public Task ReleaseAsync(AppStoreVersion version, CancellationToken cancellationToken) =>
        ChangeAsync(HttpMethod.Post, ReleaseRequests, new { type = ReleaseRequests, relationships = Of(version) }, cancellationToken);

    /// <summary>Plans a phased release of a version that is not let out yet. It begins when that is.</summary>
    public Task PlanPhasesAsync(AppStoreVersion version, CancellationToken cancellationToken) =>
        ChangeAsync(HttpMethod.Post, PhasedRelease.Type, new { type = PhasedRelease.Type, attributes = new { phasedReleaseState = PhasedRelease.Inactive }, relationships = Of(version) }, cancellationToken);

    /// <summary>Takes a plan back that has not begun.</summary>
    public Task DropPhasesAsync(PhasedRelease phased, CancellationToken cancellationToken) =>
        ChangeAsync(HttpMethod.Delete, $"{PhasedRelease.Type}/{Uri.EscapeDataString(phased.Id)}", null, cancellationToken);

    /// <summary>Pauses, resumes or completes a phased release.</summary>
    public Task SetAsync(PhasedRelease phased, string state, CancellationToken cancellationToken) =>
        ChangeAsync(HttpMethod.Patch, $"{PhasedRelease.Type}/{Uri.EscapeDataString(phased.Id)}", new { type = PhasedRelease.Type, id = phased.Id, attributes = new { phasedReleaseState = state } }, cancellationToken);

    /// <summary>The number of an app. It never changes, so it is asked for once.</summary>
    private async Task<string> AppAsync(string app, CancellationToken cancellationToken)
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
        var found = await _http.ReadJsonAsync(
            () => Request(HttpMethod.Get, $"apps?{Filter("bundleId", app)}"),
            answer => answer.GetProperty("data").EnumerateArray().Where(a => a.GetProperty("attributes").GetProperty("bundleId").GetString() == app).Select(static a => a.GetProperty("id").GetString() ?? "").ToList(),
            cancellationToken).ConfigureAwait(false);
        return found is [{ Length: > 0 } id, ..] ? _apps.GetOrAdd(app, id) : throw new TargetUnreachableException($"App Store Connect shows the console's key no app with the bundle id {app}.");
    }

    private async Task ChangeAsync(HttpMethod method, string what, object? data, CancellationToken cancellationToken) =>
        _http.Accept(await _http.ChangeAsync(() => Request(method, what, data), cancellationToken).ConfigureAwait(false));

    private HttpRequestMessage Request(HttpMethod method, string what, object? data = null)
    {
        var request = new HttpRequestMessage(method, new Uri(_api, what));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token.Value);
        request.Content = data is null ? null : new StringContent(JsonSerializer.Serialize(new { data }), Encoding.UTF8, "application/json");
        return request;
    }

    private static string Filter(string name, string value) => $"filter%5B{name}%5D={Uri.EscapeDataString(value)}";

    private static object Of(AppStoreVersion version) => new { appStoreVersion = new { data = new { type = AppStoreVersion.Type, id = version.Id } } };

    /// <summary>What the API says of an error: <c>{ "errors": [ { "code": "STATE_ERROR", "title": "...", "detail": "..." } ] }</c>. The reason may be in any of them.</summary>
    private static string? Words(JsonElement answer) => string.Join(" ", answer.GetProperty("errors").EnumerateArray()
        .Select(static e => $"{(e.TryGetProperty("detail", out var detail) ? detail.GetString() : e.GetProperty("title").GetString())}{(e.TryGetProperty("code", out var code) ? $" ({code.GetString()})" : "")}"));
}
