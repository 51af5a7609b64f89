using System.Text.Json;

namespace OpsConsole.Core.Sources.GooglePlayVitals;

/// <summary>A release that Google Play serves on one of its tracks.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Codes">Version codes of what it is made of.</param>
internal sealed record PlayServing(string Name, IReadOnlyList<string> Codes)
{
    /// <summary>Whether it is the release of a name: by its own, or by the version in the name that Play gives by itself, "215 (2.15.0)".</summary>
    public bool Is(string release) => Name == release || Name.EndsWith($" ({release})", StringComparison.Ordinal);

    /// <summary>Reads the releases of all tracks.</summary>
    public static IReadOnlyList<PlayServing> Read(JsonElement answer) =>
    [
        .. Of(answer, "tracks").SelectMany(static track => Of(track, "servingReleases")).Select(static release => new PlayServing(
            release.TryGetProperty("displayName", out var name) ? name.GetString() ?? "" : "",
            [.. Of(release, "versionCodes").Select(static code => code.GetString() ?? "").Where(IsCode)])),
    ];

    /// <summary>Whether a text is a version code: a whole number.</summary>
    public static bool IsCode(string text) => text.Length is > 0 and <= 19 && text.All(char.IsAsciiDigit);

    private static JsonElement[] Of(JsonElement of, string name) => of.TryGetProperty(name, out var list) ? [.. list.EnumerateArray()] : [];
}
