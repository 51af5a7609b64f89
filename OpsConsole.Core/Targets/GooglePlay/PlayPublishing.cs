using System.Net;
using OpsConsole.Core.Remote;

namespace OpsConsole.Core.Targets.GooglePlay;

/// <summary>The part of the Google Play Developer API that releases are published by.</summary>
/// <remarks>
/// Changes are made in an edit: a copy of the app, of which nothing is live before it is committed as a whole. An account has one open edit of an app;
/// the next one, and any change made elsewhere, puts an end to it. See <c>edits</c>, <c>edits.tracks</c> and <c>applications.tracks.releases</c> in the reference of version 3.
/// </remarks>
internal sealed class PlayPublishing
{
    private const string Scope = "https://www.googleapis.com/auth/androidpublisher";

    /// <summary>What the API says when an edit is not good any more.</summary>
    private static readonly string[] Ended = ["edit has been deleted", "edit has expired", "edit has already been"];

    private readonly PlaySession _play;
    private readonly Uri _applications;
    private readonly string _track;

    public PlayPublishing(TargetSettings settings, RemoteConnections connections)
    {
        _play = new PlaySession(settings, Scope, connections);
        _applications = new Uri(settings.Address(PlayKind.Api), "androidpublisher/v3/applications/");
        _track = settings[PlayKind.Track];
    }

    /// <summary>How far the releases of the track are let out.</summary>
    public async Task<PlayReviews> ReviewsAsync(string package, CancellationToken cancellationToken) =>
        _play.Http.TakeRead(await ReadAsync(HttpMethod.Get, package, $"tracks/{Track}/releases", null, cancellationToken).ConfigureAwait(false), PlayReviews.Read);

    /// <summary>Opens an edit, which puts an end to an earlier one of the same account.</summary>
    public async Task<string> OpenAsync(string package, CancellationToken cancellationToken) =>
        _play.Http.TakeRead(await ReadAsync(HttpMethod.Post, package, "edits", "{}", cancellationToken).ConfigureAwait(false), static edit => edit.GetProperty("id").GetString());

    /// <summary>The track as it stands in an edit; null where the edit has ended.</summary>
    public async Task<PlayTrack?> TrackAsync(string package, string edit, CancellationToken cancellationToken)
    {
        var answer = await ReadAsync(HttpMethod.Get, package, $"edits/{edit}/tracks/{Track}", null, cancellationToken).ConfigureAwait(false);
        return HasEnded(answer) ? null : _play.Http.TakeRead(answer, PlayTrack.Read);
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
        var what = $"edits/{edit}:commit?changesInReviewBehavior={(cancelsReviews ? "CANCEL_IN_REVIEW_AND_SUBMIT" : "ERROR_IF_IN_REVIEW")}";
        return Accepted(await _play.ChangeAsync(HttpMethod.Post, Of(package, what), null, cancellationToken).ConfigureAwait(false));
    }

    private string Track => Uri.EscapeDataString(_track);

    private Uri Of(string package, string what) => new(_applications, $"{Uri.EscapeDataString(package)}/{what}");

    private Task<RemoteAnswer> ReadAsync(HttpMethod method, string package, string what, string? body, CancellationToken cancellationToken) =>
        _play.ReadAsync(method, Of(package, what), body, cancellationToken);

    private bool Accepted(RemoteAnswer answer)
    {
        if (HasEnded(answer))
        {
            return false;
        }

        _play.Http.Accept(answer);
        return true;
    }

    private bool HasEnded(RemoteAnswer answer) => answer.Status is HttpStatusCode.Conflict or HttpStatusCode.Gone
        || (answer.Status == HttpStatusCode.BadRequest && _play.Http.Said(answer) is { } said && Ended.Any(words => said.Contains(words, StringComparison.OrdinalIgnoreCase)));
}
