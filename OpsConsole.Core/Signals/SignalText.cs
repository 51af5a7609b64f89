using System.Globalization;

namespace OpsConsole.Core.Signals;

/// <summary>How values, deltas, counts and times are written for people: always with a unit, never more than three significant digits.</summary>
public static class SignalText
{
    /// <summary>Shown where there is no value.</summary>
    public const string None = "–";

    private const string Minus = "\u2212";

    /// <summary>A value with its unit: <c>4.21 %</c>, <c>212 ms</c>, <c>1.34 s</c>, <c>1.2 k/s</c>; a dash without one.</summary>
    public static string Value(double? value, SignalUnit unit)
    {
        if (value is not { } v || !double.IsFinite(v))
        {
            return None;
        }

        return unit switch
        {
            SignalUnit.Percent => Percent(v),
            SignalUnit.Milliseconds => Math.Abs(v) >= 999.5 ? Number(v / 1000) + " s" : Number(v) + " ms",
            SignalUnit.PerSecond => Scaled(v, " ") + "/s",
            SignalUnit.Factor => Number(v) + "x",
            _ => Scaled(v, ""),
        };
    }

    /// <summary>A signed difference: <c>+3.94 pp</c> between percentages, else relative: <c>+2.3 %</c>, and whole from ten up, <c>+212 %</c>; "same" when it rounds to nothing, empty without one.</summary>
    public static string Delta(double? delta, SignalUnit unit)
    {
        if (delta is not { } d || !double.IsFinite(d))
        {
            return "";
        }

        var ofPercent = unit == SignalUnit.Percent;
        var decimals = ofPercent ? 2 : Math.Abs(d) < 9.95 ? 1 : 0;
        var magnitude = Math.Round(Math.Abs(d), decimals, MidpointRounding.AwayFromZero);
        return magnitude == 0 ? "same" : (d < 0 ? Minus : "+") + Number(magnitude) + (ofPercent ? " pp" : " %");
    }

    /// <summary>The unit as the API writes it.</summary>
    public static string Symbol(SignalUnit unit) => unit switch
    {
        SignalUnit.Percent => "%",
        SignalUnit.Milliseconds => "ms",
        SignalUnit.PerSecond => "/s",
        SignalUnit.Count => "count",
        SignalUnit.Factor => "x",
        _ => "none",
    };

    /// <summary>A number of observations in full, with what they are: <c>18,203 requests</c>.</summary>
    public static string Observations(long count, SignalDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return count.ToString("N0", CultureInfo.InvariantCulture) + " " + (count == 1 ? One(Noun(definition)) : Noun(definition));
    }

    private static string One(string noun) => noun.EndsWith("ches", StringComparison.Ordinal) ? noun[..^2] : noun[..^1];

    /// <summary>What a signal's observations are called.</summary>
    public static string Noun(SignalDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return definition.Key.Value switch
        {
            "crash_free_users" => "users",
            "crash_free_sessions" or "sign_up_rate" or "app_error_rate" => "sessions",
            "launch_time_p95" => "launches",
            "search_success_rate" => "searches",
            var key when key.StartsWith("http_", StringComparison.Ordinal) || key.EndsWith("_latency", StringComparison.Ordinal) => "requests",
            _ => "observations",
        };
    }

    /// <summary>A length of time in its two largest units: <c>2 s</c>, <c>3 m 12 s</c>, <c>1 h 5 m</c>. Never negative.</summary>
    public static string Duration(TimeSpan time)
    {
        if (time < TimeSpan.Zero)
        {
            time = TimeSpan.Zero;
        }

        return time switch
        {
            { TotalSeconds: < 60 } => $"{time.Seconds} s",
            { TotalMinutes: < 60 } => $"{time.Minutes} m {time.Seconds} s",
            { TotalHours: < 24 } => $"{time.Hours} h {time.Minutes} m",
            _ => $"{(int)time.TotalDays} d {time.Hours} h",
        };
    }

    private static string Percent(double v)
    {
        // What is short of the whole is not written as the whole: 99.97 % crash-free is not 100 %.
        if (v is > 99.9 and < 100)
        {
            return "99.9 %";
        }

        return v is > 0 and < 0.0005 ? "<0.001 %" : Number(v) + " %";
    }

    private static string Scaled(double v, string gap) => Math.Abs(v) switch
    {
        >= 999_500_000 => Number(v / 1e9) + " G",
        >= 999_500 => Number(v / 1e6) + " M",
        >= 999.5 => Number(v / 1000) + " k",
        _ => Number(v) + gap,
    };

    private static string Number(double v)
    {
        var magnitude = Math.Abs(v);
        var whole = magnitude < 1 ? 1 : (int)Math.Floor(Math.Log10(magnitude)) + 1;
        double rounded;
        if (whole > 3)
        {
            var step = Math.Pow(10, whole - 3);
            rounded = Math.Round(magnitude / step, MidpointRounding.AwayFromZero) * step;
        }
        else
        {
            rounded = Math.Round(magnitude, magnitude < 0.1 ? 3 : 3 - whole, MidpointRounding.AwayFromZero);
        }

        var text = rounded.ToString("#,0.###", CultureInfo.InvariantCulture);
        return v < 0 && rounded != 0 ? Minus + text : text;
    }
}
