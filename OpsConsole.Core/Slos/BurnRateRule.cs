namespace OpsConsole.Core.Slos;

/// <summary>When a pair of windows fires and when it resolves.</summary>
/// <remarks>
/// It fires when both windows burn faster than the factor. It resolves when the short window, measured well enough, does not: the long one still remembers what is over.
/// A short window of which less than half was measured says nothing: what fires goes on firing, and what does not is inconclusive.
/// The long window is taken as far as it was measured, as the rate functions of monitoring systems do: a service that fails from its first minute on is told of in minutes, not in days.
/// </remarks>
public static class BurnRateRule
{
    /// <summary>Share of the short window that has to be measured, 0 to 1.</summary>
    public const double LeastCoverage = 0.5;

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
