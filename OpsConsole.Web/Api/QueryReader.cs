using System.Globalization;
using System.Text.Json;

namespace OpsConsole.Web.Api;

/// <summary>Reads query parameters and collects what is wrong with them, so that all of it is told at once.</summary>
internal sealed class QueryReader(IQueryCollection query)
{
    /// <summary>Longest value of a parameter, in characters.</summary>
    public const int MaxText = 200;

    private readonly Dictionary<string, string[]> _faults = [];

    /// <summary>The answer to give when a parameter is wrong, else null.</summary>
    public IResult? Problem => _faults.Count == 0
        ? null
        : Results.ValidationProblem(_faults, title: "A query parameter cannot be understood", detail: string.Join(" ", _faults.Select(f => $"{f.Key}: {f.Value[0]}")));

    /// <summary>A text, or null when absent or empty.</summary>
    public string? Text(string name)
    {
        var value = query[name].ToString();
        if (value.Length > MaxText)
        {
            Fault(name, $"May have at most {MaxText} characters.");
        }

        if (value.Any(char.IsControl))
        {
            Fault(name, "May have no control characters.");
            return null;
        }

        return value.Length == 0 ? null : value;
    }

    public int Number(string name, int absent, int min, int max)
    {
        if (Text(name) is not { } text)
        {
            return absent;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max)
        {
            return value;
        }

        Fault(name, $"Must be a whole number from {min} to {max}.");
        return absent;
    }

    /// <summary>A share in percent, or null when absent.</summary>
    public double? Percent(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value is >= 0 and <= 100)
        {
            return value;
        }

        Fault(name, "Must be a number from 0 to 100.");
        return null;
    }

    /// <summary>One of a list of codes.</summary>
    /// <param name="name">Of the parameter.</param>
    /// <param name="codes">What it may be.</param>
    /// <param name="find">What a code means; null where it is none.</param>
    /// <param name="required">True: it has to be there.</param>
    public T? Code<T>(string name, IEnumerable<string> codes, Func<string, T?> find, bool required = false)
        where T : struct
    {
        var text = Text(name);
        var found = text is null ? null : find(text);
        if (found is null && (text is not null || required))
        {
            Fault(name, $"{(text is null ? "Is missing: must" : "Must")} be one of {string.Join(", ", codes)}.");
        }

        return found;
    }

    /// <summary>A text that has to be there.</summary>
    public string Required(string name, int maxLength, string meaning)
    {
        var text = Text(name)?.Trim();
        if (string.IsNullOrEmpty(text) || text.Length > maxLength)
        {
            Fault(name, $"Must be there, with at most {maxLength} characters: {meaning}.");
        }

        return text ?? "";
    }

    /// <summary>A parameter that may be there several times.</summary>
    public IReadOnlyList<string> Texts(string name, int most)
    {
        var values = query[name].Where(v => !string.IsNullOrEmpty(v)).Select(v => v!).ToList();
        if (values.Count > most || values.Exists(v => v.Length > MaxText || v.Any(char.IsControl)))
        {
            Fault(name, $"May be there {most} times, each with at most {MaxText} characters and no control characters.");
        }

        return values;
    }

    /// <summary>One of an enumeration's names, in camel case.</summary>
    public TEnum? Named<TEnum>(string name)
        where TEnum : struct, Enum
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        foreach (var value in Enum.GetValues<TEnum>())
        {
            if (string.Equals(JsonNamingPolicy.CamelCase.ConvertName(value.ToString()), text, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        Fault(name, $"Must be one of {string.Join(", ", NamesOf<TEnum>())}.");
        return null;
    }

    /// <summary>An instant in ISO 8601; without an offset it is UTC.</summary>
    public DateTimeOffset? Instant(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var value))
        {
            return value;
        }

        Fault(name, "Must be an instant in ISO 8601, for example 2026-03-01T12:00:00Z.");
        return null;
    }

    /// <summary>An enumeration's names as the API writes them.</summary>
    public static IEnumerable<string> NamesOf<TEnum>()
        where TEnum : struct, Enum => Enum.GetNames<TEnum>().Select(JsonNamingPolicy.CamelCase.ConvertName);

    private void Fault(string name, string sentence) => _faults[name] = [sentence];
}
