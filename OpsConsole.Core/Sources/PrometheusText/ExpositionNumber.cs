using System.Globalization;

namespace OpsConsole.Core.Sources.PrometheusText;

/// <summary>Numbers as the format writes them: decimal, or NaN, Inf and Infinity with an optional sign in any case.</summary>
internal static class ExpositionNumber
{
    private const NumberStyles Decimal = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>False when the text is no such number, or is too large for one.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out double value)
    {
        value = double.NaN;
        var unsigned = text is ['+' or '-', .. var rest] ? rest : text;
        if (unsigned.Length == 0)
        {
            return false;
        }

        if (char.IsAsciiDigit(unsigned[0]) || unsigned[0] == '.')
        {
            return double.TryParse(text, Decimal, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
        }

        if (unsigned.Equals("inf", StringComparison.OrdinalIgnoreCase) || unsigned.Equals("infinity", StringComparison.OrdinalIgnoreCase))
        {
            value = text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
            return true;
        }

        return unsigned.Equals("nan", StringComparison.OrdinalIgnoreCase);
    }
}
