using System.Globalization;
using System.Text.Json.Nodes;

namespace OpsConsole.Core.Targets.GooglePlay;

/// <summary>One release on a track, with all that Play keeps of it: release notes, countries and priority go back as they came.</summary>
internal sealed class PlayRelease
{
    public const string Draft = "draft", InProgress = "inProgress", Halted = "halted", Completed = "completed";

    private readonly JsonObject _json;

    private PlayRelease(JsonObject json, IReadOnlyList<string> codes, string status, double? fraction)
    {
        (_json, Codes, Status, Fraction) = (json, codes, status, fraction);
        Name = (string?)json["name"] ?? "";
    }

    /// <summary>What people call it.</summary>
    public string Name { get; }

    /// <summary>Version codes of what it is made of.</summary>
    public IReadOnlyList<string> Codes { get; }

    /// <summary>As the API writes it.</summary>
    public string Status { get; }

    /// <summary>Share of the users in a staged rollout, above 0 and below 1; null where everyone or nobody is meant.</summary>
    public double? Fraction { get; }

    /// <summary>That share as a percentage. Of one that is halted: what it had reached.</summary>
    public double Percent => Status switch
    {
        Completed => 100,
        InProgress or Halted => Math.Round((Fraction ?? 1) * 100, 4),
        _ => 0,
    };

    /// <summary>Reads a release; null where it is none.</summary>
    public static PlayRelease? Read(JsonNode? node)
    {
        if (node is not JsonObject json || (string?)json["status"] is not { } status)
        {
            return null;
        }

        var fraction = (double?)json["userFraction"];
        var codes = (json["versionCodes"] as JsonArray ?? []).Select(static c => c?.ToString() ?? "").ToList();
        return (status == InProgress && fraction is null) || fraction is <= 0 or >= 1 ? null : new PlayRelease(json, codes, status, fraction);
    }

    /// <summary>Whether it is the version that a release of the console names: by its name, by the version in the name that Play gives by itself, "215 (2.15.0)", or by a version code.</summary>
    public bool Is(string version) => Name == version || Name.EndsWith($" ({version})", StringComparison.Ordinal) || Codes.Contains(version);

    /// <summary>The highest of version codes; 0 where there is none.</summary>
    public static long Highest(IEnumerable<string> codes) => codes.Select(static c => long.TryParse(c, NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? code : 0).DefaultIfEmpty().Max();

    /// <summary>Whether it stands where another reading of it stood.</summary>
    public bool StandsAs(PlayRelease other) => Status == other.Status && Fraction.Equals(other.Fraction);

    /// <summary>What is to be written for it as it is.</summary>
    public JsonNode Write() => _json.DeepClone();

    /// <summary>What is to be written for it in another state.</summary>
    public JsonNode Write(string status, double? fraction)
    {
        var written = (JsonObject)_json.DeepClone();
        written["status"] = status;
        written.Remove("userFraction");
        if (fraction is { } share)
        {
            written["userFraction"] = share;
        }

        return written;
    }
}
