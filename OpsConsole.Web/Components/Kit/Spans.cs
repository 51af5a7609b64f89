using System.Globalization;

namespace OpsConsole.Web.Components.Kit;

/// <summary>Spans of time and instants as the pages write them. The module ages.js writes ages the same way.</summary>
public static class Spans
{
    /// <summary>An age or a time left: "8 s", "3 m 12 s", "2 h 05 m", "3 d 4 h". Never negative.</summary>
    public static string Age(TimeSpan span)
    {
        var seconds = Math.Max(0, (long)span.TotalSeconds);
        return seconds switch
        {
            < 60 => $"{seconds} s",
            < 3600 => $"{seconds / 60} m {seconds % 60:00} s",
            < 86400 => $"{seconds / 3600} h {seconds % 3600 / 60:00} m",
            _ => $"{seconds / 86400} d {seconds % 86400 / 3600} h",
        };
    }

    /// <summary>A measured duration with at most three significant digits: "84 ms", "1.4 s", "2 m 05 s".</summary>
    public static string Measured(TimeSpan span) => span.TotalSeconds switch
    {
        < 0 => "0 ms",
        < 1 => $"{span.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture)} ms",
        < 60 => $"{span.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s",
        _ => Age(span),
    };

    /// <summary>A time of day in UTC, zone named: "14:03:22 UTC".</summary>
    public static string Clock(DateTimeOffset at) => at.UtcDateTime.ToString("HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>Date and time in UTC, zone named: "2026-03-01 14:03:22 UTC".</summary>
    public static string Full(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>The instant as milliseconds since 1970, for the client side.</summary>
    public static string Stamp(DateTimeOffset at) => at.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

    /// <summary>A share in percent with at most three significant digits: "5 %", "12.5 %".</summary>
    public static string Percent(double value) => value.ToString("0.##", CultureInfo.InvariantCulture) + " %";
}
