using System.Text.Json.Nodes;

namespace OpsConsole.Core.Targets.Kubernetes;

/// <summary>Selectors of labels, as queries write them.</summary>
internal static class LabelSelector
{
    /// <summary>The selector of an object's specification as the text of a query.</summary>
    /// <exception cref="FormatException">It selects nothing, or by what is not known here.</exception>
    public static string Text(JsonNode? selector)
    {
        var spec = selector as JsonObject ?? [];
        var parts = spec.Part("matchLabels").Select(l => $"{l.Key}={l.Value?.GetValue<string>()}").Concat(spec.Items("matchExpressions").Select(Expression)).ToList();
        return parts.Count > 0 ? string.Join(',', parts) : throw new FormatException("A selector of nothing.");
    }

    private static string Expression(JsonObject expression)
    {
        var (key, values) = (expression.Text("key"), string.Join(',', (expression["values"] as JsonArray ?? []).Select(v => v?.GetValue<string>())));
        return expression.Text("operator") switch
        {
            "In" => $"{key} in ({values})",
            "NotIn" => $"{key} notin ({values})",
            "Exists" => $"{key}",
            "DoesNotExist" => $"!{key}",
            var other => throw new FormatException($"A selector by {other}."),
        };
    }
}
