using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Startup;

namespace OpsConsole.Tests.Web.Startup;

/// <summary>docs/operations/configuration.md says what the classes say that the settings are read into.</summary>
public sealed partial class ConfigurationReferenceTests
{
    private const string Begin = "<!-- settings:begin -->\n", End = "<!-- settings:end -->";

    private static readonly string Page = Path.Combine(Repository.Root, "docs", "operations", "configuration.md");

    [Fact]
    public void The_page_is_what_the_classes_say()
    {
        var text = File.ReadAllText(Page).ReplaceLineEndings("\n");
        var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, text.IndexOf(End, StringComparison.Ordinal));
        var rendered = Rendered();

        Assert.True(text[begin..end] == rendered, $"Put this between the marks of {Page}:\n{rendered}");
    }

    [Fact]
    public void Every_setting_has_a_meaning() => Assert.DoesNotContain("| |\n", Rendered(), StringComparison.Ordinal);

    private static string Rendered()
    {
        var meanings = XDocument.Load(Path.ChangeExtension(typeof(ConsoleOptions).Assembly.Location, ".xml")).Descendants("member")
            .ToDictionary(m => m.Attribute("name")!.Value, m => Words(m.Element("summary")));
        var page = new StringBuilder();
        foreach (var (section, type) in SettingsCheck.Sections.Where(s => !SettingsCheck.HasFreeNames(s.Value)).OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            page.Append(CultureInfo.InvariantCulture, $"### {section}\n\n| setting | is | without it | secret | meaning |\n|---|---|---|---|---|\n");
            foreach (var row in Rows(section, type, meanings))
            {
                page.Append(row).Append('\n');
            }

            page.Append('\n');
        }

        return page.ToString();
    }

    private static IEnumerable<string> Rows(string path, Type type, Dictionary<string, string> meanings)
    {
        var plain = Activator.CreateInstance(type);
        foreach (var property in SettingsCheck.Bound(type))
        {
            var name = $"{path}:{property.Name}";
            if (SettingsCheck.IsNested(property.PropertyType))
            {
                if (!SettingsCheck.Sections.ContainsKey(name))
                {
                    foreach (var row in Rows(name, property.PropertyType, meanings))
                    {
                        yield return row;
                    }
                }

                continue;
            }

            var meaning = meanings.GetValueOrDefault($"P:{property.DeclaringType!.FullName}.{property.Name}", "");
            yield return $"| `{name}{Below(property)}` | {Kind(property.PropertyType)} | {Default(property.GetValue(plain))} | {(property.PropertyType == typeof(string) && Secret().IsMatch(property.Name) ? "yes" : "no")} | {meaning} |";
        }
    }

    private static string Below(PropertyInfo property) => property.Name == "Environments" ? ":<environment>:<role>:0"
        : typeof(IDictionary).IsAssignableFrom(property.PropertyType) || property.PropertyType.Name.StartsWith("IDictionary", StringComparison.Ordinal) ? ":<name>:0"
        : property.PropertyType != typeof(string) && typeof(IEnumerable).IsAssignableFrom(property.PropertyType) ? ":0" : "";

    private static string Kind(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var t when t == typeof(bool) => "true or false",
        var t when t == typeof(int) || t == typeof(long) || t == typeof(double) => "number",
        var t when t == typeof(TimeSpan) => "time, `hh:mm:ss`",
        var t when t == typeof(string) => "text",
        { IsEnum: true } t => string.Join(", ", Enum.GetNames(t)),
        _ => "list of text",
    };

    private static string Default(object? value) => value switch
    {
        null or "" => "none",
        bool yes => yes ? "`true`" : "`false`",
        string text => $"`{text}`",
        IEnumerable many => many.Cast<object>().Any() ? $"`{string.Join(", ", many.Cast<object>())}`" : "none",
        IFormattable other => $"`{other.ToString(null, CultureInfo.InvariantCulture)}`",
        _ => $"`{value}`",
    };

    private static string Words(XElement? summary) => summary is null ? "" : Space().Replace(string.Concat(summary.Nodes().Select(node => node switch
    {
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement { Name.LocalName: "see" } see => $"`{see.Attribute("cref")!.Value.Split('.')[^1]}`",
        XElement other => other.Value,
        _ => node.ToString(SaveOptions.DisableFormatting).Replace("&lt;", "<", StringComparison.Ordinal).Replace("&gt;", ">", StringComparison.Ordinal).Replace("&amp;", "&", StringComparison.Ordinal),
    })), " ").Trim().Replace("|", "\\|", StringComparison.Ordinal);

    [GeneratedRegex(@"(Secret|Password|Token)$")]
    private static partial Regex Secret();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
