using System.Net;
using System.Text.Json;
using OpsConsole.Core.Connections;
using OpsConsole.Core.Remote;

namespace OpsConsole.Core.Targets.GooglePlay;

/// <summary>A connection to an API of Google Play with a service account.</summary>
internal sealed class PlaySession
{
    private readonly PlaySignIn _signIn;

    /// <param name="settings">The account, under the names that <see cref="PlayKind"/> gives its settings.</param>
    /// <param name="scope">What the console asks to be let into.</param>
    /// <param name="connections">How it is connected to.</param>
    public PlaySession(ConnectionSettings settings, string scope, RemoteConnections connections)
    {
        Http = connections.Connect(settings, "Google Play", Words);
        _signIn = new PlaySignIn(Http, PlayAccount.Read(settings[PlayKind.ServiceAccount])!, new Uri(settings[PlayKind.SignIn]), scope, connections.Time);
    }

    /// <summary>The connection.</summary>
    public RemoteHttp Http { get; }

    /// <summary>Asks for what changes nothing that is live, and may be tried again.</summary>
    /// <param name="method">The method.</param>
    /// <param name="address">The whole address.</param>
    /// <param name="body">What is sent, JSON; null: nothing.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="OpsConsole.Core.Actions.Gate.TargetUnreachableException">There was no answer, or no access token.</exception>
    public Task<RemoteAnswer> ReadAsync(HttpMethod method, Uri address, string? body, CancellationToken cancellationToken) => AskAsync(Http.ReadAsync, method, address, body, cancellationToken);

    /// <summary>Asks for a change, which is not tried again once it may have been made.</summary>
    /// <inheritdoc cref="ReadAsync" path="/param|/exception"/>
    public Task<RemoteAnswer> ChangeAsync(HttpMethod method, Uri address, string? body, CancellationToken cancellationToken) => AskAsync(Http.ChangeAsync, method, address, body, cancellationToken);

    private async Task<RemoteAnswer> AskAsync(
        Func<Func<HttpRequestMessage>, CancellationToken, Task<RemoteAnswer>> ask, HttpMethod method, Uri address, string? body, CancellationToken cancellationToken)
    {
        var token = await _signIn.TokenAsync(cancellationToken).ConfigureAwait(false);
        var answer = await ask(() => BearerRequest.Of(method, address, token, body), cancellationToken).ConfigureAwait(false);
        if (answer.Status == HttpStatusCode.Unauthorized)
        {
            _signIn.Forget();
        }

        return answer;
    }

    /// <summary>What an API says of an error, <c>{ "error": { "message": "..." } }</c>, and what the sign-in says: <c>{ "error": "invalid_grant", "error_description": "..." }</c>.</summary>
    private static string? Words(JsonElement answer) =>
        answer.GetProperty("error") is { ValueKind: JsonValueKind.Object } error ? error.GetProperty("message").GetString()
        : answer.TryGetProperty("error_description", out var said) ? $"{said.GetString()} ({answer.GetProperty("error").GetString()})"
        : answer.GetProperty("error").GetString();
}
