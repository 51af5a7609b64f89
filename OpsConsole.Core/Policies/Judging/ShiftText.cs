using System.Globalization;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Policies.Judging;

/// <summary>How the numbers of one comparison are written: all to the same digit, so that its sentence and its drawing say the same. The numbers themselves keep every digit.</summary>
public readonly record struct ShiftText
{
    /// <summary>Nobody acts on less than a thousandth of a percentage point or of a millisecond.</summary>
    private const int MostOfShares = 3;

    private const int Most = 9;

    private readonly SignalUnit _unit;
    private readonly int _decimals;
    private readonly bool _plain;

    private ShiftText(SignalUnit unit, int decimals, bool plain, bool isNothing) => (_unit, _decimals, _plain, IsNothing) = (unit, decimals, plain, isNothing);

    /// <summary>True where the whole interval is too close to zero to be written: what is left is noise of the search for it.</summary>
    public bool IsNothing { get; }

    /// <summary>The precision that fits an interval: three digits of its larger end.</summary>
    public static ShiftText Of(SignalUnit unit, double lower, double upper)
    {
        var largest = Math.Max(Math.Abs(lower), Math.Abs(upper));
        var isShare = unit is SignalUnit.Percent or SignalUnit.Milliseconds;
        var plain = largest < 1e15 && (isShare || largest is 0 or >= 1e-6);
        var decimals = largest > 0 ? Math.Clamp(2 - (int)Math.Floor(Math.Log10(largest)), largest >= 100 ? 1 : 2, isShare ? MostOfShares : Most) : 2;
        return new(unit, decimals, plain, plain && Math.Round(largest, decimals) == 0);
    }

    /// <summary>An amount without its unit.</summary>
    public string Number(double value)
    {
        if (!_plain)
        {
            return value == 0 ? "0" : value.ToString("0.##e0", CultureInfo.InvariantCulture);
        }

        var rounded = Math.Round(value, _decimals);
        return rounded == 0 ? "0" : rounded.ToString("#,0." + new string('#', _decimals), CultureInfo.InvariantCulture);
    }

    /// <summary>An amount with its unit; a difference of percentages is in percentage points.</summary>
    public string Amount(double value) => Number(value) + Unit(_unit);

    /// <summary>The same with its sign.</summary>
    public string Signed(double value) => value > 0 && Number(value) != "0" ? "+" + Amount(value) : Amount(value);

    /// <summary>The unit of a difference, with the space before it.</summary>
    public static string Unit(SignalUnit unit) => unit switch
    {
        SignalUnit.Percent => " pp",
        SignalUnit.Milliseconds => " ms",
        SignalUnit.PerSecond => " /s",
        SignalUnit.Factor => "x",
        _ => "",
    };
}
