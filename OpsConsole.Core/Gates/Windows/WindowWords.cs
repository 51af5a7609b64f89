using System.Globalization;
using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Core.Gates.Windows;

/// <summary>A window in words.</summary>
public static class WindowWords
{
    private static readonly string[] Days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

    /// <summary>When and where it holds: "Monday to Friday 09:00 for 8 h, Europe/Berlin; service shop".</summary>
    public static string Of(DeployWindow window)
    {
        ArgumentNullException.ThrowIfNull(window);
        var when = window.Days == 0
            ? $"{(window.From is { } from ? $"from {Wording.Moment(from)}" : "from now on")}{(window.To is { } to ? $" to {Wording.Moment(to)}" : " until it is ended")}"
            : $"{Named(window.Days)} {window.StartsAt.ToString("hh\\:mm", CultureInfo.InvariantCulture)} for {Wording.Duration(window.Lasts)}, {window.TimeZone}"
                + (window.From is { } first ? $", first {Wording.Moment(first)}" : "") + (window.To is { } last ? $", until {Wording.Moment(last)}" : "");
        return $"{char.ToUpperInvariant(when[0])}{when[1..]}; {Where(window)}.";
    }

    /// <summary>Where it holds: "everywhere" or "service shop, environment production".</summary>
    public static string Where(DeployWindow window)
    {
        ArgumentNullException.ThrowIfNull(window);
        string?[] parts =
        [
            window.Service is { } service ? $"service {service}" : null,
            window.Target is { } target ? $"target {target}" : null,
            window.Environment is { } environment ? $"environment {environment}" : null,
        ];
        return parts.Any(p => p is not null) ? string.Join(", ", parts.Where(p => p is not null)) : "everywhere";
    }

    private static string Named(int mask)
    {
        var days = Enumerable.Range(0, 7).Where(d => (mask & (1 << d)) != 0).ToList();
        return days.Count == 7 ? "every day"
            : days.Count > 2 && days[^1] - days[0] == days.Count - 1 ? $"{Days[days[0]]} to {Days[days[^1]]}"
            : string.Join(", ", days.Select(d => Days[d]));
    }
}
