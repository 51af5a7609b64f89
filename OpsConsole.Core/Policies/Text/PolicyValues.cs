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
            faults.Error(scalar, $"'{key}' is one line of 1 to {most} characters.");
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

            faults.Error(scalar, $"'{key}' is above 0% and at most 100%.");
        }
        else
        {
            faults.Error(scalar, $"'{key}' is a share with its sign, for example 5%.", TryNumber(scalar.Text, out _) ? $"Did you mean '{scalar.Text}%'?" : null);
        }

        return null;
    }

    public static TimeSpan? Duration(ScalarNode scalar, string key, TimeSpan least, TimeSpan most, PolicyFaults faults)
    {
        if (!PolicyDuration.TryParse(scalar.Text, out var duration))
        {
            faults.Error(scalar, $"'{key}' is a time with its unit: 30s, 5m, 2h, 1d or 1h30m.", NearDuration(scalar.Text));
            return null;
        }

        if (duration < least || duration > most)
        {
            faults.Error(scalar, $"'{key}' is {PolicyDuration.Write(least)} to {PolicyDuration.Write(most)}.");
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

    /// <summary>What a time without or with a long unit was meant to be.</summary>
    public static string? NearDuration(string text)
    {
        var match = LongDuration().Match(text);
        if (!match.Success)
        {
            return null;
        }

        var number = match.Groups["n"].Value;
        return match.Groups["u"].Value is { Length: > 0 } unit
            ? $"Did you mean '{number}{char.ToLowerInvariant(unit[0])}'?"
            : $"Did you mean '{number}s', '{number}m' or '{number}h'?";
    }

    [GeneratedRegex(@"\A[+-]?(?:[0-9]{1,12}(?:\.[0-9]{1,9})?|\.[0-9]{1,9})\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex NumberForm();

    [GeneratedRegex(@"\A(?<n>[0-9]{1,9})\s*(?<u>|[smhd]|sec(?:ond)?s?|min(?:ute)?s?|hours?|hrs?|days?)\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 100)]
    private static partial Regex LongDuration();
}
