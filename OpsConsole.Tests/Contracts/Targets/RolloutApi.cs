using System.Globalization;
using System.Text.Json.Nodes;

namespace OpsConsole.Tests.Contracts.Targets;

/// <summary>A cluster with one Rollout, and Argo's controller: steps, pauses, weights of a router or numbers of pods, abort and full promotion as its source has them.</summary>
internal sealed class RolloutApi : KubeApi
{
    public const string Name = "shop-web";

    private const string Hash = "rollouts-pod-template-hash", Revision = "rollout.argoproj.io/revision";

    private int _sets;

    /// <param name="token">The token that it knows.</param>
    /// <param name="strategy">Canary or blue-green.</param>
    /// <param name="versions">What was rolled out, one after the other; the last one is there now.</param>
    public RolloutApi(string token, JsonObject strategy, params string[] versions)
        : base(token)
    {
        Put("rollouts", Name, "uid-of-shop", new JsonObject
        {
            ["spec"] = new JsonObject
            {
                ["replicas"] = 4, ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app"] = "shop" } },
                ["strategy"] = strategy, ["template"] = KubePods.Template(versions[0]),
            },
        });
        foreach (var version in versions)
        {
            Edit("rollouts", Name, r => r["spec"]!["template"] = KubePods.Template(version));
            Edit("rollouts", Name, r => r["status"]!["promoteFull"] = true);
        }
    }

    public JsonObject Rollout => Object("rollouts", Name);

    /// <summary>How the analysis at a step of that kind stands.</summary>
    public string Analysis { get; set; } = "Successful";

    /// <summary>Whether pods of the new version are still starting: what goes to the end is not through before they are ready.</summary>
    public bool IsStarting { get; set; }

    /// <summary>The pods' template where the Rollout takes it from another object.</summary>
    public JsonObject? Elsewhere { get; set; }

    private JsonObject Status => (JsonObject)Rollout["status"]!;

    private JsonArray Steps => Rollout["spec"]!["strategy"]!["canary"]?["steps"] as JsonArray ?? [];

    private bool IsBlueGreen => Rollout["spec"]!["strategy"]!["blueGreen"] is not null;

    public JsonObject SetOf(string version) => SetsOf(Rollout).Single(s => KubePods.VersionOf(s["spec"]!["template"]!) == version);

    /// <summary>A canary that stays at 25 % and 50 %.</summary>
    public static JsonObject Canary(bool routed = true, params JsonNode[] steps)
    {
        var canary = new JsonObject { ["steps"] = new JsonArray(steps.Length > 0 ? steps : [Weight(25), Pause(), Weight(50), Pause()]) };
        if (routed)
        {
            canary["trafficRouting"] = new JsonObject { ["nginx"] = new JsonObject { ["stableIngress"] = "shop" } };
        }

        return new JsonObject { ["canary"] = canary };
    }

    public static JsonObject BlueGreen(bool goesActiveAlone) =>
        new() { ["blueGreen"] = new JsonObject { ["activeService"] = "shop", ["previewService"] = "shop-preview", ["autoPromotionEnabled"] = goesActiveAlone } };

    public static JsonObject Weight(int weight) => new() { ["setWeight"] = weight };

    public static JsonObject Pause(string? duration = null) => new() { ["pause"] = duration is null ? new JsonObject() : new JsonObject { ["duration"] = duration } };

    public static JsonObject AnalysisStep() => new() { ["analysis"] = new JsonObject { ["templates"] = new JsonArray(new JsonObject { ["templateName"] = "success-rate" }) } };

    protected override void Reconcile()
    {
        var before = Rollout["status"]?.ToJsonString();
        if (Rollout["status"] is not JsonObject status)
        {
            Rollout["status"] = status = [];
        }

        var hash = TakeUp(status);
        var isNew = status["stableRS"] is { } stable && (string?)stable != hash;
        if (isNew && (Flag("promoteFull") || SkipsSteps(hash)))
        {
            // Every look takes an abort back, and goes past the steps.
            Array.ForEach(["abort", "pauseConditions"], name => status.Remove(name));
            (status["currentStepIndex"], status["controllerPause"]) = (Steps.Count, false);
        }

        if (isNew ? IsThrough(hash) : !Paused())
        {
            Finish(hash);
        }
        else if (isNew && Flag("abort"))
        {
            (status["currentStepIndex"], status["controllerPause"]) = (0, false);
            status.Remove("pauseConditions");
            Share(hash, 0);
            Say("Degraded", "RolloutAborted: Rollout aborted update to revision 3");
        }
        else if (Paused())
        {
            Say("Paused", "manually paused");
        }
        else if (Flag("promoteFull") || SkipsSteps(hash))
        {
            Say("Progressing", "more replicas need to be updated");
        }
        else if (IsBlueGreen)
        {
            Preview(hash);
        }
        else
        {
            Walk(hash);
        }

        if (Rollout["status"]!.ToJsonString() != before)
        {
            Touch(Rollout, grew: false);
        }
    }

    /// <summary>Makes the ReplicaSet of a new template, and begins anew with it.</summary>
    private string TakeUp(JsonObject status)
    {
        var (template, sets) = (Elsewhere ?? Rollout["spec"]!["template"]!, SetsOf(Rollout).ToList());
        var set = sets.Find(s => KubePods.Same(template, s["spec"]!["template"]!, Hash));
        if (set is null)
        {
            var made = $"7d{++_sets}b";
            set = Put("replicasets", $"{Name}-{made}", $"uid-{made}", KubePods.Set(Rollout, (JsonObject)template, made, Hash, Revision, sets.Count + 1));
        }

        var hash = (string)set["metadata"]!["labels"]![Hash]!;
        if ((string?)status["currentPodHash"] != hash)
        {
            Array.ForEach(["abort", "promoteFull", "pauseConditions", "controllerPause"], name => status.Remove(name));
            (status["currentPodHash"], status["currentStepIndex"]) = (hash, (string?)status["stableRS"] == hash ? Steps.Count : 0);
        }

        status["observedGeneration"] = Rollout["metadata"]!["generation"]!.GetValue<int>().ToString(CultureInfo.InvariantCulture);
        return hash;
    }

    /// <summary>What goes to the end is there when its pods are ready: a pause keeps back the switch of blue-green, and no canary.</summary>
    private bool IsThrough(string hash) => !IsStarting && !Flag("abort")
        && (IsBlueGreen ? (Flag("promoteFull") || SkipsSteps(hash)) && !Paused() : Flag("promoteFull") || SkipsSteps(hash) || (Steps.Count > 0 && Status["currentStepIndex"]!.GetValue<int>() >= Steps.Count));

    /// <summary>Whether a template is older than the stable one, with fewer made between them than the window has revisions.</summary>
    private bool SkipsSteps(string hash)
    {
        var made = SetsOf(Rollout).ToDictionary(s => (string)s["metadata"]!["labels"]![Hash]!, s => (string)s["metadata"]!["creationTimestamp"]!);
        var (from, to) = (made[hash], made[(string)Status["stableRS"]!]);
        return string.CompareOrdinal(from, to) < 0
            && made.Values.Count(m => string.CompareOrdinal(from, m) < 0 && string.CompareOrdinal(m, to) < 0) < (Rollout["spec"]!["rollbackWindow"]?["revisions"]?.GetValue<int>() ?? 0);
    }

    private void Finish(string hash)
    {
        (Status["stableRS"], Status["currentStepIndex"], Status["controllerPause"]) = (hash, Steps.Count, false);
        Array.ForEach(["abort", "promoteFull", "pauseConditions"], name => Status.Remove(name));
        Share(hash, 100);
        Say("Healthy", "");
    }

    private void Preview(string hash)
    {
        var goesAlone = Rollout["spec"]!["strategy"]!["blueGreen"]!["autoPromotionEnabled"]!.GetValue<bool>();
        if (goesAlone || (Flag("controllerPause") && Status["pauseConditions"] is null))
        {
            Finish(hash);
            return;
        }

        Wait("BlueGreenPause");
    }

    private void Walk(string hash)
    {
        for (var i = Status["currentStepIndex"]!.GetValue<int>(); i < Steps.Count; Status["currentStepIndex"] = ++i)
        {
            var step = (JsonObject)Steps[i]!;
            if (step["setWeight"] is { } weight)
            {
                Share(hash, weight.GetValue<int>());
            }
            else if (step.ContainsKey("analysis") && !Judged())
            {
                return;
            }
            else if (step.ContainsKey("pause"))
            {
                if (!Flag("controllerPause") || Status["pauseConditions"] is not null)
                {
                    Wait("CanaryPauseStep");
                    return;
                }

                Status["controllerPause"] = false;
            }
        }

        if (IsStarting)
        {
            Say("Progressing", "more replicas need to be updated");
            return;
        }

        Finish(hash);
    }

    private bool Judged()
    {
        ((JsonObject)Status["canary"]!)["currentStepAnalysisRunStatus"] = new JsonObject { ["name"] = "shop-web-7d3-2", ["status"] = Analysis };
        if (Analysis == "Inconclusive")
        {
            Wait("InconclusiveAnalysisRun");
        }
        else if (Analysis != "Successful")
        {
            Say("Progressing", "more replicas need to be updated");
        }

        return Analysis == "Successful";
    }

    private void Wait(string reason)
    {
        (Status["pauseConditions"], Status["controllerPause"]) = (new JsonArray(new JsonObject { ["reason"] = reason, ["startTime"] = "2026-03-01T12:00:00Z" }), true);
        Say("Paused", reason);
    }

    private void Say(string phase, string message) => (Status["phase"], Status["message"]) = (phase, message);

    /// <summary>Gives a share to the new pods: by the router's weights, by whole pods, or by the service that is active.</summary>
    private void Share(string hash, int percent)
    {
        var (stable, replicas) = ((string?)Status["stableRS"] ?? hash, Rollout["spec"]!["replicas"]!.GetValue<int>());
        var pods = stable == hash ? replicas : (int)Math.Round(replicas * percent / 100.0);
        foreach (var set in SetsOf(Rollout))
        {
            var mine = (string)set["metadata"]!["labels"]![Hash]!;
            var ready = mine == hash ? pods : mine == stable ? replicas - pods : 0;
            KubePods.SetPods(set, ready, ready);
        }

        if (IsBlueGreen)
        {
            Status["blueGreen"] = new JsonObject { ["activeSelector"] = percent == 100 ? hash : stable, ["previewSelector"] = hash };
        }
        else if (Rollout["spec"]!["strategy"]!["canary"]!["trafficRouting"] is not null)
        {
            var canary = stable == hash ? 0 : percent;
            Status["canary"] = new JsonObject
            {
                ["weights"] = new JsonObject
                {
                    ["canary"] = new JsonObject { ["weight"] = canary, ["podTemplateHash"] = hash, ["serviceName"] = "shop-canary" },
                    ["stable"] = new JsonObject { ["weight"] = 100 - canary, ["podTemplateHash"] = stable, ["serviceName"] = "shop-stable" },
                },
            };
        }
        else
        {
            Status["canary"] = new JsonObject();
        }
    }

    private bool Paused() => Rollout["spec"]!["paused"]?.GetValue<bool>() == true;

    private bool Flag(string name) => Status[name]?.GetValue<bool>() == true;
}
