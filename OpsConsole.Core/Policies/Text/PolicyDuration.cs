using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace OpsConsole.Core.Policies.Text;

/// <summary>Times as policies write them: <c>30s</c>, <c>5m</c>, <c>2h</c>, <c>1d</c>, <c>1h30m</c>.</summary>
public static partial class PolicyDuration
{
    /// <summary>The longest that any time in a policy may be.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    /// <summary>Reads a time of whole seconds. False when it does not have the form; what is longer than a <see cref="TimeSpan"/> can be is the longest that one can be.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        ArgumentNullException.ThrowIfNull(text);
        duration = default;
        if (text == "0")
        {
            return true;
        }

        if (Form().Match(text) is not { Success: true } match || text.Length == 0)
        {
            return false;
        }

        long seconds = 0;
        foreach (var (group, unit) in new[] { ("d", 86400L), ("h", 3600L), ("m", 60L), ("s", 1L) })
        {
            if (match.Groups[group] is { Success: true } part)
            {
                seconds += long.Parse(part.ValueSpan, CultureInfo.InvariantCulture) * unit;
            }
        }

        duration = seconds < TimeSpan.MaxValue.Ticks / TimeSpan.TicksPerSecond ? TimeSpan.FromSeconds(seconds) : TimeSpan.MaxValue;
        return true;
    }

    /// <summary>The shortest way to write a time; parts of a second are left out.</summary>
    public static string Write(TimeSpan duration)
    {
        if (duration < TimeSpan.FromSeconds(1))
        {
            return "0s";
        }

        var text = new StringBuilder();
        var seconds = (long)duration.TotalSeconds;
        foreach (var (letter, unit) in new[] { ('d', 86400L), ('h', 3600L), ('m', 60L), ('s', 1L) })
        {
            if (seconds / unit is > 0 and var count)
            {
                text.Append(CultureInfo.InvariantCulture, $"{count}{letter}");
            }

            seconds %= unit;
        }

        return text.ToString();
    }

    [GeneratedRegex(@"\A(?:(?<d>[0-9]{1,12})d)?(?:(?<h>[0-9]{1,12})h)?(?:(?<m>[0-9]{1,12})m)?(?:(?<s>[0-9]{1,12})s)?\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Form();
}
