namespace OpsConsole.Core.Slos;

/// <summary>When a pair of windows fires and when it resolves.</summary>
/// <remarks>
/// It fires when both windows burn faster than the factor. It resolves when the short window, measured well enough, does not: the long one still remembers what is over.
/// A burn rate that swings about the factor would wake somebody every few minutes, so what fires ends only after the short window has been below for some time without a break.
/// A short window of which less than half was measured says nothing: what fires goes on firing, and what does not is inconclusive.
/// The long window is taken as far as it was measured, as the rate functions of monitoring systems do: a service that fails from its first minute on is told of in minutes, not in days.
/// </remarks>
public static class BurnRateRule
{
    /// <summary>Share of the short window that has to be measured, 0 to 1.</summary>
    public const double LeastCoverage = 0.5;

    /// <summary>Shortest time for which the short window has to be below before an alert ends.</summary>
    public static readonly TimeSpan ShortestCalm = TimeSpan.FromSeconds(60);

    /// <summary>Share of the short window for which it has to be below.</summary>
    private const double CalmShare = 0.1;

    /// <summary>For how long the short window of a pair has to be below without a break before its alert ends: a tenth of it, and at least <see cref="ShortestCalm"/>.</summary>
    public static TimeSpan CalmFor(BurnRateWindow window)
    {
        ArgumentNullException.ThrowIfNull(window);
        return window.Short * CalmShare is var share && share > ShortestCalm ? share : ShortestCalm;
    }

    /// <summary>Judges a pair that may have fired, and keeps it firing until it has been calm for long enough.</summary>
    /// <param name="judged">As <see cref="Judge"/> has it.</param>
    /// <param name="firing">True when the pair fires already.</param>
    /// <param name="calmSince">Since when it has been below while it fired; null when it was not.</param>
    /// <param name="now">Now.</param>
    /// <returns>The standing, and since when it is calm: null where it is not, or does not fire any more.</returns>
    public static (WindowStanding Standing, DateTimeOffset? CalmSince) Settle(WindowStanding judged, bool firing, DateTimeOffset? calmSince, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(judged);
        if (!firing || judged.State == WindowState.Firing)
        {
            return (judged, null);
        }

        // A clock that was set back begins the time anew.
        var since = calmSince is { } before && before <= now ? before : now;
        return now - since >= CalmFor(judged.Window) ? (judged, null) : (judged with { State = WindowState.Firing }, since);
    }

    /// <summary>Judges a pair.</summary>
    /// <param name="window">The pair.</param>
    /// <param name="allowedShare">Share of events that may be bad.</param>
    /// <param name="long">Events of the long window.</param>
    /// <param name="short">Events of the short window.</param>
    /// <param name="firing">True when the pair fires already.</param>
    public static WindowStanding Judge(BurnRateWindow window, decimal allowedShare, in EventCount @long, in EventCount @short, bool firing)
    {
        ArgumentNullException.ThrowIfNull(window);
        var (longBurn, shortBurn) = (@long.BurnRate(allowedShare), @short.BurnRate(allowedShare));
        var conclusive = shortBurn is not null && @short.Coverage >= LeastCoverage;
        var goesOn = firing && !(conclusive && shortBurn <= window.Factor);
        var begins = conclusive && shortBurn > window.Factor && longBurn > window.Factor;
        var state = goesOn || begins ? WindowState.Firing : conclusive ? WindowState.Below : WindowState.Inconclusive;
        return new(window, state, longBurn, shortBurn, @long.Coverage, @short.Coverage, conclusive);
    }
}
