using System.Text.Json.Nodes;

namespace OpsConsole.Core.Targets.Kubernetes;

/// <summary>Reads single values of objects of the API, which leaves out what is empty, zero or false.</summary>
internal static class KubeJson
{
    /// <summary>A text; null where it is left out.</summary>
    public static string? Text(this JsonObject of, string name) => of[name]?.GetValue<string>();

    /// <summary>A whole number; what is given where it is left out.</summary>
    public static long Number(this JsonObject of, string name, long otherwise = 0) => of[name]?.GetValue<long>() ?? otherwise;

    /// <summary>True where it is set.</summary>
    public static bool Flag(this JsonObject of, string name) => of[name]?.GetValue<bool>() ?? false;

    /// <summary>An object; an empty one where it is left out.</summary>
    public static JsonObject Part(this JsonObject of, string name) => of[name] as JsonObject ?? [];

    /// <summary>The objects of a list; none where it is left out.</summary>
    public static IEnumerable<JsonObject> Items(this JsonObject of, string name) => (of[name] as JsonArray ?? []).OfType<JsonObject>();
}
