using System.Text.Json;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Remote;

namespace OpsConsole.Core.Targets.GitHub;

/// <summary>A deployment that the console made, with what it asks for in its payload.</summary>
/// <param name="Id">GitHub's id.</param>
/// <param name="ActionId">The console's action.</param>
/// <param name="Version">The version of the rollout.</param>
/// <param name="PreviousVersion">The version that serves the rest.</param>
/// <param name="Share">Share that shall have the version, 0 to 100.</param>
/// <param name="Halted">Whether growth shall be stopped.</param>
internal sealed record GitHubDeployment(long Id, Guid ActionId, string Version, string? PreviousVersion, double Share, bool Halted)
{
    /// <summary>The task by which the console's deployments of a service are told from all others in an environment.</summary>
    public static string Task(string service) => $"opsconsole:{service}";

    /// <summary>What is written into the payload.</summary>
    public static object Payload(TargetChange change) => new
    {
        actionId = change.ActionId,
        service = change.Service,
        version = change.Version,
        previousVersion = change.PreviousVersion,
        share = change.ExposurePercent,
        halted = change.Halted,
    };

    /// <summary>The share that a version has by it.</summary>
    public double ShareOf(string version) => version == Version ? Share : version == PreviousVersion ? 100 - Share : 0;

    /// <summary>In the middle of a sentence.</summary>
    public string Described => $"{Version} at {Wording.Percent(Share)}{(Halted ? ", halted" : "")}";

    /// <summary>Reads a list as the API writes it, the newest first. What somebody else wrote under that task is left out.</summary>
    public static IReadOnlyList<GitHubDeployment> List(JsonElement answer) =>
        [.. answer.EnumerateArray().Select(Read).OfType<GitHubDeployment>().OrderByDescending(d => d.Id)];

    /// <summary>Reads one; null where it is not the console's.</summary>
    public static GitHubDeployment? Read(JsonElement answer)
    {
        var (id, payload) = (answer.GetProperty("id").GetInt64(), answer.GetProperty("payload"));
        return payload.ValueKind == JsonValueKind.Object
            && payload.TryGetProperty("actionId", out var action) && action.ValueKind == JsonValueKind.String && action.TryGetGuid(out var actionId)
            && payload.Text("version") is { } version && payload.Number("share") is >= 0 and <= 100 and var share
            && payload.TryGetProperty("halted", out var halted) && halted.ValueKind is JsonValueKind.True or JsonValueKind.False
                ? new GitHubDeployment(id, actionId, version, payload.Text("previousVersion"), share, halted.GetBoolean())
                : null;
    }
}
