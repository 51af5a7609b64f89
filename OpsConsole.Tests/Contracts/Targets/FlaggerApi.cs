using System.Globalization;
using System.Text.Json.Nodes;

namespace OpsConsole.Tests.Contracts.Targets;

/// <summary>A cluster with one Canary, the Deployment that it watches and its primary, and Flagger, which goes one step further each time it looks.</summary>
internal sealed class FlaggerApi : KubeApi
{
    public const string Name = "shop", Watched = "shop-web";

    private const string Primary = Watched + "-primary", Hash = "pod-template-hash", Revision = "deployment.kubernetes.io/revision";
    private const int Replicas = 4;

    private int _sets;
    private int _written;

    /// <param name="token">The token that it knows.</param>
    /// <param name="versions">What was promoted, one after the other; the last one is there now.</param>
    public FlaggerApi(string token, params string[] versions)
        : base(token)
    {
        foreach (var name in new[] { Watched, Primary })
        {
            Put("deployments", name, "uid-of-" + name, new JsonObject
            {
                ["spec"] = new JsonObject { ["replicas"] = Replicas, ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app"] = "shop" } }, ["template"] = KubePods.Template(versions[0]) },
            });
        }

        Put("canaries", Name, "uid-of-canary", new JsonObject
        {
            ["spec"] = new JsonObject
            {
                ["targetRef"] = new JsonObject { ["apiVersion"] = "apps/v1", ["kind"] = "Deployment", ["name"] = Watched },
                ["analysis"] = new JsonObject { ["interval"] = "1m", ["threshold"] = 5, ["maxWeight"] = 50, ["stepWeight"] = 25 },
            },
        });
        Write("Initialized", 0, applied: Template(Watched), promoted: Template(Watched));
        foreach (var version in versions)
        {
            Edit("deployments", Watched, d => d["spec"]!["template"] = KubePods.Template(version));
        }
    }

    /// <summary>How many steps Flagger makes at a look.</summary>
    public int Steps { get; set; } = 20;

    /// <summary>Whether the analysis fails.</summary>
    public bool Fails { get; set; }

    /// <summary>Whether it is not let through to the primary yet.</summary>
    public bool Waits { get; set; }

    /// <summary>Whether the primary does not replace its pods yet: Flagger waits for them.</summary>
    public bool IsPrimarySlow { get; set; }

    public JsonObject Canary => Object("canaries", Name);

    public JsonObject Deployment => Object("deployments", Watched);

    private JsonObject Status => Canary["status"] as JsonObject ?? [];

    protected override bool LooksWhen(string kind) => kind == "canaries";

    protected override void Reconcile()
    {
        for (var step = 0; step < Steps && Canary["spec"]!["suspend"]?.GetValue<bool>() != true; step++)
        {
            Advance((string)Status["phase"]!, Status["canaryWeight"]!.GetValue<int>());
        }

        Roll(Watched);
        if (!IsPrimarySlow)
        {
            Roll(Primary);
        }
    }

    private void Advance(string phase, int weight)
    {
        var now = Template(Watched);

        // What was promoted last is not analysed again: that is a roll back by hand.
        var isNew = now != (string?)Status["lastAppliedSpec"] && now != (string?)Status["lastPromotedSpec"];
        switch (phase)
        {
            case "Initialized" or "Succeeded" or "Failed":
                if (isNew)
                {
                    Scale(Replicas);
                    Write("Progressing", 0, applied: now);
                }

                break;
            case "Progressing" or "WaitingPromotion" when isNew:
                Write("Progressing", 0, applied: now);
                break;
            case "Progressing" when Fails && weight > 0:
                Scale(0);
                Write("Failed", 0, message: "Canary analysis failed, Deployment scaled to zero.");
                break;
            case "Progressing" when weight < 50 && Canary["spec"]!["analysis"]!["iterations"] is null:
                Write("Progressing", weight + 25);
                break;
            case "Progressing" when Waits:
                // The routes stay as they are.
                Write("WaitingPromotion", 0);
                break;
            case "WaitingPromotion" when Waits:
            case "Promoting" when IsPrimarySlow:
                break;
            case "Progressing" or "WaitingPromotion":
                Object("deployments", Primary)["spec"]!["template"] = Deployment["spec"]!["template"]!.DeepClone();
                Touch(Object("deployments", Primary), grew: true);
                Write("Promoting", weight);
                break;
            case "Promoting":
                Write("Finalising", 0);
                break;
            default:
                Scale(0);
                Write("Succeeded", 0, promoted: (string?)Status["lastAppliedSpec"], message: "Canary analysis completed successfully, promotion finished.");
                break;
        }
    }

    private void Write(string phase, int weight, string? applied = null, string? promoted = null, string? message = null) => SetStatus(Canary, new JsonObject
    {
        ["phase"] = phase, ["canaryWeight"] = weight, ["failedChecks"] = 0, ["iterations"] = 0,
        ["lastAppliedSpec"] = applied ?? (string?)Status["lastAppliedSpec"], ["lastPromotedSpec"] = promoted ?? (string?)Status["lastPromotedSpec"],
        ["lastTransitionTime"] = string.Create(CultureInfo.InvariantCulture, $"2026-03-01T12:{++_written:00}:00Z"),
        ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Promoted", ["status"] = "Unknown", ["reason"] = phase, ["message"] = message ?? "New revision detected, progressing canary analysis." }),
    });

    private void Scale(int replicas)
    {
        if (Deployment["spec"]!["replicas"]!.GetValue<int>() != replicas)
        {
            Deployment["spec"]!["replicas"] = replicas;
            Touch(Deployment, grew: true);
        }
    }

    /// <summary>All pods at once.</summary>
    private void Roll(string name)
    {
        var deployment = Object("deployments", name);
        var (template, replicas) = (deployment["spec"]!["template"]!, deployment["spec"]!["replicas"]!.GetValue<int>());
        var sets = SetsOf(deployment).ToList();
        var newest = sets.Find(s => KubePods.Same(template, s["spec"]!["template"]!, Hash));
        if (newest is null)
        {
            var hash = $"6c{++_sets}d";
            newest = Put("replicasets", $"{name}-{hash}", $"uid-{hash}", KubePods.Set(deployment, (JsonObject)template, hash, Hash, Revision, sets.Count + 1));
        }

        sets.ForEach(s => KubePods.SetPods(s, 0, 0));
        KubePods.SetPods(newest, replicas, replicas);
        SetStatus(deployment, new JsonObject
        {
            ["observedGeneration"] = deployment["metadata"]!["generation"]!.GetValue<int>(), ["replicas"] = replicas, ["updatedReplicas"] = replicas, ["availableReplicas"] = replicas,
        });
    }

    private string Template(string name) => Object("deployments", name)["spec"]!["template"]!.ToJsonString();
}
