using System.Text.Json;

namespace OpsConsole.Core.Targets.GooglePlay;

/// <summary>How far Google has let the releases of a track out: an edit says what is wanted, this says what is served.</summary>
internal sealed class PlayReviews(IReadOnlyList<(string Name, IReadOnlyList<string> Codes, string State)> releases)
{
    public const string Published = "PUBLISHED", NotApproved = "NOT_APPROVED";

    private const string Prefix = "RELEASE_LIFECYCLE_STATE_";

    /// <summary>Reads the list as the API writes it.</summary>
    public static PlayReviews Read(JsonElement answer) => new(!answer.TryGetProperty("releases", out var releases) ? [] :
    [
        .. releases.EnumerateArray().Select(static r => (
            r.TryGetProperty("releaseName", out var name) ? name.GetString() ?? "" : "",
            (IReadOnlyList<string>)[.. (r.TryGetProperty("activeArtifacts", out var made) ? made.EnumerateArray().ToArray() : []).Select(static a => a.GetProperty("versionCode").ToString())],
            State(r.GetProperty("releaseLifecycleState").GetString() ?? ""))),
    ]);

    /// <summary>The state of a release, without the prefix that the API gives it; null where it is not listed.</summary>
    /// <remarks>
    /// Releases share the builds that older devices keep, so one shared version code says nothing: all of them do, or else the highest one or the name.
    /// Where that leaves several, the one that is let out the least counts.
    /// </remarks>
    public string? Of(PlayRelease release)
    {
        var same = releases.Where(r => r.Codes.Count > 0 && r.Codes.ToHashSet().SetEquals(release.Codes)).ToList();
        if (same.Count == 0)
        {
            var highest = PlayRelease.Highest(release.Codes);
            same = [.. releases.Where(r => (highest > 0 && PlayRelease.Highest(r.Codes) == highest) || (r.Name.Length > 0 && r.Name == release.Name))];
        }

        return same.Select(static r => r.State).MinBy(static state => state switch { Published => 2, NotApproved => 1, _ => 0 });
    }

    /// <summary>Why nobody can say yet who has a release, as a sentence.</summary>
    public static string Why(string version, string? state) => state switch
    {
        "IN_REVIEW" => $"Google reviews {version}, and serves it when that has passed.",
        "NOT_SENT_FOR_REVIEW" => $"{version} waits in the Play Console to be sent to review.",
        "APPROVED_NOT_PUBLISHED" => $"{version} is approved and waits in the Play Console to be published, because its publishing is managed.",
        _ => $"Google does not show {version} as published yet.",
    };

    private static string State(string written) => written.StartsWith(Prefix, StringComparison.Ordinal) ? written[Prefix.Length..] : written;
}
