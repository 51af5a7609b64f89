using System.Globalization;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Slos;

/// <summary>What is said of objectives, in words and numbers for people.</summary>
public static class SloText
{
    private const int MostDigits = 6;

    /// <summary>A burn rate: <c>14.4x</c>, or a dash.</summary>
    public static string Burn(decimal? burn) => SignalText.Value((double?)burn, SignalUnit.Factor);

    /// <summary>A burn rate beside its limit, with as many digits as it takes to tell them apart: <c>14.398x</c> against 14.4x.</summary>
    public static string Burn(decimal? burn, decimal limit)
    {
        var (text, other) = (Burn(burn), Burn(limit));
        for (var digits = 1; burn is { } value && value != limit && text == other && digits <= MostDigits; digits++)
        {
            (text, other) = (decimal.Round(value, digits).ToString("0.######", CultureInfo.InvariantCulture) + "x", decimal.Round(limit, digits).ToString("0.######", CultureInfo.InvariantCulture) + "x");
        }

        return text != other || burn == limit || burn is not { } close ? text : close < limit ? $"just below {text}" : $"just above {text}";
    }

    /// <summary>An objective in full, never rounded: <c>99.95 %</c>.</summary>
    public static string Objective(Slo slo)
    {
        ArgumentNullException.ThrowIfNull(slo);
        return slo.ObjectivePercent.ToString("0.######", CultureInfo.InvariantCulture) + " %";
    }

    /// <summary>A whole number of events: <c>18,203</c>.</summary>
    public static string Events(decimal events) => decimal.Round(events).ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Bad events, of which a budget may have a part of one.</summary>
    public static string Budget(decimal events) => events is > -10 and < 10 ? events.ToString("0.#", CultureInfo.InvariantCulture) : Events(events);

    /// <summary>How much of a budget is left: <c>62.4 % left</c>, <c>overspent by 340 %</c>.</summary>
    public static string Left(decimal? remainingPercent) => remainingPercent switch
    {
        null => "no events yet",
        < 0 => $"overspent by {SignalText.Value((double)-remainingPercent.Value, SignalUnit.Percent)}",
        _ => $"{SignalText.Value((double)remainingPercent.Value, SignalUnit.Percent)} left",
    };

    /// <summary>A share from 0 to 1 in percent.</summary>
    public static string Share(double share) => SignalText.Value(100 * share, SignalUnit.Percent);

    /// <summary>What is broken, for an alert.</summary>
    internal static string Broken(Slo slo, WindowStanding standing, in EventCount @long) =>
        $"{slo.Title} ({slo.Service}, {slo.Environment}): {Budget((decimal)@long.Bad)} of {Events((decimal)@long.Total)} events of the last {BurnRateWindows.Text(standing.Window.Long)} were bad, "
        + $"which burns the error budget {Burn(standing.LongBurn, standing.Window.Factor)} as fast as {Objective(slo)} over {BurnRateWindows.PeriodText(slo.Period)} allows (limit {Burn(standing.Window.Factor)}); "
        + $"over the last {BurnRateWindows.Text(standing.Window.Short)} it is {Burn(standing.ShortBurn, standing.Window.Factor)}.";

    /// <summary>How the windows of an alert burn now.</summary>
    public static string Now(WindowStanding now)
    {
        ArgumentNullException.ThrowIfNull(now);
        return $"{Burn(now.LongBurn, now.Window.Factor)} over the last {BurnRateWindows.Text(now.Window.Long)}, {Burn(now.ShortBurn, now.Window.Factor)} over the last {BurnRateWindows.Text(now.Window.Short)} (limit {Burn(now.Window.Factor)})"
            + (now.IsCalm ? $"; it ends once the last {BurnRateWindows.Text(now.Window.Short)} have stayed below for {SignalText.Duration(BurnRateRule.CalmFor(now.Window))}." : now.IsConclusive ? "." : "; too little was measured lately to end the alert.");
    }

    /// <summary>Why the standing is what it is.</summary>
    internal static string Reason(SloVerdict verdict, SloStanding s) => verdict switch
    {
        SloVerdict.Exhausted => $"The error budget is {Left(s.Budget.RemainingPercent)}: {Budget(s.Budget.Spent)} bad events, {Budget(s.Budget.Allowed)} allowed of {Events(s.Budget.Events)}{Measured(s)}.",
        SloVerdict.Burning => $"The error budget burns {Burn(s.Windows.First(w => w.State == WindowState.Firing).LongBurn)} as fast as allowed; {Left(s.Budget.RemainingPercent)}{Measured(s)}.",
        SloVerdict.NoData => s.LastDataAt is { } at ? $"Nothing was measured for {SignalText.Duration(s.AsOf - at)}, so nobody knows how it stands." : "Nothing has been measured yet, so nobody knows how it stands.",
        _ => $"{Left(s.Budget.RemainingPercent)} of the error budget{Measured(s)}.",
    };

    private static string Measured(SloStanding s) => s.Coverage >= 0.995 ? "" : $" ({Share(s.Coverage)} of the {BurnRateWindows.PeriodText(s.Slo.Period)} were measured)";
}
