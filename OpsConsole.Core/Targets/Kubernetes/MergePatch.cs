using System.Text.Json.Nodes;

namespace OpsConsole.Core.Targets.Kubernetes;

/// <summary>JSON merge patches (RFC 7386): what is named is replaced, what is null is removed, objects are merged and lists replaced whole.</summary>
internal static class MergePatch
{
    /// <summary>The patch that makes one object of another; null where they are the same.</summary>
    public static JsonObject? Between(JsonObject from, JsonObject to)
    {
        var patch = new JsonObject();
        foreach (var (name, value) in to)
        {
            if (!from.TryGetPropertyValue(name, out var old) || !JsonNode.DeepEquals(old, value))
            {
                patch[name] = old is JsonObject before && value is JsonObject after ? Between(before, after) : value?.DeepClone();
            }
        }

        foreach (var (name, _) in from)
        {
            if (!to.ContainsKey(name))
            {
                patch[name] = null;
            }
        }

        return patch.Count > 0 ? patch : null;
    }
}
