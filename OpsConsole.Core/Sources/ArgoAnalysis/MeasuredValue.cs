using System.Globalization;

namespace OpsConsole.Core.Sources.ArgoAnalysis;

/// <summary>Reads the value of a measurement, which Argo keeps as text: a number, or a list in brackets of what a query came to.</summary>
internal static class MeasuredValue
{
    private const int MaxShown = 40;

    /// <summary>The number; or why there is none, and whether that is because nothing was found.</summary>
    public static (double? Number, string? Why, bool IsNothing) Read(string text)
    {
        var plain = text.Trim();
        if (plain is ['[', .., ']'])
        {
            var parts = plain[1..^1].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length != 1)
            {
                return parts.Length == 0 ? (null, "its query found nothing", true) : (null, $"its query found {parts.Length} values, and one is expected", false);
            }

            plain = parts[0];
        }

        return plain.Length == 0 ? (null, "it gives no value", true)
            : Number(plain) is { } number ? (number, null, false)
            : (null, $"'{(plain.Length <= MaxShown ? plain : plain[..MaxShown] + "…")}' is not a number", false);
    }

    private static double? Number(string text) => text switch
    {
        "+Inf" or "Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        "NaN" => double.NaN,
        _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null,
    };
}
