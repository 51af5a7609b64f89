using System.Reflection;
using Microsoft.Extensions.Options;
using OpsConsole.Core.Policies.Text;
using OpsConsole.Web.Operations;

namespace OpsConsole.Web.Startup;

/// <summary>Finds settings below <c>OpsConsole</c>, <c>Flags</c>, <c>History</c> and <c>Database</c> that nothing reads: a slip of the pen would otherwise leave something at its default without a word.</summary>
/// <remarks>A section is known by the class that it is read into: one with a constant <c>Section</c>. Sections with entries of free names are read by code of their own, which names what it does not know.</remarks>
internal sealed class SettingsCheck(IConfiguration configuration, WrongTypes wrong) : IValidateOptions<ConsoleOptions>
{
    private static readonly string[] Database = ["Provider", "PostgresFolder", "Migrate"];

    /// <summary>Every class that a section is read into, by the section's path.</summary>
    internal static IReadOnlyDictionary<string, Type> Sections { get; } = typeof(SettingsCheck).Assembly.GetTypes()
        .Select(type => (Type: type, Section: type.GetField("Section", BindingFlags.Public | BindingFlags.Static) is { IsLiteral: true } field ? field.GetRawConstantValue() as string : null))
        .Where(t => t.Section is not null)
        .ToDictionary(t => t.Section!, t => t.Type, StringComparer.OrdinalIgnoreCase);

    /// <summary>The properties of a class that the binder sets.</summary>
    internal static IEnumerable<PropertyInfo> Bound(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(p => p.SetMethod is { IsPublic: true } || (p.SetMethod is null && IsCollection(p.PropertyType)));

    /// <summary>True for a class of settings of its own, below another.</summary>
    internal static bool IsNested(Type type) => type.IsClass && type != typeof(string) && !IsCollection(type) && type.Assembly == typeof(SettingsCheck).Assembly;

    public ValidateOptionsResult Validate(string? name, ConsoleOptions options)
    {
        List<string> faults =
        [
            .. Sections.Where(s => IsPlain(s.Value)).SelectMany(s => Unknown(configuration.GetSection(s.Key), s.Value)),
            .. Sections.Where(s => Entry(s.Value) is not null).SelectMany(s => configuration.GetSection(s.Key).GetChildren().SelectMany(entry => Unknown(entry, Entry(s.Value)!))),
            .. Unknown(configuration.GetSection("Database"), Database),
            .. wrong.Faults,
            .. StorageSettings.Faults(configuration),
            .. TelemetrySettings.Faults(configuration),
        ];
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    /// <summary>True for a section whose entries have free names: its class notes its own faults, or holds the entries by name.</summary>
    internal static bool HasFreeNames(Type type) => type.GetProperty("Faults") is not null || Entry(type) is not null;

    /// <summary>What an entry is read into, where a class holds nothing but entries by name.</summary>
    internal static Type? Entry(Type type) => Bound(type).ToList() is [{ PropertyType: { IsGenericType: true } held }] && held.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>) ? held.GenericTypeArguments[1] : null;

    /// <summary>What has free names is read apart, and so is the sign-in.</summary>
    private static bool IsPlain(Type type) => !HasFreeNames(type) && type != typeof(Identity.SignInOptions);

    private static IEnumerable<string> Unknown(IConfigurationSection section, Type type)
    {
        var below = Sections.Keys.Where(k => k.StartsWith(section.Path + ":", StringComparison.OrdinalIgnoreCase)).Select(k => k[(section.Path.Length + 1)..].Split(':')[0]);
        string[] known = [.. Bound(type).Select(p => p.Name).Concat(below).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal)];
        return Unknown(section, known).Concat(Bound(type).Where(p => IsNested(p.PropertyType) && !Sections.ContainsKey($"{section.Path}:{p.Name}"))
            .SelectMany(p => Unknown(section.GetSection(p.Name), p.PropertyType)));
    }

    private static IEnumerable<string> Unknown(IConfigurationSection section, string[] known) => section.GetChildren()
        .Where(c => !known.Contains(c.Key, StringComparer.OrdinalIgnoreCase))
        .Select(c => $"{c.Path} is not a setting. {Spelling.Suggest(c.Key, known) ?? $"Known are {string.Join(", ", known)}."}");

    internal static bool IsCollection(Type type) => type != typeof(string) && typeof(System.Collections.IEnumerable).IsAssignableFrom(type);
}
