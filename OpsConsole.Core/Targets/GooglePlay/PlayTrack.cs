using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpsConsole.Core.Targets.GooglePlay;

/// <summary>The releases of a track.</summary>
internal sealed record PlayTrack(string Name, IReadOnlyList<PlayRelease> Releases)
{
    /// <summary>Reads a track as the API writes it; null where it is none.</summary>
    public static PlayTrack? Read(JsonElement answer)
    {
        var json = JsonObject.Create(answer.Clone()) ?? throw new InvalidOperationException("A track is an object.");
        var releases = (json["releases"] as JsonArray ?? []).Select(PlayRelease.Read).ToList();
        return (string?)json["track"] is { } name && !releases.Contains(null) ? new PlayTrack(name, [.. releases.OfType<PlayRelease>()]) : null;
    }

    /// <summary>The release of a version, the newest where names are used again; null where there is none.</summary>
    public PlayRelease? Find(string version) => Releases.Where(r => r.Is(version)).MaxBy(static r => PlayRelease.Highest(r.Codes));

    /// <summary>Another release that is being rolled out.</summary>
    public PlayRelease? RollingOutBeside(PlayRelease release) => Releases.FirstOrDefault(r => r != release && r.Status == PlayRelease.InProgress);

    /// <summary>What is to be written for the track when one of its releases goes to another state.</summary>
    /// <remarks>A write takes the place of the whole list, so everything else goes with it, but for what the release supersedes: a track has no two releases that are halted, and a completed one takes the place of the one before.</remarks>
    public string Write(PlayRelease release, string status, double? fraction) => new JsonObject
    {
        ["track"] = Name,
        ["releases"] = new JsonArray(
        [
            release.Write(status, fraction),
            .. Releases.Where(r => r != release && r.Status != PlayRelease.Halted && !(status == PlayRelease.Completed && r.Status == PlayRelease.Completed)).Select(static r => r.Write()),
        ]),
    }.ToJsonString();
}
