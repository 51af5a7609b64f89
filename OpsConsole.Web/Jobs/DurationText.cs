using System.Globalization;

namespace OpsConsole.Web.Jobs;

/// <summary>Times as people write them in configuration: <c>500ms</c>, <c>5s</c>, <c>2m</c>, <c>1h</c>, or <c>00:00:05</c>.</summary>
internal static class DurationText
{
    /// <summary>Far beyond anything that is meant, and far enough from what cannot be reckoned with.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(36_500);

    public static bool TryParse(string text, out TimeSpan duration)
    {
        var split = text.AsSpan().TrimEnd().IndexOfAnyExceptInRange('0', '9');
        if (split > 0 && Unit(text.AsSpan(split).Trim()) is { } unit && int.TryParse(text.AsSpan(0, split), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number <= Longest / unit)
        {
            duration = number * unit;
            return true;
        }

        // A bare number would be days, which nobody means.
        duration = default;
        return text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out duration) && duration <= Longest && duration >= -Longest;
    }

    private static TimeSpan? Unit(ReadOnlySpan<char> unit) => unit switch
    {
        "ms" => TimeSpan.FromMilliseconds(1),
        "s" => TimeSpan.FromSeconds(1),
        "m" => TimeSpan.FromMinutes(1),
        "h" => TimeSpan.FromHours(1),
        _ => null,
    };
}
