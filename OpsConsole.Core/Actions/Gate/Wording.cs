using System.Globalization;

namespace OpsConsole.Core.Actions.Gate;

/// <summary>Numbers and times as the gate's sentences write them.</summary>
internal static class Wording
{
    /// <summary>"25 %", "12.5 %".</summary>
    public static string Percent(double value) => value.ToString("0.##", CultureInfo.InvariantCulture) + " %";

    /// <summary>The two largest units: "6 min 10 s", "2 d 3 h".</summary>
    public static string Duration(TimeSpan value)
    {
        var seconds = (long)Math.Ceiling(Math.Max(0, value.TotalSeconds));
        (long Count, string Unit)[] parts = [(seconds / 86400, "d"), (seconds / 3600 % 24, "h"), (seconds / 60 % 60, "min"), (seconds % 60, "s")];
        var words = parts.SkipWhile(p => p.Count == 0).Take(2).Where(p => p.Count > 0).Select(p => $"{p.Count} {p.Unit}");
        var text = string.Join(' ', words);
        return text.Length > 0 ? text : "0 s";
    }

    /// <summary>The largest unit alone, for ages: "6 d".</summary>
    public static string Age(TimeSpan value) => Duration(value).Split(' ') is [var count, var unit, ..] ? $"{count} {unit}" : "0 s";

    /// <summary>A measured time: "320 ms", "4.2 s", "1 min 5 s".</summary>
    public static string Measured(TimeSpan value) => value.TotalSeconds switch
    {
        < 1 => $"{value.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture)} ms",
        < 10 => $"{value.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture)} s",
        _ => Duration(value),
    };

    /// <summary>At most three significant digits: "96", "1,230", "0.4".</summary>
    public static string Rate(double value) => value switch
    {
        >= 100 => value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.#", CultureInfo.InvariantCulture),
        _ => value.ToString("0.##", CultureInfo.InvariantCulture),
    };

    /// <summary>"14:03:22 UTC".</summary>
    public static string Clock(DateTimeOffset at) => at.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture) + " UTC";

    /// <summary>"2026-03-01 14:03 UTC".</summary>
    public static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + " UTC";
}
