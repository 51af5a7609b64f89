using System.Globalization;

namespace OpsConsole.Core.Sources.Sentry;

/// <summary>The step of the series that Sentry counts sessions in.</summary>
/// <remarks>A step divides a day, and an answer has at most 1,000 of them; Sentry refuses others.</remarks>
internal static class SessionsStep
{
    /// <summary>What a step may be, in words.</summary>
    public const string Form = "a number of minutes from 1 to 1,440 that a day is a multiple of";

    private const int MostSteps = 1000;
    private const int Day = 24 * 60;

    /// <summary>The step that is written in minutes; null where it is none.</summary>
    public static TimeSpan? Of(string minutes) =>
        int.TryParse(minutes, NumberStyles.None, CultureInfo.InvariantCulture, out var step) && step is >= 1 and <= Day && Day % step == 0 ? TimeSpan.FromMinutes(step) : null;

    /// <summary>The finest step from <paramref name="least"/> on that a window can be asked for with; null where there is none that it is a multiple of.</summary>
    public static TimeSpan? For(TimeSpan window, TimeSpan least)
    {
        for (var minutes = (int)least.TotalMinutes; minutes <= Day; minutes++)
        {
            var step = TimeSpan.FromMinutes(minutes);
            if (Day % minutes == 0 && window.Ticks % step.Ticks == 0 && window / step <= MostSteps)
            {
                return window >= step ? step : null;
            }
        }

        return null;
    }

    /// <summary>The end of the last step that is over.</summary>
    public static DateTimeOffset Floor(DateTimeOffset time, TimeSpan step) => new(time.UtcTicks - (time.UtcTicks % step.Ticks), TimeSpan.Zero);
}
