using System.Globalization;
using System.Text.RegularExpressions;

namespace OpsConsole.Core.Policies.Text;

/// <summary>Reads single values.</summary>
internal static partial class PolicyValues
{
    /// <summary>A plain decimal number: no exponents, no thousands.</summary>
    public static bool TryNumber(string text, out double number)
    {
        number = 0;
        return NumberForm().IsMatch(text) && double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
    }

    public static string? Text(ScalarNode scalar, string key, int most, PolicyFaults faults)
    {
        if (scalar.Text.Length is 0 || scalar.Text.Length > most || scalar.Text.AsSpan().IndexOfAny("\r\n\t") >= 0 || string.IsNullOrWhiteSpace(scalar.Text))
        {
            var why = string.IsNullOrWhiteSpace(scalar.Text) ? "is empty" : scalar.Text.Length > most ? $"has {scalar.Text.Length:0} characters" : "has a line break or a tab in it";
            faults.Error(scalar, $"'{key}' {why}; it takes one line of 1 to {most} characters.");
            return null;
        }

        return scalar.Text.Trim();
    }

    public static double? Percent(ScalarNode scalar, string key, PolicyFaults faults)
    {
        var number = scalar.Text.EndsWith('%') ? scalar.Text[..^1].TrimEnd() : null;
        if (number is not null && TryNumber(number, out var percent))
        {
            if (percent is > 0 and <= 100)
            {
                return percent;
            }

            faults.Error(scalar, $"{Said(key, scalar)} a share above 0% and at most 100%.");
        }
        else
        {
            faults.Error(
                scalar, $"{Said(key, scalar)} a share above 0% and at most 100% with its sign, for example 5%.",
                TryNumber(scalar.Text, out var bare) && bare is > 0 and <= 100 ? $"Did you mean '{scalar.Text}%'?" : null);
        }

        return null;
    }

    public static TimeSpan? Duration(ScalarNode scalar, string key, TimeSpan least, TimeSpan most, PolicyFaults faults)
    {
        if (!PolicyDuration.TryParse(scalar.Text, out var duration))
        {
            faults.Error(
                scalar, scalar.Text.StartsWith('-') ? $"{Said(key, scalar)} a time, which is never negative." : $"{Said(key, scalar)} a time with its unit: 30s, 5m, 2h, 1d or 1h30m.",
                NearDuration(scalar.Text));
            return null;
        }

        if (duration < least || duration > most)
        {
            faults.Error(scalar, $"{Said(key, scalar)} a time from {PolicyDuration.Write(least)} to {PolicyDuration.Write(most)}.");
            return null;
        }

        return duration;
    }

    public static (bool Found, T Value) Named<T>(ScalarNode scalar, string key, (string Name, T Value)[] names, PolicyFaults faults)
    {
        var written = scalar.Text.Replace('-', '_');
        foreach (var (name, value) in names)
        {
            if (name.Replace('-', '_') == written)
            {
                return (true, value);
            }
        }

        faults.Error(scalar, $"'{PolicyNames.Shown(scalar.Text)}' is no value of '{key}'; use one of {string.Join(", ", names.Select(n => n.Name))}.", Spelling.Suggest(scalar.Text, names.Select(n => n.Name)));
        return (false, default!);
    }

    /// <summary>The begin of a sentence that says what is there before it says what is right.</summary>
    public static string Said(string key, ScalarNode scalar) => $"'{key}' is '{PolicyNames.Shown(scalar.Text)}'; it takes";

    /// <summary>What a time was meant to be that has no unit, a long or an unknown one, a fraction, a sign, or its parts in another order.</summary>
    public static string? NearDuration(string text)
    {
        var match = LooseDuration().Match(text.TrimStart('-', '−', '+'));
        if (!match.Success)
        {
            return null;
        }

        var (numbers, units) = (match.Groups["n"].Captures, match.Groups["u"].Captures);
        if (units.Count == 1 && units[0].Length == 0)
        {
            return numbers[0].Value.Contains('.', StringComparison.Ordinal) ? null : $"Did you mean '{numbers[0].Value}s', '{numbers[0].Value}m' or '{numbers[0].Value}h'?";
        }

        var seconds = numbers.Zip(units).Sum(part => double.Parse(part.First.ValueSpan, CultureInfo.InvariantCulture) * SecondsOf(part.Second.Value));
        if (seconds is > 0 and < 1)
        {
            return "The shortest time is '1s'.";
        }

        return seconds >= 1 && seconds <= PolicyDuration.Longest.TotalSeconds ? $"Did you mean '{PolicyDuration.Write(TimeSpan.FromSeconds(Math.Round(seconds)))}'?" : null;
    }

    private static double SecondsOf(string unit) => unit.ToLowerInvariant() switch
    {
        ['m', 's', ..] or ['m', 'i', 'l', ..] => 0.001,
        ['m', ..] => 60,
        ['h', ..] => 3600,
        ['d', ..] => 86_400,
        ['w', ..] => 604_800,
        _ => 1,
    };

    [GeneratedRegex(@"\A[+-]?(?:[0-9]{1,15}(?:\.[0-9]{1,9})?|\.[0-9]{1,9})\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex NumberForm();

    [GeneratedRegex(
        @"\A(?:(?<n>[0-9]{1,9}(?:\.[0-9]{1,3})?)\s*(?<u>ms|msecs?|milli(?:second)?s?|s|sec(?:ond)?s?|m|min(?:ute)?s?|h|hours?|hrs?|d|days?|w|weeks?|(?=\z))\s*){1,4}\z",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 100)]
    private static partial Regex LooseDuration();
}
