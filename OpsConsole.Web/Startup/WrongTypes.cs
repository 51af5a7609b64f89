using System.ComponentModel;

namespace OpsConsole.Web.Startup;

/// <summary>Settings whose values are of a wrong type, one sentence each.</summary>
internal sealed record WrongTypes(IReadOnlyList<string> Faults)
{
    /// <summary>Finds them, and puts what holds without a setting in their place: the console goes on to find everything else that is wrong, tells all of it, and does not start.</summary>
    public static WrongTypes TakeOut(ConfigurationManager configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var found = SettingsCheck.Sections.SelectMany(s => Of(configuration.GetSection(s.Key), s.Value)).DistinctBy(f => f.Path, StringComparer.OrdinalIgnoreCase).ToList();
        if (found.Count > 0)
        {
            configuration.AddInMemoryCollection(found.Select(f => KeyValuePair.Create(f.Path, (string?)f.Otherwise)));
        }

        return new([.. found.Select(f => f.Sentence)]);
    }

    private static IEnumerable<Fault> Of(IConfigurationSection section, Type type)
    {
        if (SettingsCheck.Entry(type) is { } entry)
        {
            return section.GetChildren().SelectMany(e => Of(e, entry));
        }

        // What has free names is read by code of its own, which names what it cannot read.
        if (SettingsCheck.HasFreeNames(type))
        {
            return [];
        }

        var plain = Activator.CreateInstance(type);
        return SettingsCheck.Bound(type).SelectMany(property =>
            SettingsCheck.IsNested(property.PropertyType) ? Of(section.GetSection(property.Name), property.PropertyType)
            : section[property.Name] is { } text && !Fits(text, property.PropertyType) ? [new Fault($"{section.Path}:{property.Name}", text, property.PropertyType, property.GetValue(plain))]
            : Enumerable.Empty<Fault>());
    }

    /// <summary>As the framework reads it into the class.</summary>
    private static bool Fits(string text, Type type)
    {
        if (type == typeof(string) || SettingsCheck.IsCollection(type) || (text.Length == 0 && Nullable.GetUnderlyingType(type) is not null))
        {
            return true;
        }

        try
        {
            TypeDescriptor.GetConverter(type).ConvertFromInvariantString(text);
            return true;
        }
        catch (Exception e) when (e is FormatException or ArgumentException or NotSupportedException or OverflowException || e.InnerException is FormatException or OverflowException)
        {
            return false;
        }
    }

    private sealed record Fault(string Path, string Text, Type Type, object? Default)
    {
        public string Otherwise { get; } = TypeDescriptor.GetConverter(Type).ConvertToInvariantString(Default) ?? "";

        public string Sentence => $"{Path} is '{Text}', and must be {Kind(Nullable.GetUnderlyingType(Type) ?? Type)}.";

        private static string Kind(Type type) =>
            type == typeof(bool) ? "true or false"
            : type == typeof(TimeSpan) ? "a time such as 00:00:30"
            : type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type))}"
            : type == typeof(double) ? "a number"
            : "a whole number";
    }
}
