using System.Collections.Immutable;

namespace OpsConsole.Core.Slos;

/// <summary>How an objective stands, the worst last.</summary>
public enum SloVerdict
{
    Healthy,

    /// <summary>Nothing was measured lately, so nobody knows.</summary>
    NoData,

    /// <summary>There is budget left, and an alert fires.</summary>
    Burning,

    /// <summary>More failed than the objective allows.</summary>
    Exhausted,
}

/// <summary>What a pair of windows says.</summary>
public enum WindowState
{
    /// <summary>The budget does not burn fast enough for this pair.</summary>
    Below,

    /// <summary>There is too little data to say, and the pair did not fire before.</summary>
    Inconclusive,

    /// <summary>Both windows passed the factor, and the short one is not yet back, or has not been for long enough.</summary>
    Firing,
}

/// <summary>A pair of windows at one time.</summary>
/// <param name="Window">The pair.</param>
/// <param name="State">What it says.</param>
/// <param name="LongBurn">Burn rate over the long window; null without events.</param>
/// <param name="ShortBurn">Burn rate over the short window; null without events.</param>
/// <param name="LongCoverage">Share of the long window that was measured, 0 to 1.</param>
/// <param name="ShortCoverage">Share of the short window that was measured, 0 to 1.</param>
/// <param name="IsConclusive">False when the short window has too little data: then the pair neither fires nor resolves.</param>
public sealed record WindowStanding(
    BurnRateWindow Window, WindowState State, decimal? LongBurn, decimal? ShortBurn, double LongCoverage, double ShortCoverage, bool IsConclusive)
{
    /// <summary>True for a pair that fires although its short window is below now: it ends once that has lasted.</summary>
    public bool IsCalm => State == WindowState.Firing && IsConclusive && ShortBurn <= Window.Factor;
}

/// <summary>One objective at one time. Never changes.</summary>
public sealed record SloStanding
{
    public required Slo Slo { get; init; }

    /// <summary>When this was worked out.</summary>
    public required DateTimeOffset AsOf { get; init; }

    public required SloVerdict Verdict { get; init; }

    /// <summary>The verdict in a sentence.</summary>
    public required string Reason { get; init; }

    public required ErrorBudget Budget { get; init; }

    /// <summary>Burn rate over the last hour; null without events in it, or when the newest data is too old to speak of now.</summary>
    public required decimal? BurnRateNow { get; init; }

    /// <summary>The four pairs, loudest first.</summary>
    public required ImmutableArray<WindowStanding> Windows { get; init; }

    /// <summary>Alerts that fire, loudest first.</summary>
    public required ImmutableArray<SloAlert> Alerts { get; init; }

    /// <summary>Share of the period that was measured, 0 to 1.</summary>
    public required double Coverage { get; init; }

    /// <summary>When the newest event is of; null before the first.</summary>
    public required DateTimeOffset? LastDataAt { get; init; }

    /// <summary>How the windows of a firing alert burn now, which may be far from what it says of its beginning; null for one that does not fire, or of another objective.</summary>
    public WindowStanding? NowOf(SloAlert alert)
    {
        ArgumentNullException.ThrowIfNull(alert);
        return alert.IsFiring && Alerts.Any(a => a.Id == alert.Id) ? Windows.FirstOrDefault(w => w.Window.Name == alert.Detail.Window) : null;
    }

    /// <summary>True while somebody should be woken.</summary>
    public bool HasPage => Alerts.Any(a => a.Severity == AlertSeverity.Page);
}
