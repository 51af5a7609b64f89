using System.Net;
using System.Text.Json;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Remote;

namespace OpsConsole.Core.Targets.GitHub;

/// <summary>Speaks with GitHub's REST API, with a token that was set or as the installation of an app.</summary>
internal sealed class GitHubApi
{
    /// <summary>How long before its end an installation's token is replaced.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);

    private readonly RemoteHttp _http;
    private readonly TargetSettings _settings;
    private readonly TimeProvider _time;
    private readonly Uri _api;
    private readonly GitHubAppKey? _app;
    private volatile InstallationToken? _token;

    public GitHubApi(TargetSettings settings, RemoteConnections connections)
    {
        (_http, _settings, _time, _api) = (connections.Connect(settings, "GitHub", Words), settings, connections.Time, settings.Address(GitHubKind.Api));
        _app = settings[GitHubKind.Key].Length > 0 ? new GitHubAppKey(settings[GitHubKind.App], settings[GitHubKind.Key]) : null;
    }

    /// <summary>Reads a thing.</summary>
    /// <exception cref="TargetUnreachableException">It could not be read, or was something else.</exception>
    public async Task<T> ReadAsync<T>(string path, Func<JsonElement, T?> take, CancellationToken cancellationToken)
        where T : class
    {
        var token = await TokenAsync(cancellationToken).ConfigureAwait(false);
        var answer = Known(await _http.ReadAsync(() => Request(HttpMethod.Get, path, token), cancellationToken).ConfigureAwait(false));
        return _http.TakeRead(answer, take);
    }

    /// <summary>Asks for a change.</summary>
    /// <exception cref="TargetRefusedException">GitHub said no; nothing changed.</exception>
    /// <exception cref="TargetUnreachableException">Not known whether anything changed.</exception>
    public async Task<RemoteAnswer> ChangeAsync(string path, object body, CancellationToken cancellationToken)
    {
        var token = await TokenAsync(cancellationToken).ConfigureAwait(false);
        var answer = Known(await _http.ChangeAsync(() => Request(HttpMethod.Post, path, token, body), cancellationToken).ConfigureAwait(false));
        _http.Accept(answer);
        return answer;
    }

    /// <summary>Takes something out of an answer.</summary>
    /// <exception cref="TargetUnreachableException">It is something else.</exception>
    public T Take<T>(RemoteAnswer answer, Func<JsonElement, T?> take)
        where T : class => _http.Take(answer, take);

    /// <summary>What an answer means: GitHub says with 403 too that it is asked too often, and an installation's token may have been taken back.</summary>
    private RemoteAnswer Known(RemoteAnswer answer)
    {
        if (answer.Status == HttpStatusCode.Unauthorized)
        {
            _token = null;
        }

        return answer.Status == HttpStatusCode.Forbidden && (answer.RetryAfter is not null || _http.Said(answer)?.Contains("rate limit", StringComparison.OrdinalIgnoreCase) == true)
            ? answer with { Status = HttpStatusCode.TooManyRequests }
            : answer;
    }

    /// <summary>The token to ask with. Two that ask for a new one at the same time get two, which both hold.</summary>
    private async Task<string> TokenAsync(CancellationToken cancellationToken)
    {
        if (_app is null)
        {
            return _settings[GitHubKind.Token];
        }

        if (_token is { } token && token.Until - _time.GetUtcNow() > Ahead)
        {
            return token.Value;
        }

        // No more than what the console needs, whatever else the app may do.
        var wanted = new { permissions = new { actions = "write", deployments = "write" } };
        var made = await _http.ReadJsonAsync(
            () => Request(HttpMethod.Post, $"app/installations/{_settings[GitHubKind.Installation]}/access_tokens", _app.Sign(_time.GetUtcNow()), wanted),
            InstallationToken.Read,
            cancellationToken).ConfigureAwait(false);
        _token = made;
        return made.Value;
    }

    private HttpRequestMessage Request(HttpMethod method, string path, string token, object? body = null)
    {
        var request = BearerRequest.Of(method, new Uri(_api, path), token, body is null ? null : JsonSerializer.Serialize(body), accept: "application/vnd.github+json");
        request.Headers.Add("X-GitHub-Api-Version", "2022-11-28");
        return request;
    }

    /// <summary>What the API says of an error: <c>{ "message": "...", "errors": [ { "field": "ref", "code": "invalid" } ] }</c>.</summary>
    private static string? Words(JsonElement answer)
    {
        var message = answer.GetProperty("message").GetString();
        var more = answer.Items("errors").Select(More).OfType<string>().ToList();
        return more.Count == 0 ? message : $"{message} ({string.Join("; ", more)})";
    }

    private static string? More(JsonElement error) => error.ValueKind switch
    {
        JsonValueKind.String => error.GetString(),
        JsonValueKind.Object when error.TryGetProperty("message", out var message) => message.GetString(),
        JsonValueKind.Object when error.TryGetProperty("field", out var field) && error.TryGetProperty("code", out var code) => $"{field.GetString()}: {code.GetString()}",
        _ => null,
    };

    private sealed record InstallationToken(string Value, DateTimeOffset Until)
    {
        public static InstallationToken? Read(JsonElement answer) =>
            answer.GetProperty("token").GetString() is { Length: > 0 } token ? new(token, answer.GetProperty("expires_at").GetDateTimeOffset()) : null;

        /// <summary>Keeps the token out of logs.</summary>
        public override string ToString() => "an installation's token";
    }
}
