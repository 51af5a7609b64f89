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
