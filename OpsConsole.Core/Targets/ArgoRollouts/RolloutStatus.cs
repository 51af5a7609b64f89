using System.Globalization;
using System.Text.Json.Nodes;
using OpsConsole.Core.Targets.Kubernetes;

namespace OpsConsole.Core.Targets.ArgoRollouts;

/// <summary>How a Rollout stands.</summary>
internal sealed record RolloutStatus
{
    public required KubeObject Object { get; init; }

    public required RolloutPlan Plan { get; init; }

    /// <summary>The version that it shall come to; null where the images do not tell.</summary>
    public string? Version { get; init; }

    /// <summary>True where the pods' template is kept in another object, which is not changed from here.</summary>
    public bool HasWorkloadElsewhere { get; init; }

    /// <summary>Paused by somebody, and not by one of its steps.</summary>
    public bool IsPaused { get; init; }

    /// <summary>Whether the controller knows what shall be.</summary>
    public bool IsTakenUp { get; init; }

    /// <summary>Whether its status says so, which the controller takes back where it shall be promoted fully.</summary>
    public bool IsAborted { get; init; }

    /// <summary>Whether it goes to the end past every step.</summary>
    public bool IsPromotedFully { get; init; }

    /// <summary>How many revisions back is a way back to the controller, which it takes past every step; 0: none.</summary>
    public long RollbackWindow { get; init; }

    /// <summary>Whether it is on such a way: every look of the controller clears its pauses and takes an abort back, until everyone has the template.</summary>
    public bool SkipsSteps { get; init; }

    /// <summary>Why the controller paused it.</summary>
    public required IReadOnlyList<string> Pauses { get; init; }

    /// <summary>Whether a pause was taken off which the controller has not left yet.</summary>
    public bool IsUnpausing { get; init; }

    public int Step { get; init; }

    public long Desired { get; init; }

    /// <summary>The template that everyone came from, and the one that it goes to: the same where it is done.</summary>
    public required (string Stable, string Current) Hashes { get; init; }

    /// <summary>Percentage of the requests by template, as the router was told; null where nothing says so.</summary>
    public IReadOnlyDictionary<string, double>? Shares { get; init; }

    public string Phase { get; init; } = "";

    public string? Message { get; init; }

    /// <summary>The analyses that judge it now: name and how each stands.</summary>
    public required IReadOnlyList<string> Analyses { get; init; }

    public bool IsComplete => Hashes.Stable == Hashes.Current;

    /// <summary>True where everyone goes back to the stable template, and stays there.</summary>
    public bool IsGivenUp => IsAborted && !IsPromotedFully && !SkipsSteps;

    /// <summary>True where an analysis came to no judgement, so that a person has to look.</summary>
    public bool IsInconclusive => Pauses.Any(p => p.StartsWith("Inconclusive", StringComparison.Ordinal));

    /// <summary>Where it stays now; null while it moves.</summary>
    public RolloutHold? At => !SkipsSteps && Pauses.Contains("CanaryPauseStep") && Plan.HoldFrom(Step) is { } hold && hold.Index == Step ? hold : null;

    /// <summary>Where it stays next; null where it goes to the end.</summary>
    public RolloutHold? Next => SkipsSteps ? null : Plan.HoldFrom(At is not null || IsUnpausing ? Step + 1 : Step);

    /// <summary>Where a template that is taken up stays first; null where it goes to the end.</summary>
    public RolloutHold? First => SkipsSteps ? null : Plan.HoldFrom(0);

    /// <summary>What the controller still does, as a sentence; null where it waits for somebody, or is done.</summary>
    public string? Underway =>
        !IsTakenUp ? "The controller of Argo Rollouts has not taken the change up yet."
        : SkipsSteps && IsPaused && !Plan.IsBlueGreen ? "It goes back to a revision within its rollbackWindow, and of that Argo holds neither a pause nor an abort: a roll back takes it back."
        : IsPaused || IsGivenUp ? null
        : IsUnpausing || Phase == "Progressing" || (Phase == "Paused" && !IsInconclusive && Plan.IsTimedPause(Step)) ? Where
        : null;

    /// <summary>Why it goes no further, as a sentence; null where nothing is wrong.</summary>
    public string? Stuck => Phase == "Degraded" || IsInconclusive ? Where : null;

    /// <summary>Share that a version has, 0 to 100: by the router, or by pods that answer requests.</summary>
    public double ShareOf(string version, KubeReplicaSets sets) => Shares is { } shares ? shares.Where(s => sets.VersionOf(s.Key) == version).Sum(s => s.Value) : sets.ShareOf(version);

    /// <summary>Whether it shall come to a version, by its template: where that was not taken up yet, the status tells of the time before.</summary>
    public bool IsComing(string version) => Version == version && !(IsTakenUp && IsGivenUp && !IsComplete);

    /// <summary>Whether it brings a version from its share to everyone also while it is paused: the controller does so past the last step, where it is promoted fully, and on a way back that skips the steps.</summary>
    public bool PassesPauses(string version, double share) =>
        Version == version && !IsComplete && !IsGivenUp && share < 100 && (IsPromotedFully || (!Plan.IsBlueGreen && (SkipsSteps || (Plan.Steps > 0 && Step >= Plan.Steps))));

    /// <summary>Whether the controller takes the way to a template past every step: it was made before the one that everyone has, with fewer others in between than the window has revisions.</summary>
    public bool IsInWindow(string? hash, KubeReplicaSets sets) => sets.MadeBetween(hash, Hashes.Stable) < RollbackWindow;

    /// <summary>Whether the way to a version may be past every step: then it goes to everyone, or it is what everyone has still.</summary>
    public bool MaySkipStepsTo(string version, KubeReplicaSets sets) => sets.HashesOf(version).Any(h => h == Hashes.Stable || IsInWindow(h, sets));

    private string Where =>
        $"{(Plan.Steps == 0 ? "It" : string.Create(CultureInfo.InvariantCulture, $"Step {Math.Min(Step + 1, Plan.Steps)} of {Plan.Steps}"))} is {Phase}{(string.IsNullOrEmpty(Message) ? "" : $": {Message}")}{string.Concat(Analyses.Select(a => "; " + a))}.";

    /// <summary>Reads it as the API writes it.</summary>
    public static RolloutStatus Read(JsonObject json, ImageTemplate images)
    {
        var (found, spec, status) = (new KubeObject(json), json.Part("spec"), json.Part("status"));
        var (plan, canary, blueGreen) = (RolloutPlan.Read(spec), status.Part("canary"), status.Part("blueGreen"));
        var pauses = status.Items("pauseConditions").Select(c => c.Text("reason") ?? "").ToList();
        return new RolloutStatus
        {
            Object = found,
            Plan = plan,
            Version = images.VersionOf(spec.Part("template")),
            HasWorkloadElsewhere = spec["workloadRef"] is not null,
            IsPaused = spec.Flag("paused"),

            // The controller writes the number as a text.
            IsTakenUp = !long.TryParse(status.Text("observedGeneration"), NumberStyles.None, CultureInfo.InvariantCulture, out var seen) || seen >= found.Generation,
            IsAborted = status.Flag("abort"),
            IsPromotedFully = status.Flag("promoteFull"),
            RollbackWindow = spec.Part("rollbackWindow").Number("revisions"),
            Pauses = pauses,
            IsUnpausing = status.Flag("controllerPause") && pauses.Count == 0,
            Step = (int)status.Number("currentStepIndex"),
            Desired = spec.Number("replicas", 1),
            Hashes = (status.Text("stableRS") ?? "", status.Text("currentPodHash") ?? ""),
            Shares = plan.IsBlueGreen ? new Dictionary<string, double> { [blueGreen.Text("activeSelector") ?? ""] = 100 } : plan.IsRouted ? Weights(status, canary, plan) : null,
            Phase = status.Text("phase") ?? "",
            Message = status.Text("message"),
            Analyses =
            [
                .. new[] { canary["currentStepAnalysisRunStatus"], canary["currentBackgroundAnalysisRunStatus"], blueGreen["prePromotionAnalysisRunStatus"], blueGreen["postPromotionAnalysisRunStatus"] }
                    .OfType<JsonObject>().Select(a => $"analysis {a.Text("name")} is {a.Text("status")}{(a.Text("message") is { Length: > 0 } message ? $": {message}" : "")}"),
            ],
        };
    }

    /// <summary>Before the first weights are written everyone has the stable template.</summary>
    private static Dictionary<string, double> Weights(JsonObject status, JsonObject canary, RolloutPlan plan)
    {
        if (canary["weights"] is not JsonObject weights)
        {
            return new() { [status.Text("stableRS") ?? ""] = 100 };
        }

        var shares = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var to in weights.Items("additional").Append(weights.Part("canary")).Append(weights.Part("stable")))
        {
            var hash = to.Text("podTemplateHash") ?? "";
            shares[hash] = shares.GetValueOrDefault(hash) + (100.0 * to.Number("weight") / plan.MostWeight);
        }

        return shares;
    }
}
