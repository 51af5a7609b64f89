using System.Globalization;
using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Core.Gates.Windows;

/// <summary>How windows or freezes stand at a time.</summary>
/// <param name="Open">Whether promotions are let through.</param>
/// <param name="Sentence">Which window says so, until when, and when it changes.</param>
/// <param name="NextChange">When that changes by itself; null where it does not.</param>
public sealed record WindowStanding(bool Open, string Sentence, DateTimeOffset? NextChange)
{
    /// <summary>True where a window on record cannot be judged; <see cref="Sentence"/> then names it, and nothing is let through.</summary>
    public bool Broken { get; init; }
}

/// <summary>When a place may be changed. Pure. Stopping is not asked here: it is possible at any time.</summary>
public static class WindowRule
{
    /// <summary>True when the window speaks of this place.</summary>
    public static bool Covers(DeployWindow window, string service, string target, string environment)
    {
        ArgumentNullException.ThrowIfNull(window);
        return Same(window.Service, service) && Same(window.Target, target) && Same(window.Environment, environment);
    }

    /// <summary>Whether allowing windows let a promotion through: any one that is open does, and where none is defined everything does. Ones that ran out are still defined: they keep the place closed until someone ends them.</summary>
    public static WindowStanding Allowed(IEnumerable<DeployWindow> windows, DateTimeOffset now)
    {
        var defined = NotEnded(windows, DeployWindowKind.Allow, now);
        if (Broken(defined) is { } broken)
        {
            return broken;
        }

        var allowing = defined.Where(w => !IsOver(w, now)).ToList();
        if (allowing.Count == 0 && defined.MaxBy(w => w.To) is { To: { } ended } last)
        {
            return new(false, $"The last deploy window here ended {Moment(ended, last, now)} ({last.Name}); end it by hand or make a new one.", null);
        }

        if (allowing.Count == 0)
        {
            return new(true, "No deploy window is defined here, so promotions are possible at any time.", null);
        }

        if (OpenUntil(allowing, now) is { } open)
        {
            return new(true, $"Inside {open.Window.Name}{Until(open.End, open.Window, now)}.", open.End);
        }

        return Next(allowing, now) is { } next
            ? new(false, $"No deploy window is open here; {next.Window.Name} opens {Moment(next.At, next.Window, now)}.", next.At)
            : new(false, $"No deploy window is open here, and none opens again by itself ({string.Join(", ", allowing.Select(w => w.Name))}).", null);
    }

    /// <summary>Whether freezes let a promotion through: any one in force forbids it.</summary>
    public static WindowStanding Frozen(IEnumerable<DeployWindow> windows, DateTimeOffset now)
    {
        var defined = NotEnded(windows, DeployWindowKind.Freeze, now);
        if (Broken(defined) is { } broken)
        {
            return broken;
        }

        var freezes = defined.Where(w => !IsOver(w, now)).ToList();
        if (OpenUntil(freezes, now) is { } frozen)
        {
            return new(false, $"Frozen by {frozen.Window.Name}{Until(frozen.End, frozen.Window, now)}: {frozen.Window.Reason.TrimEnd('.')}. Halting and rolling back stay possible.", frozen.End);
        }

        return Next(freezes, now) is { } next
            ? new(true, $"No freeze is in force here; {next.Window.Name} begins {Moment(next.At, next.Window, now)}.", next.At)
            : new(true, "No freeze is in force here.", null);
    }

    /// <summary>How one window stands by itself: holding or not, and when that changes.</summary>
    public static (bool Holds, DateTimeOffset? NextChange) Standing(DeployWindow window, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(window);
        return IsOver(window, now) ? (false, null) : OpenUntil([window], now) is { } open ? (true, open.End) : (false, NextStart(window, now));
    }

    /// <summary>True once it was ended, or its last time has passed.</summary>
    public static bool IsOver(DeployWindow window, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(window);
        return window.EndedAt <= now || window.To <= now;
    }

    /// <summary>A moment as the window's zone writes it: the weekday within the week to come, else the date.</summary>
    public static string Moment(DateTimeOffset at, DeployWindow window, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(window);
        var local = Occurrences.Zone(window.TimeZone) is { } zone ? TimeZoneInfo.ConvertTime(at, zone) : at.ToUniversalTime();
        var format = at >= now && at - now < TimeSpan.FromDays(6.5) ? "dddd HH:mm" : "yyyy-MM-dd HH:mm";
        return $"{local.ToString(format, CultureInfo.InvariantCulture)} {(Occurrences.Zone(window.TimeZone) is null ? "UTC" : window.TimeZone)}";
    }

    private static List<DeployWindow> NotEnded(IEnumerable<DeployWindow> windows, DeployWindowKind kind, DateTimeOffset now) =>
        [.. windows.Where(w => w.Kind == kind && !(w.EndedAt <= now))];

    /// <summary>What stands when one of the windows cannot be judged: it might be the one that forbids, so nothing is let through.</summary>
    private static WindowStanding? Broken(IEnumerable<DeployWindow> windows) => windows.Select(w => (w.Name, Fault: WindowFault.Of(w))).FirstOrDefault(w => w.Fault is not null) is { Fault: { } fault } bad
        ? new(false, $"{bad.Name} cannot be judged: {fault}; end it by hand.", null) { Broken = true }
        : null;

    /// <summary>The window that holds now and when the holding ends, windows that follow on one another taken together; null when none holds.</summary>
    private static (DeployWindow Window, DateTimeOffset? End)? OpenUntil(IReadOnlyList<DeployWindow> windows, DateTimeOffset now)
    {
        (DeployWindow Window, DateTimeOffset? End)? holding = null;
        var at = now;
        for (var chained = 0; chained < 64; chained++)
        {
            var open = windows.SelectMany(w => Occurrences.Of(w, at).Where(o => o.Start <= at && at < o.End).Select(o => (Window: w, o.End))).ToList();
            if (open.Count == 0)
            {
                return holding;
            }

            var last = open.MaxBy(o => o.End);
            holding = (holding?.Window ?? last.Window, last.End == DateTimeOffset.MaxValue ? null : last.End);
            if (holding.Value.End is null)
            {
                return holding;
            }

            at = last.End;
        }

        // It goes on for longer than is looked ahead: no end is better than one that is not its end.
        return holding is { } on ? (on.Window, null) : null;
    }

    private static (DeployWindow Window, DateTimeOffset At)? Next(IEnumerable<DeployWindow> windows, DateTimeOffset now) => windows
        .Select(w => (Window: w, At: NextStart(w, now))).Where(n => n.At is not null).OrderBy(n => n.At)
        .Select(n => ((DeployWindow, DateTimeOffset)?)(n.Window, n.At!.Value)).FirstOrDefault();

    private static DateTimeOffset? NextStart(DeployWindow window, DateTimeOffset now) =>
        Occurrences.Of(window, now).Where(o => o.Start > now).Select(o => (DateTimeOffset?)o.Start).Min();

    private static string Until(DateTimeOffset? end, DeployWindow window, DateTimeOffset now) =>
        end is { } at ? $" until {Moment(at, window, now)} (for another {Wording.Duration(at - now)})" : " until it is ended";

    private static bool Same(string? scope, string value) => scope is null || string.Equals(scope, value, StringComparison.OrdinalIgnoreCase);
}
