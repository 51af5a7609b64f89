using System.Collections.Concurrent;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Remote;

namespace OpsConsole.Core.Targets.GooglePlay;

/// <summary>Gives an app's new release to a share of its users on one track, halts and resumes it, and reads the track back.</summary>
/// <remarks>The API keeps no idempotency keys: each change reads the track in its edit first, and commits nothing that is so already.</remarks>
internal sealed class PlayAdapter(TargetSettings settings, RemoteConnections connections) : IDeliveryTargetAdapter
{
    /// <summary>How many edits one change or reading opens at most, when others end them by changing the app meanwhile.</summary>
    private const int Edits = 3;

    private readonly PlayPublishing _play = new(settings, connections);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _apps = new(StringComparer.Ordinal);
    private readonly string _track = settings[PlayKind.Track];

    public string Target => settings.Target;

    public TargetCapabilities Capabilities { get; } = PlayKind.Capabilities(settings[PlayKind.Track]);

    /// <inheritdoc/>
    public async Task ApplyAsync(TargetChange change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        var package = settings.NameOf(change.Service);
        var changed = await AloneAsync(package, () => ChangeAsync(package, change, cancellationToken), cancellationToken).ConfigureAwait(false);
        if (!changed)
        {
            throw new TargetRefusedException($"The app was changed elsewhere {Edits} times while this was written, and Google Play ended the edit each time. Nothing was changed; ask again.");
        }
    }

    /// <inheritdoc/>
    public async Task<TargetObservation> ObserveAsync(string service, string environment, string version, CancellationToken cancellationToken)
    {
        var package = settings.NameOf(service);
        var reviews = await _play.ReviewsAsync(package, cancellationToken).ConfigureAwait(false);
        var track = await AloneAsync(package, () => TrackAsync(package, cancellationToken), cancellationToken).ConfigureAwait(false);
        var now = connections.Time.GetUtcNow();
        if (track.Find(version) is not { } release || release.Status is not (PlayRelease.InProgress or PlayRelease.Halted or PlayRelease.Completed))
        {
            return new TargetObservation(0, false, null, now);
        }

        var isHalted = release.Status == PlayRelease.Halted;
        return reviews.Of(release) switch
        {
            PlayReviews.Published => new TargetObservation(release.Percent, isHalted, null, now),
            PlayReviews.NotApproved => new TargetObservation(0, isHalted, null, now) { Besides = $"Google did not approve {version}." },
            _ when isHalted => new TargetObservation(0, true, null, now),

            // What was asked for stands, and takes effect when Google lets it: until then it is neither done nor undone.
            var state => throw new TargetUnreachableException(PlayReviews.Why(version, state)),
        };
    }

    /// <summary>Makes the change in an edit; false where every edit was ended by others.</summary>
    private async Task<bool> ChangeAsync(string package, TargetChange change, CancellationToken cancellationToken)
    {
        PlayRelease? seen = null;
        for (var i = 0; i < Edits; i++)
        {
            var edit = await _play.OpenAsync(package, cancellationToken).ConfigureAwait(false);
            if (await _play.TrackAsync(package, edit, cancellationToken).ConfigureAwait(false) is not { } track)
            {
                continue;
            }

            var release = track.Find(change.Version)
                ?? throw new TargetRefusedException($"The track {_track} of {package} has no release {change.Version}. Upload it there as a draft first, named {change.Version}.");
            if (seen is not null && !change.Halted && !release.StandsAs(seen))
            {
                throw new TargetRefusedException($"Somebody else changed {change.Version} meanwhile: it is {release.Status} at {Wording.Percent(release.Percent)} now. Look at it, then ask again.");
            }

            seen = release;
            if (PlayStep.To(change, track, release) is not { } step)
            {
                return true;
            }

            if (await _play.WriteAsync(package, edit, track.Write(release, step.Status, step.Fraction), cancellationToken).ConfigureAwait(false)
                && await _play.CommitAsync(package, edit, cancelsReviews: change.Halted, cancellationToken).ConfigureAwait(false))
            {
                return true;
            }
        }

        return false;
    }

    private async Task<PlayTrack> TrackAsync(string package, CancellationToken cancellationToken)
    {
        for (var i = 0; i < Edits; i++)
        {
            var edit = await _play.OpenAsync(package, cancellationToken).ConfigureAwait(false);
            if (await _play.TrackAsync(package, edit, cancellationToken).ConfigureAwait(false) is { } track)
            {
                return track;
            }
        }

        throw new TargetUnreachableException($"The app was changed elsewhere {Edits} times while its track was read, and Google Play ended the edit each time.");
    }

    /// <summary>An account has one open edit of an app, so the console's own reading would end its own change.</summary>
    private async Task<T> AloneAsync<T>(string package, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        var app = _apps.GetOrAdd(package, static _ => new SemaphoreSlim(1, 1));
        await app.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await work().ConfigureAwait(false);
        }
        finally
        {
            app.Release();
        }
    }
}
