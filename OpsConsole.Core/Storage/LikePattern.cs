namespace OpsConsole.Core.Storage;

/// <summary>Patterns for LIKE in which what people type stands for itself.</summary>
internal static class LikePattern
{
    public const string Escape = "\\";

    /// <summary>Matches what begins with <paramref name="text"/>.</summary>
    public static string Beginning(string text) => text
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("%", "\\%", StringComparison.Ordinal)
        .Replace("_", "\\_", StringComparison.Ordinal)
        .Replace("[", "\\[", StringComparison.Ordinal) + "%";
}
