using System.Globalization;
using OpsConsole.Core.Policies.Text;

namespace OpsConsole.Web.Jobs;

/// <summary>A part of the configuration that is read whole, noting every fault with its place instead of stopping at the first.</summary>
internal abstract class FaultySection(List<string> noted)
{
    /// <summary>Every fault so far.</summary>
    protected List<string> Noted { get; } = noted;

    protected void RefuseUnknown(IConfigurationSection entry, string[] known)
    {
        foreach (var child in entry.GetChildren().Where(child => !known.Contains(child.Key, StringComparer.OrdinalIgnoreCase)))
        {
            var near = Spelling.Suggest(child.Key, known);
            Noted.Add($"{child.Path} is not a setting; known are {string.Join(", ", known)}.{(near is null ? "" : " " + near)}");
        }
    }

    protected string Required(IConfigurationSection entry, string key)
    {
        if (string.IsNullOrWhiteSpace(entry[key]))
        {
            Fault(entry, key, "is missing");
        }

        return entry[key] ?? "";
    }

    protected double? Number(IConfigurationSection entry, string key)
    {
        if (entry[key] is not { } text)
        {
            return null;
        }

        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            Fault(entry, key, "is not a number");
        }

        return number;
    }

    protected TimeSpan Duration(IConfigurationSection entry, string key, TimeSpan otherwise)
    {
        if (entry[key] is not { } text)
        {
            return otherwise;
        }

        if (!DurationText.TryParse(text, out var duration))
        {
            Fault(entry, key, "is not a time such as 500ms, 5s, 2m or 00:00:05");
        }

        return duration;
    }

    protected void Fault(IConfigurationSection entry, string key, string what) => Noted.Add($"{entry.Path}:{key} {what}.");
}
