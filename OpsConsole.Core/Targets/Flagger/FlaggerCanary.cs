using System.Text.Json.Nodes;
using OpsConsole.Core.Targets.Kubernetes;

namespace OpsConsole.Core.Targets.Flagger;

/// <summary>A Canary: what Flagger shall do with the Deployment that it watches, and how far it came.</summary>
internal sealed record FlaggerCanary
{
    /// <summary>Note on the watched Deployment: how Flagger's status stood when the console changed it.</summary>
    public const string BeganNote = "opsconsole/began-after";

    private static readonly string[] Moving = ["Initializing", "Waiting", "Progressing", "WaitingPromotion", "Promoting", "Finalising"];

    public required KubeObject Object { get; init; }

    /// <summary>The Deployment that it watches.</summary>
    public required string Deployment { get; init; }

    public bool IsSuspended { get; init; }

    public string Phase { get; init; } = "";

    /// <summary>Percentage of the requests that the watched Deployment gets, 0 to 100; the others get its primary.</summary>
    public double Weight { get; init; }

    /// <summary>What Flagger says of it.</summary>
    public string? Message { get; init; }

    /// <summary>When Flagger wrote its status last.</summary>
    public string? WrittenAt { get; init; }

    public bool IsMoving => Moving.Contains(Phase);

    public bool HasFailed => Phase == "Failed";

    /// <summary>True while Flagger has not looked at what the console changed last on the Deployment that it watches.</summary>
    public bool HasNotSeen(DeploymentState watched) => WrittenAt is not null && watched.Object.Note(BeganNote) == WrittenAt;

    /// <summary>Reads it as the API writes it.</summary>
    public static FlaggerCanary Read(JsonObject json)
    {
        var (spec, status) = (json.Part("spec"), json.Part("status"));
        var (target, phase) = (spec.Part("targetRef"), status.Text("phase") ?? "");
        return new FlaggerCanary
        {
            Object = new KubeObject(json),
            Deployment = target.Text("kind") == "Deployment" && target.Text("name") is { } name ? name : throw new FormatException("It watches no Deployment."),
            IsSuspended = spec.Flag("suspend"),
            Phase = phase,

            Weight = WeightOf(phase, spec.Part("analysis"), status.Number("canaryWeight")),
            Message = status.Items("conditions").FirstOrDefault(static c => c.Text("type") == "Promoted")?.Text("message"),
            WrittenAt = status.Text("lastTransitionTime"),
        };
    }

    /// <summary>While it waits to be let through, and from there on to the primary, the status says 0 and the requests are still given out as at the end of the analysis; where that goes by iterations nothing says how they are.</summary>
    private static long WeightOf(string phase, JsonObject analysis, long told) =>
        told == 0 && phase is "WaitingPromotion" or "Promoting" && analysis.Number("iterations") == 0 ? MostWeight(analysis) : told;

    private static long MostWeight(JsonObject analysis) =>
        analysis["stepWeights"] is JsonArray { Count: > 0 } weights ? Math.Min(100, weights[^1]!.GetValue<long>()) : analysis.Number("maxWeight") is > 0 and var most ? most : 100;
}
