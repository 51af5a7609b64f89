using System.Collections.Immutable;
using System.Globalization;

namespace OpsConsole.Core.Slos;

/// <summary>How loudly an alert asks.</summary>
public enum AlertSeverity
{
    /// <summary>Somebody is woken.</summary>
    Page,

    /// <summary>Somebody looks at it in working hours.</summary>
    Ticket,
}

/// <summary>One pair of windows: the alert fires when the budget burns faster than the factor over both.</summary>
/// <param name="Severity">What firing means.</param>
/// <param name="Long">Time that the burn must be significant over.</param>
/// <param name="Short">Time that it must still be going on in; when it is over there, the alert resolves.</param>
/// <param name="BudgetPercent">Share of the period's whole budget that is gone when the long window burned at the factor, in percent.</param>
/// <param name="Factor">Burn rate from which it fires: 1 spends the budget exactly in the period.</param>
public sealed record BurnRateWindow(AlertSeverity Severity, TimeSpan Long, TimeSpan Short, decimal BudgetPercent, decimal Factor)
{
    /// <summary>As people write it: <c>1h/5m</c>.</summary>
    public string Name => $"{BurnRateWindows.Text(Long)}/{BurnRateWindows.Text(Short)}";
}

/// <summary>The window pairs of each period: factor = budget share x period / long window.</summary>
/// <remarks>The pairs and budget shares of 7, 28 and 30 days are those in common use (the SRE workbook's, with a fourth pair); those of 24 hours are made for jobs, so that they give the factors of 30 days.</remarks>
public static class BurnRateWindows
{
    private static readonly (AlertSeverity Severity, TimeSpan Long, TimeSpan Short)[] Pairs =
    [
        (AlertSeverity.Page, TimeSpan.FromHours(1), TimeSpan.FromMinutes(5)),
        (AlertSeverity.Page, TimeSpan.FromHours(6), TimeSpan.FromMinutes(30)),
        (AlertSeverity.Ticket, TimeSpan.FromDays(1), TimeSpan.FromHours(2)),
        (AlertSeverity.Ticket, TimeSpan.FromDays(3), TimeSpan.FromHours(6)),
    ];

    private static readonly (AlertSeverity Severity, TimeSpan Long, TimeSpan Short)[] DayPairs =
    [
        (AlertSeverity.Page, TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(2)),
        (AlertSeverity.Page, TimeSpan.FromHours(1), TimeSpan.FromMinutes(5)),
        (AlertSeverity.Ticket, TimeSpan.FromHours(3), TimeSpan.FromMinutes(15)),
        (AlertSeverity.Ticket, TimeSpan.FromHours(12), TimeSpan.FromHours(1)),
    ];

    private static readonly Dictionary<TimeSpan, ImmutableArray<BurnRateWindow>> Known = new()
    {
        [TimeSpan.FromHours(24)] = Make(TimeSpan.FromHours(24), DayPairs, 15, 25, 37.5m, 50),
        [TimeSpan.FromDays(7)] = Make(TimeSpan.FromDays(7), Pairs, 8, 12.5m, 20, 42),
        [TimeSpan.FromDays(28)] = Make(TimeSpan.FromDays(28), Pairs, 2, 5, 10, 10),
        [TimeSpan.FromDays(30)] = Make(TimeSpan.FromDays(30), Pairs, 2, 5, 10, 10),
    };

    /// <summary>Periods that have windows.</summary>
    public static IReadOnlyCollection<TimeSpan> Periods => Known.Keys;

    /// <summary>What a caller is told when a period is refused.</summary>
    public static string PeriodSentence { get; } = $"Must be one of {string.Join(", ", Known.Keys.Select(PeriodText))}: no burn-rate windows are known for another period.";

    /// <summary>The four pairs of a period, the loudest and shortest first.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The period has no windows; the message is a sentence for people.</exception>
    public static ImmutableArray<BurnRateWindow> For(TimeSpan period) =>
        Known.TryGetValue(period, out var windows) ? windows : throw new ArgumentOutOfRangeException(nameof(period), $"{PeriodText(period)}: {PeriodSentence}");

    /// <summary>Reads <c>30d</c>, <c>28d</c>, <c>7d</c> or <c>24h</c>; null for anything else, also for periods without windows.</summary>
    public static TimeSpan? ParsePeriod(string? text)
    {
        foreach (var period in Known.Keys)
        {
            if (PeriodText(period) == text)
            {
                return period;
            }
        }

        return null;
    }

    /// <summary>A period as it is written: in hours up to a day, else in days.</summary>
    public static string PeriodText(TimeSpan period) => period <= TimeSpan.FromDays(1) ? Number(period.TotalHours) + "h" : Number(period.TotalDays) + "d";

    /// <summary>A window's length in its largest whole unit: <c>5m</c>, <c>6h</c>, <c>3d</c>.</summary>
    public static string Text(TimeSpan window) => window switch
    {
        { TotalDays: >= 1 } => Number(window.TotalDays) + "d",
        { TotalHours: >= 1 } => Number(window.TotalHours) + "h",
        _ => Number(window.TotalMinutes) + "m",
    };

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static ImmutableArray<BurnRateWindow> Make(TimeSpan period, (AlertSeverity Severity, TimeSpan Long, TimeSpan Short)[] pairs, params decimal[] budgets) =>
        [.. pairs.Zip(budgets, (pair, budget) => new BurnRateWindow(pair.Severity, pair.Long, pair.Short, budget, budget / 100m * period.Ticks / pair.Long.Ticks))];
}
