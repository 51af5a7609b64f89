namespace OpsConsole.Core.Gates.Windows;

/// <summary>The times at which a window holds, as instants. Total: no window on record and no instant makes it throw.</summary>
internal static class Occurrences
{
    /// <summary>Days looked ahead: a weekly window begins at least once in them.</summary>
    private const int DaysAhead = 9;

    /// <summary>Days left out at either end of the calendar, so that offset and length of a window still lie inside it.</summary>
    private const int CalendarMargin = 3;

    /// <summary>The zone of an IANA name, or null where this machine does not know it.</summary>
    public static TimeZoneInfo? Zone(string name) => TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null;

    /// <summary>Times around an instant, at least the one that holds then and the next one. One that does not end has <see cref="DateTimeOffset.MaxValue"/> as its end.</summary>
    public static IEnumerable<(DateTimeOffset Start, DateTimeOffset End)> Of(DeployWindow window, DateTimeOffset around)
    {
        var (from, to) = (window.From ?? DateTimeOffset.MinValue, Earlier(window.To, window.EndedAt) ?? DateTimeOffset.MaxValue);
        if (window.Days == 0)
        {
            return from < to ? [(window.From ?? window.CreatedAt, to)] : [];
        }

        if (Zone(window.TimeZone) is not { } zone)
        {
            // Nobody can say when it holds: a freeze then holds, and an allowing window does not.
            return window.Kind == DeployWindowKind.Freeze && from < to ? [(window.From ?? window.CreatedAt, to)] : [];
        }

        return Recurring(window, zone, from > around ? from : around, from, to);
    }

    private static IEnumerable<(DateTimeOffset Start, DateTimeOffset End)> Recurring(DeployWindow window, TimeZoneInfo zone, DateTimeOffset around, DateTimeOffset from, DateTimeOffset to)
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(around, zone).DateTime).DayNumber;
        var (first, last) = (Math.Max(today - 2, DateOnly.MinValue.DayNumber + CalendarMargin), Math.Min(today + DaysAhead, DateOnly.MaxValue.DayNumber - CalendarMargin));
        var (startsAt, lasts) = (WithinADay(window.StartsAt), WithinADay(window.Lasts));

        // One that began yesterday may reach over midnight, and one of the day before over a day that the clocks made longer.
        for (var day = first; day <= last; day++)
        {
            var date = DateOnly.FromDayNumber(day);
            if ((window.Days & Bit(date.DayOfWeek)) == 0)
            {
                continue;
            }

            var begins = Instant(date.ToDateTime(TimeOnly.MinValue) + startsAt, zone);
            var (start, end) = (begins > from ? begins : from, begins + lasts < to ? begins + lasts : to);
            if (start < end)
            {
                yield return (start, end);
            }
        }
    }

    /// <summary>A local time as an instant: one that the clocks skip is the first instant after the gap, one that they show twice is the first of the two.</summary>
    private static DateTimeOffset Instant(DateTime local, TimeZoneInfo zone)
    {
        if (zone.IsInvalidTime(local))
        {
            local = new DateTime(local.Ticks - (local.Ticks % TimeSpan.TicksPerMinute));
            while (zone.IsInvalidTime(local))
            {
                local = local.AddMinutes(1);
            }
        }

        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset);
    }

    private static TimeSpan WithinADay(TimeSpan value) => TimeSpan.FromTicks(Math.Clamp(value.Ticks, 0, TimeSpan.TicksPerDay));

    /// <summary>Bit of a day in <see cref="DeployWindow.Days"/>, Monday first.</summary>
    private static int Bit(DayOfWeek day) => 1 << (((int)day + 6) % 7);

    private static DateTimeOffset? Earlier(DateTimeOffset? a, DateTimeOffset? b) => a is { } x && b is { } y ? (x < y ? x : y) : a ?? b;
}
