using System.Text.Json.Nodes;

namespace OpsConsole.Core.Targets.Kubernetes;

/// <summary>How a Deployment stands.</summary>
internal sealed record DeploymentState
{
    public required KubeObject Object { get; init; }

    /// <summary>The version that all of its pods shall have; null where the images do not tell.</summary>
    public string? Version { get; init; }

    public bool IsPaused { get; init; }

    /// <summary>Whether the controller knows what shall be.</summary>
    public bool IsTakenUp { get; init; }

    public long Desired { get; init; }

    /// <summary>Why it goes no further, in the controller's words; null while it moves or is done.</summary>
    public string? Stuck { get; init; }

    /// <summary>Pods of every template, those of the newest, and those of them that have been ready long enough.</summary>
    public required (long All, long Updated, long Available) Pods { get; init; }

    /// <summary>True where every pod has the newest template and is ready.</summary>
    public bool IsComplete => Pods.Updated >= Desired && Pods.All <= Pods.Updated && Pods.Available >= Pods.Updated;

    /// <summary>What the controller still does, as a sentence; null where it does nothing more.</summary>
    public string? Underway => !IsTakenUp ? "The cluster's controller has not taken the change up yet."
        : IsPaused || Stuck is not null || IsComplete ? null
        : $"{Pods.Updated} of {Desired} pods have the newest template, and {Pods.Available} of {Pods.All} are available.";

    /// <summary>Reads it as the API writes it.</summary>
    public static DeploymentState Read(JsonObject json, ImageTemplate images)
    {
        var (found, spec, status) = (new KubeObject(json), json.Part("spec"), json.Part("status"));
        var stuck = status.Items("conditions").FirstOrDefault(static c => c.Text("type") == "Progressing" && c.Text("status") == "False");
        return new DeploymentState
        {
            Object = found,
            Version = images.VersionOf(spec.Part("template")),
            IsPaused = spec.Flag("paused"),
            IsTakenUp = status.Number("observedGeneration") >= found.Generation,
            Desired = spec.Number("replicas", 1),
            Stuck = stuck is null ? null : stuck.Text("message") ?? stuck.Text("reason") ?? "no reason given",
            Pods = (status.Number("replicas"), status.Number("updatedReplicas"), status.Number("availableReplicas")),
        };
    }
}
