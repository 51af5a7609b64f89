using System.Globalization;
using System.Text.RegularExpressions;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Policies.Text;

/// <summary>Which units a trigger's number may have, and which numbers could ever be passed.</summary>
internal static class TriggerUnits
{
    public static readonly string[] Written = ["", "%", "ms", "s", "x"];

    /// <summary>Whether the unit suits what is compared; notes a fault with the right form when not.</summary>
    /// <param name="node">The trigger's text.</param>
    /// <param name="match">Its parts.</param>
    /// <param name="name">The signal without <c>_delta</c>.</param>
    /// <param name="measure">What is compared.</param>
    /// <param name="unit">As written.</param>
    /// <param name="scope">What is known about the service.</param>
    /// <param name="faults">Where faults go.</param>
    /// <param name="kind">The unit of the threshold in the model.</param>
    public static bool Fits(ScalarNode node, Match match, string name, TriggerMeasure measure, string unit, PolicyScope? scope, PolicyFaults faults, out SignalUnit kind)
    {
        kind = unit switch
        {
            "%" => SignalUnit.Percent,
            "ms" or "s" => SignalUnit.Milliseconds,
            "x" => SignalUnit.Factor,
            _ => SignalUnit.None,
        };
        var (allowed, why) = Allowed(name, measure, scope);
        if (allowed is null || allowed.Contains(unit))
        {
            return true;
        }

        if (SignalSpelling.Near(match.Groups["signal"].Value, scope) is { } near && PolicySignals.Find(name, scope) is null && measure != TriggerMeasure.BurnRate && Takes(near, unit, scope))
        {
            faults.Error(node, SignalSpelling.Unknown(match.Groups["signal"].Value, scope), $"Did you mean '{near}'?", match.Groups["signal"].Index);
            return false;
        }

        var number = match.Groups["number"];
        var right = allowed.Select(u => u.Length == 0 ? number.Value : number.Value + u).ToList();
        faults.Error(
            node, $"'{name}' {why}; '{number.Value}{unit}' does not fit.", $"Did you mean '{string.Join("' or '", right)}'?",
            (unit.Length == 0 ? number : match.Groups["unit"]).Index);
        return false;
    }

    /// <summary>What a unit that is written differently elsewhere is here.</summary>
    public static string? Near(string number, string unit) => unit.ToLowerInvariant() switch
    {
        "percent" or "pct" or "pp" or "pc" => $"Did you mean '{number}%'?",
        "msec" or "millis" or "milliseconds" or "ms" => $"Did you mean '{number}ms'?",
        "sec" or "secs" or "second" or "seconds" or "s" => $"Did you mean '{number}s'?",
        "k" when PolicyValues.TryNumber(number, out var thousands) => $"Did you mean '{(thousands * 1000).ToString("0.#########", CultureInfo.InvariantCulture)}'?",
        "times" or "fold" or "×" or "x" => $"Did you mean '{number}x'?",
        _ => null,
    };

    /// <summary>The values that a measure can have; null where nothing is known.</summary>
    public static (double Least, double Most)? RangeOf(Trigger trigger, PolicyScope? scope)
    {
        var unit = PolicySignals.UnitOf(trigger.Signal, scope);
        return trigger.Measure switch
        {
            TriggerMeasure.BurnRate => (0, double.PositiveInfinity),
            TriggerMeasure.Delta => unit == SignalUnit.Percent ? (-100, 100) : (-100, double.PositiveInfinity),
            _ when (unit ?? trigger.Unit) == SignalUnit.Percent => (0, 100),
            _ when (unit ?? trigger.Unit) == SignalUnit.None => null,
            _ => (0, double.PositiveInfinity),
        };
    }

    /// <summary>Whether a signal, as written in a trigger, can have a number of that unit.</summary>
    private static bool Takes(string written, string unit, PolicyScope? scope)
    {
        var isDelta = written.EndsWith(PolicySignals.DeltaEnding, StringComparison.Ordinal);
        var measure = PolicySignals.IsBurnRate(written) ? TriggerMeasure.BurnRate : isDelta ? TriggerMeasure.Delta : TriggerMeasure.Value;
        return Allowed(isDelta ? written[..^PolicySignals.DeltaEnding.Length] : written, measure, scope).Units is not { } units || units.Contains(unit);
    }

    private static (string[]? Units, string Why) Allowed(string name, TriggerMeasure measure, PolicyScope? scope) => measure switch
    {
        TriggerMeasure.BurnRate => (["x"], "is a burn rate, a multiple of what the budget allows"),
        TriggerMeasure.Delta => (["%"], PolicySignals.UnitOf(name, scope) == SignalUnit.Percent
            ? "is compared with the previous version in percentage points"
            : "is compared with the previous version in percent of its value"),
        _ => PolicySignals.UnitOf(name, scope) switch
        {
            SignalUnit.Percent => (["%"], "is measured in percent"),
            SignalUnit.Milliseconds => (["ms", "s"], "is measured in time"),
            SignalUnit.Factor => (["x"], "is a factor"),
            SignalUnit.PerSecond => ([""], "is measured per second and written without a unit"),
            SignalUnit.Count => ([""], "is a count and written without a unit"),
            _ => (null, ""),
        },
    };
}
