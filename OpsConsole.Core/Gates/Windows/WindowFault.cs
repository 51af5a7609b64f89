namespace OpsConsole.Core.Gates.Windows;

/// <summary>What keeps a window that is on record from being judged. Pure, and total: it answers for whatever the record holds.</summary>
public static class WindowFault
{
    /// <summary>First and last year, in UTC, in which a window may begin and end.</summary>
    public const int FirstYear = 2000, LastYear = 2200;

    /// <summary>Mask of all days of the week.</summary>
    private const int EveryDay = 127;

    /// <summary>Why the window cannot be judged, as a part of a sentence; null where it can.</summary>
    public static string? Of(DeployWindow window)
    {
        ArgumentNullException.ThrowIfNull(window);
        return OfYear("begins", window.From) ?? OfYear("ends", window.To) ?? (window.Days == 0 ? null : OfRecurrence(window));
    }

    /// <summary>Why a begin or an end cannot be; null where it can, or where there is none.</summary>
    internal static string? OfYear(string verb, DateTimeOffset? at) => at?.UtcDateTime.Year is < FirstYear or > LastYear
        ? $"it {verb} in the year {at.Value.UtcDateTime.Year}, and windows lie in the years {FirstYear} to {LastYear}"
        : null;

    private static string? OfRecurrence(DeployWindow window) =>
        window.Days is < 0 or > EveryDay ? "its days are not days of the week"
        : window.StartsAt < TimeSpan.Zero || window.StartsAt >= TimeSpan.FromDays(1) ? "the local time at which it begins is not one of a day"
        : window.Lasts <= TimeSpan.Zero || window.Lasts > TimeSpan.FromDays(1) ? "it does not last between nothing and 24 h"
        : null;
}
