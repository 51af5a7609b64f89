namespace OpsConsole.Core.Slos;

/// <summary>The bad events that an objective allows over its period, and what is left of them. Counted over the events that were measured; a rolling period has no end at which it is refilled.</summary>
/// <param name="Allowed">Bad events that the measured events allow.</param>
/// <param name="Spent">Bad events there were.</param>
/// <param name="Events">All measured events of the period.</param>
/// <param name="BurnRate">Burn rate over the last hour; null without events in it.</param>
/// <param name="Exhaustion">Time until nothing is left if the last hour goes on; zero when nothing is; null when that lies beyond the period or nothing burns.</param>
public sealed record ErrorBudget(decimal Allowed, decimal Spent, decimal Events, decimal? BurnRate, TimeSpan? Exhaustion)
{
    /// <summary>Bad events that may still happen; negative when more happened than was allowed.</summary>
    public decimal Remaining => Allowed - Spent;

    /// <summary>Share of the budget that is gone, in percent; over 100 when more is. Null without events.</summary>
    public decimal? SpentPercent => Allowed > 0 ? decimal.Round(100m * Spent / Allowed, 6) : null;

    /// <summary>Share of the budget that is left, in percent; negative when it is overspent. Null without events.</summary>
    public decimal? RemainingPercent => 100m - SpentPercent;

    /// <summary>True when there were events and no bad one may follow.</summary>
    public bool IsExhausted => RemainingPercent <= 0;

    /// <summary>The budget of a period.</summary>
    /// <param name="slo">The objective.</param>
    /// <param name="period">Events of its period.</param>
    /// <param name="lastHour">Events of the last hour.</param>
    public static ErrorBudget Of(Slo slo, in EventCount period, in EventCount lastHour)
    {
        ArgumentNullException.ThrowIfNull(slo);
        var budget = new ErrorBudget(slo.AllowedShare * (decimal)period.Total, (decimal)period.Bad, (decimal)period.Total, lastHour.BurnRate(slo.AllowedShare), null);
        return budget with { Exhaustion = TimeLeft(budget, slo.Period) };
    }

    private static TimeSpan? TimeLeft(ErrorBudget budget, TimeSpan period)
    {
        if (budget.IsExhausted)
        {
            return TimeSpan.Zero;
        }

        return budget is { BurnRate: { } burn and > 0, RemainingPercent: { } left } && left / 100m / burn is var periods and < 1 ? period * (double)periods : null;
    }
}
