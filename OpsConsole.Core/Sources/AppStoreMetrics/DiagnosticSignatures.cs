using System.Text.Json;

namespace OpsConsole.Core.Sources.AppStoreMetrics;

/// <summary>The diagnostic signatures of one kind that Apple lists for a build: call stacks that many reports have in common.</summary>
/// <param name="Count">How many are listed.</param>
/// <param name="Compared">How many of them Apple compares with earlier versions.</param>
/// <param name="Rising">How many of those weigh more than in earlier versions.</param>
/// <param name="IsCut">True where there are more than are listed.</param>
internal sealed record DiagnosticSignatures(int Count, int Compared, int Rising, bool IsCut)
{
    /// <summary>Most that the API lists at once.</summary>
    public const int Most = 200;

    /// <summary>Reads one page.</summary>
    public static DiagnosticSignatures Read(JsonElement answer)
    {
        var directions = answer.GetProperty("data").EnumerateArray().Select(static s => Direction(s.GetProperty("attributes"))).ToList();
        return new DiagnosticSignatures(
            directions.Count,
            directions.Count(static d => d is "UP" or "DOWN"),
            directions.Count(static d => d == "UP"),
            answer.TryGetProperty("links", out var links) && links.TryGetProperty("next", out var next) && next.ValueKind == JsonValueKind.String);
    }

    private static string? Direction(JsonElement signature) =>
        signature.TryGetProperty("insight", out var insight) && insight.ValueKind == JsonValueKind.Object && insight.TryGetProperty("direction", out var direction) ? direction.GetString() : null;
}
