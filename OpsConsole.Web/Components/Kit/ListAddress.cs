using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;

namespace OpsConsole.Web.Components.Kit;

/// <summary>Filters and page of a long list, as they stand in the address.</summary>
public sealed class ListAddress
{
    /// <summary>Rows on a page.</summary>
    public const int PageSize = 50;

    private readonly string _path;
    private readonly Dictionary<string, string> _values;

    private ListAddress(string path, Dictionary<string, string> values)
    {
        _path = path;
        _values = values;
    }

    /// <summary>Reads an address; of a repeated name the first value counts.</summary>
    public static ListAddress From(string uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        var parsed = new Uri(uri);
        var values = QueryHelpers.ParseQuery(parsed.Query).Where(p => p.Value[0] is { Length: > 0 }).ToDictionary(p => p.Key, p => Clean(p.Value[0]!));
        return new ListAddress(parsed.AbsolutePath, values);
    }

    /// <summary>Page shown, from 1.</summary>
    public int Page => _values.TryGetValue("page", out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var page) && page is > 0 and < 10_000_000 ? page : 1;

    /// <summary>Rows before this page.</summary>
    public int Skip => (Page - 1) * PageSize;

    /// <summary>True when a filter is set.</summary>
    public bool IsNarrow => _values.Keys.Any(k => k != "page");

    /// <summary>Value of a filter, or null.</summary>
    public string? this[string name] => _values.GetValueOrDefault(name);

    /// <summary>A filter that is one of an enumeration, by its name in camel case; null where it is not one.</summary>
    public T? Read<T>(string name)
        where T : struct, Enum =>
        this[name] is { } text && Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) && !char.IsAsciiDigit(text[0]) ? value : null;

    /// <summary>A filter that is a day (UTC), or null.</summary>
    public DateTimeOffset? Day(string name) =>
        DateOnly.TryParseExact(this[name], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day < DateOnly.MaxValue
            ? new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero)
            : null;

    /// <summary>The address of another page of the same list.</summary>
    public string AtPage(int page) => Write(page > 1 ? [.. _values.Where(v => v.Key != "page"), new("page", page.ToString(CultureInfo.InvariantCulture))] : _values.Where(v => v.Key != "page"));

    /// <summary>The address of a file with all that these filters let through, where the page calls some of them otherwise.</summary>
    public string AsFile(string path, params (string Here, string There)[] names) => QueryHelpers.AddQueryString(path, _values.Where(v => v.Key != "page").Select(v => new KeyValuePair<string, string?>(
        names.FirstOrDefault(n => n.Here == v.Key).There ?? v.Key,
        v.Key == "to" && Day("to") is { } last ? last.AddDays(1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : v.Value)));

    /// <summary>The database takes no control characters, and nothing is named with them.</summary>
    private static string Clean(string value) => new string([.. value.Where(c => !char.IsControl(c))]).Trim();

    private string Write(IEnumerable<KeyValuePair<string, string>> values) =>
        QueryHelpers.AddQueryString(_path, values.Select(v => new KeyValuePair<string, string?>(v.Key, v.Value)));
}
