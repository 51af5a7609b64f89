namespace OpsConsole.Core.Sources.PrometheusText;

/// <summary>What time the series of a rule are of, where they state one of their own that is not now.</summary>
internal static class StatedTime
{
    /// <summary>How far from the console's clock a stated time may be; nearer than that it counts as now.</summary>
    public static readonly TimeSpan FarOff = TimeSpan.FromMinutes(1);

    /// <summary>The time furthest ahead, where that is too far, else the oldest one; null where all are of now, or state none. Of several series the worst counts: what they come to is no newer.</summary>
    /// <exception cref="System.Text.RegularExpressions.RegexMatchTimeoutException">An expression of a selector took too long.</exception>
    public static DateTimeOffset? Of(Exposition exposition, IEnumerable<SeriesSelector> selectors, DateTimeOffset now)
    {
        if (!exposition.StatesTimes)
        {
            return null;
        }

        DateTimeOffset oldest = now, newest = now;
        foreach (var selector in selectors)
        {
            foreach (ref readonly var series in exposition.Named(selector.Name))
            {
                if (series.TimestampMilliseconds is { } stated && selector.Matches(series.Id))
                {
                    var at = Read(stated);
                    (oldest, newest) = (at < oldest ? at : oldest, at > newest ? at : newest);
                }
            }
        }

        return newest - now > FarOff ? newest : now - oldest > FarOff ? oldest : null;
    }

    /// <summary>What lies beyond the times that there are is as far off as they go.</summary>
    private static DateTimeOffset Read(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(milliseconds, 0, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()));
}
