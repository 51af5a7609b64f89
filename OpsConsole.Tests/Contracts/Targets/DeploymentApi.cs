using System.Globalization;
using System.Text.Json.Nodes;

namespace OpsConsole.Tests.Contracts.Targets;

/// <summary>A cluster with one Deployment, and the controller that replaces its pods.</summary>
internal sealed class DeploymentApi : KubeApi
{
    public const string Name = "shop-web";

    private const string Hash = "pod-template-hash", Revision = "deployment.kubernetes.io/revision";

    private int _sets;

    /// <param name="token">The token that it knows.</param>
    /// <param name="versions">What was rolled out, one after the other; the last one is there now.</param>
    public DeploymentApi(string token, params string[] versions)
        : base(token)
    {
        Put("deployments", Name, "uid-of-shop", new JsonObject
        {
            ["spec"] = new JsonObject { ["replicas"] = Replicas, ["revisionHistoryLimit"] = 10, ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app"] = "shop" } }, ["template"] = KubePods.Template(versions[0]) },
        });
        foreach (var version in versions)
        {
            Edit("deployments", Name, d => d["spec"]!["template"] = KubePods.Template(version));
        }
    }

    /// <summary>How many pods there shall be.</summary>
    public int Replicas { get; private set; } = 4;

    /// <summary>How many pods are replaced at a look.</summary>
    public int Pace { get; set; } = int.MaxValue;

    /// <summary>Whether the controller gave up on what it has not finished.</summary>
    public bool IsPastDeadline { get; set; }

    public JsonObject Deployment => Object("deployments", Name);

    /// <summary>Has there be no pods, as an autoscaler does at night.</summary>
    public void Sleep()
    {
        Replicas = 0;
        Edit("deployments", Name, d => d["spec"]!["replicas"] = 0);
        foreach (var set in SetsOf(Deployment))
        {
            KubePods.SetPods(set, 0, 0);
        }
    }

    /// <summary>Adds a ReplicaSet of somebody else.</summary>
    public void Add(JsonObject set) => Put("replicasets", "another", "uid-another-set", set);

    public JsonObject SetOf(string version) => SetsOf(Deployment).Single(s => KubePods.VersionOf(s["spec"]!["template"]!) == version);

    protected override void Reconcile()
    {
        var spec = Deployment["spec"]!;
        var template = spec["template"]!;
        var sets = SetsOf(Deployment).ToList();
        var newest = sets.Find(s => KubePods.Same(template, s["spec"]!["template"]!, Hash));
        if (spec["paused"]?.GetValue<bool>() != true)
        {
            newest = Newest(newest, sets, template);
            Move(newest, [.. sets.Where(s => s != newest)]);
        }

        Tell(newest, [.. SetsOf(Deployment)]);
    }

    private JsonObject Newest(JsonObject? newest, List<JsonObject> sets, JsonNode template)
    {
        var last = sets.Count == 0 ? 0 : sets.Max(RevisionOf);
        if (newest is null)
        {
            var hash = $"5f{++_sets}c";
            return Put("replicasets", $"{Name}-{hash}", $"uid-{hash}", KubePods.Set(Deployment, (JsonObject)template, hash, Hash, Revision, last + 1));
        }

        if (RevisionOf(newest) != last)
        {
            newest["metadata"]!["annotations"]![Revision] = (last + 1).ToString(CultureInfo.InvariantCulture);
        }

        return newest;
    }

    /// <summary>A pod more of the new template, and one less of an old one; an image that is not there stops it at the first.</summary>
    private void Move(JsonObject newest, IReadOnlyList<JsonObject> old)
    {
        if (Missing.Contains(KubePods.VersionOf(newest["spec"]!["template"]!)))
        {
            KubePods.SetPods(newest, 1, 0);
            return;
        }

        for (var moved = 0; moved < Pace && KubePods.Ready(newest) < Replicas; moved++)
        {
            KubePods.SetPods(newest, KubePods.Ready(newest) + 1, KubePods.Ready(newest) + 1);
            if (old.FirstOrDefault(s => KubePods.Ready(s) > 0) is { } from)
            {
                KubePods.SetPods(from, KubePods.Ready(from) - 1, KubePods.Ready(from) - 1);
            }
        }

        if (KubePods.Ready(newest) == Replicas)
        {
            foreach (var left in old)
            {
                KubePods.SetPods(left, 0, 0);
            }
        }
    }

    private void Tell(JsonObject? newest, IReadOnlyList<JsonObject> sets)
    {
        var (all, ready, updated) = (sets.Sum(s => s["spec"]!["replicas"]!.GetValue<int>()), sets.Sum(KubePods.Ready), newest?["spec"]!["replicas"]!.GetValue<int>() ?? 0);
        SetStatus(Deployment, new JsonObject
        {
            ["observedGeneration"] = Deployment["metadata"]!["generation"]!.GetValue<int>(),
            ["replicas"] = all, ["updatedReplicas"] = updated, ["readyReplicas"] = ready, ["availableReplicas"] = ready,
            ["conditions"] = new JsonArray(
                new JsonObject { ["type"] = "Available", ["status"] = "True", ["reason"] = "MinimumReplicasAvailable" },
                IsPastDeadline
                    ? new JsonObject { ["type"] = "Progressing", ["status"] = "False", ["reason"] = "ProgressDeadlineExceeded", ["message"] = $"ReplicaSet \"{Name}-5f\" has timed out progressing." }
                    : new JsonObject { ["type"] = "Progressing", ["status"] = "True", ["reason"] = "ReplicaSetUpdated" }),
        });
    }

    private static int RevisionOf(JsonObject set) => int.Parse((string)set["metadata"]!["annotations"]![Revision]!, CultureInfo.InvariantCulture);
}
