using System.Globalization;
using System.Text.Json.Nodes;

namespace OpsConsole.Tests.Contracts.Targets;

/// <summary>Templates of pods and the ReplicaSets that controllers make of them, as the API writes them.</summary>
internal static class KubePods
{
    public const string Repository = "registry.example.org/shop";

    public static JsonObject Template(string version) => new()
    {
        ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["app"] = "shop" } },
        ["spec"] = new JsonObject
        {
            ["containers"] = new JsonArray(
                new JsonObject { ["name"] = "proxy", ["image"] = "registry.example.org/proxy:7.1" },
                new JsonObject { ["name"] = "shop", ["image"] = $"{Repository}:{version}", ["ports"] = new JsonArray(new JsonObject { ["containerPort"] = 8080 }) }),
        },
    };

    public static string VersionOf(JsonNode template) => ((string)template["spec"]!["containers"]![1]!["image"]!).Split(':')[1];

    /// <summary>A ReplicaSet of an owner, with the controller's label on it and in its template.</summary>
    public static JsonObject Set(JsonObject owner, JsonObject template, string hash, string label, string note, int revision)
    {
        var marked = (JsonObject)template.DeepClone();
        marked["metadata"]!["labels"]![label] = hash;
        return new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["labels"] = new JsonObject { ["app"] = "shop", [label] = hash },
                ["annotations"] = new JsonObject { [note] = revision.ToString(CultureInfo.InvariantCulture) },
                ["ownerReferences"] = new JsonArray(new JsonObject { ["uid"] = (string?)owner["metadata"]!["uid"], ["controller"] = true }),
            },
            ["spec"] = new JsonObject { ["replicas"] = 0, ["template"] = marked },
            ["status"] = new JsonObject(),
        };
    }

    public static int Ready(JsonObject set) => set["status"]?["readyReplicas"]?.GetValue<int>() ?? 0;

    /// <summary>The API leaves out what is zero.</summary>
    public static void SetPods(JsonObject set, int replicas, int ready)
    {
        set["spec"]!["replicas"] = replicas;
        var status = new JsonObject();
        if (replicas > 0)
        {
            status["replicas"] = replicas;
        }

        if (ready > 0)
        {
            status["readyReplicas"] = ready;
        }

        set["status"] = status;
    }

    /// <summary>True where two templates are the same but for the controller's label.</summary>
    public static bool Same(JsonNode template, JsonNode set, string label)
    {
        var plain = set.DeepClone();
        ((JsonObject)plain["metadata"]!["labels"]!).Remove(label);
        return JsonNode.DeepEquals(template, plain);
    }
}
