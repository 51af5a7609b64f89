using System.Buffers;

namespace OpsConsole.Core.Sources.Sentry;

/// <summary>Names of releases as Sentry takes them.</summary>
internal static class SentryRelease
{
    private const int Longest = 200;

    private static readonly SearchValues<char> NotTaken = SearchValues.Create("/\\\r\n\t\f\"*");

    /// <summary>Why a release of this name cannot be asked for, as a sentence; null where it can.</summary>
    /// <remarks>Sentry itself has no release with a slash, a backslash, a line feed or a tab, and none called ".", ".." or "latest", which its search takes for the newest. A star in a search stands for anything, and a quote ends the name.</remarks>
    public static string? Fault(string name) =>
        name.Length is 0 or > Longest ? $"A release of Sentry has a name of 1 to {Longest} characters."
        : name.AsSpan().ContainsAny(NotTaken) || name.Any(char.IsControl) ? $"Sentry cannot be asked for a release named '{Shown(name)}': a name with a slash, backslash, quote, star or control character is none there or stands for others."
        : name is "." or ".." || name.Equals("latest", StringComparison.OrdinalIgnoreCase) ? $"Sentry has no release named '{name}'; in a search it would stand for others."
        : null;

    private static string Shown(string name) => string.Concat(name.Select(static c => char.IsControl(c) ? '?' : c));
}
