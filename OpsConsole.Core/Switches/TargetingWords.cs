using System.Globalization;

namespace OpsConsole.Core.Switches;

/// <summary>A targeting in a few words.</summary>
public static class TargetingWords
{
    /// <summary>"on for everyone", "on for 5 %", "2 rules, then 5 % of the rest".</summary>
    public static string Of(Targeting value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (ReferenceEquals(value, Targeting.Unreadable))
        {
            return "unreadable: no value";
        }

        return (value.Rules.Count, FlagBuckets.In(value.Percent)) switch
        {
            (0, 0) => "off for everyone",
            (0, FlagBuckets.Count) => "on for everyone",
            (0, _) => $"on for {Percent(value.Percent)}",
            (var rules, 0) => $"{Rules(rules)}, off for the rest",
            (var rules, FlagBuckets.Count) => $"{Rules(rules)}, on for the rest",
            (var rules, _) => $"{Rules(rules)}, then {Percent(value.Percent)} of the rest",
        };
    }

    private static string Rules(int count) => count == 1 ? "1 rule" : $"{count} rules";

    private static string Percent(double value) => value.ToString("0.###", CultureInfo.InvariantCulture) + " %";
}
