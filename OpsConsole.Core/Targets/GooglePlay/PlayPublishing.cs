using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Core.Targets.GooglePlay;

/// <summary>The part of the Google Play Developer API that releases are published by.</summary>
/// <remarks>
/// Changes are made in an edit: a copy of the app, of which nothing is live before it is committed as a whole. An account has one open edit of an app;
/// the next one, and any change made elsewhere, puts an end to it. See <c>edits</c>, <c>edits.tracks</c> and <c>applications.tracks.releases</c> in the reference of version 3.
/// </remarks>
internal sealed class PlayPublishing
{
    /// <summary>What the API says when an edit is not good any more.</summary>
    private static readonly string[] Ended = ["edit has been deleted", "edit has expired", "edit has already been"];

    private readonly TargetHttp _http;
    private readonly PlaySignIn _signIn;
    private readonly Uri _applications;
    private readonly string _track;

    public PlayPublishing(TargetSettings settings, TargetConnections connections)
    {
        _signIn = new PlaySignIn(PlayAccount.Read(settings[PlayKind.ServiceAccount])!, new Uri(settings[PlayKind.SignIn]), connections.Time);
        _http = connections.Connect(settings, "Google Play", answer => _signIn.Hide(Words(answer)));
        _applications = new Uri(settings.Address(PlayKind.Api), "androidpublisher/v3/applications/");
        _track = settings[PlayKind.Track];
    }

    /// <summary>How far the releases of the track are let out.</summary>
    public async Task<PlayReviews> ReviewsAsync(string package, CancellationToken cancellationToken) =>
        Taken(await ReadAsync(HttpMethod.Get, package, $"tracks/{Track}/releases", null, cancellationToken).ConfigureAwait(false), PlayReviews.Read);

    /// <summary>Opens an edit, which puts an end to an earlier one of the same account.</summary>
    public async Task<string> OpenAsync(string package, CancellationToken cancellationToken) =>
        Taken(await ReadAsync(HttpMethod.Post, package, "edits", "{}", cancellationToken).ConfigureAwait(false), static edit => edit.GetProperty("id").GetString());

    /// <summary>The track as it stands in an edit; null where the edit has ended.</summary>
    public async Task<PlayTrack?> TrackAsync(string package, string edit, CancellationToken cancellationToken)
    {
        var answer = await ReadAsync(HttpMethod.Get, package, $"edits/{edit}/tracks/{Track}", null, cancellationToken).ConfigureAwait(false);
        return HasEnded(answer) ? null : Taken(answer, PlayTrack.Read);
    }

    /// <summary>Writes the track into an edit; false where the edit has ended. Nothing is live by that.</summary>
    public async Task<bool> WriteAsync(string package, string edit, string track, CancellationToken cancellationToken) =>
        Accepted(await ReadAsync(HttpMethod.Put, package, $"edits/{edit}/tracks/{Track}", track, cancellationToken).ConfigureAwait(false));

    /// <summary>Makes an edit live; false where it has ended and nothing is.</summary>
    /// <param name="package">The app.</param>
    /// <param name="edit">The edit.</param>
    /// <param name="cancelsReviews">Whether other changes that are in review may be taken back and sent anew with this one; if not, they stand in its way.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<bool> CommitAsync(string package, string edit, bool cancelsReviews, CancellationToken cancellationToken)
    {
        var token = await _signIn.TokenAsync(_http, cancellationToken).ConfigureAwait(false);
        var what = $"edits/{edit}:commit?changesInReviewBehavior={(cancelsReviews ? "CANCEL_IN_REVIEW_AND_SUBMIT" : "ERROR_IF_IN_REVIEW")}";
        return Accepted(await _http.ChangeAsync(() => Request(HttpMethod.Post, package, what, null, token), cancellationToken).ConfigureAwait(false));
    }

    private string Track => Uri.EscapeDataString(_track);

    /// <summary>What changes nothing that is live, and may be tried again.</summary>
    private async Task<TargetAnswer> ReadAsync(HttpMethod method, string package, string what, string? body, CancellationToken cancellationToken)
    {
        var token = await _signIn.TokenAsync(_http, cancellationToken).ConfigureAwait(false);
        return await _http.ReadAsync(() => Request(method, package, what, body, token), cancellationToken).ConfigureAwait(false);
    }

    private HttpRequestMessage Request(HttpMethod method, string package, string what, string? body, string token)
    {
        var request = new HttpRequestMessage(method, new Uri(_applications, $"{Uri.EscapeDataString(package)}/{what}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        return request;
    }

    private T Taken<T>(TargetAnswer answer, Func<JsonElement, T?> take)
        where T : class
    {
        Look(answer);
        return answer.IsSuccess ? _http.Take(answer, take) : throw new TargetUnreachableException(_http.WhyNotRead(answer));
    }

    private bool Accepted(TargetAnswer answer)
    {
        Look(answer);
        if (HasEnded(answer))
        {
            return false;
        }

        _http.Accept(answer);
        return true;
    }

    /// <summary>A token that is not accepted any more is not used again.</summary>
    private void Look(TargetAnswer answer)
    {
        if (answer.Status == HttpStatusCode.Unauthorized)
        {
            _signIn.Forget();
        }
    }

    private bool HasEnded(TargetAnswer answer) => answer.Status is HttpStatusCode.Conflict or HttpStatusCode.Gone
        || (answer.Status == HttpStatusCode.BadRequest && _http.Said(answer) is { } said && Ended.Any(words => said.Contains(words, StringComparison.OrdinalIgnoreCase)));

    /// <summary>What the API says of an error, <c>{ "error": { "message": "..." } }</c>, and what the sign-in says: <c>{ "error": "invalid_grant", "error_description": "..." }</c>.</summary>
    private static string? Words(JsonElement answer) =>
        answer.GetProperty("error") is { ValueKind: JsonValueKind.Object } error ? error.GetProperty("message").GetString()
        : answer.TryGetProperty("error_description", out var said) ? $"{said.GetString()} ({answer.GetProperty("error").GetString()})"
        : answer.GetProperty("error").GetString();
}
