using System.Text.Json;

namespace OpsConsole.Core.Targets.AppStoreConnect;

/// <summary>A version of an app in the App Store.</summary>
/// <param name="Id">Its id at the API.</param>
/// <param name="State">How far it has come, as the API writes it.</param>
/// <param name="Phased">Its phased release; null where it has none.</param>
internal sealed record AppStoreVersion(string Id, string State, PhasedRelease? Phased)
{
    public const string Type = "appStoreVersions";

    /// <summary>Approved, and waits to be let out.</summary>
    public bool Waits => State == "PENDING_DEVELOPER_RELEASE";

    /// <summary>Let out, and Apple is bringing it to the store, which takes up to a day.</summary>
    public bool IsOnItsWay => State is "PROCESSING_FOR_DISTRIBUTION" or "PROCESSING_FOR_APP_STORE";

    /// <summary>In the store.</summary>
    public bool IsOut => State is "READY_FOR_DISTRIBUTION" or "READY_FOR_SALE";

    /// <summary>Share of the users who are offered it, as a percentage; null where that is not to be known yet.</summary>
    public double? Percent => IsOut ? (Phased is { } phased ? phased.Percent : 100) : IsOnItsWay ? null : 0;

    /// <summary>Reads versions with their phased releases, as the API writes them: what belongs to a version is named there and written beside.</summary>
    public static IReadOnlyList<AppStoreVersion> Read(JsonElement answer)
    {
        var phased = answer.TryGetProperty("included", out var included)
            ? included.EnumerateArray().Where(static r => r.GetProperty("type").GetString() == PhasedRelease.Type).Select(PhasedRelease.Read).ToList()
            : [];
        return [.. answer.GetProperty("data").EnumerateArray().Select(version => new AppStoreVersion(
            version.GetProperty("id").GetString() ?? "",
            StateOf(version.GetProperty("attributes")),
            PhasedIdOf(version) is { } id ? phased.Find(p => p.Id == id) : null))];
    }

    /// <summary>The state under its newer name, or under the older one.</summary>
    private static string StateOf(JsonElement attributes) =>
        (attributes.TryGetProperty("appVersionState", out var state) ? state.GetString() : null) ?? attributes.GetProperty("appStoreState").GetString() ?? "";

    private static string? PhasedIdOf(JsonElement version) =>
        version.TryGetProperty("relationships", out var others) && others.TryGetProperty("appStoreVersionPhasedRelease", out var phased)
        && phased.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Object ? data.GetProperty("id").GetString() : null;
}
