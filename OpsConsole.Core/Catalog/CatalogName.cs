using System.Text.RegularExpressions;

namespace OpsConsole.Core.Catalog;

/// <summary>The form that names of services, targets, environments, switches and owners take.</summary>
public static partial class CatalogName
{
    /// <summary>Longest name accepted, in characters.</summary>
    public const int MaxLength = 64;

    /// <summary>What a caller is told when a name is refused.</summary>
    public const string Form = "1 to 64 characters: lower-case letters, digits, '-', '_' or '.', beginning with a letter or digit";

    /// <summary>True when <paramref name="name"/> has the form described by <see cref="Form"/>.</summary>
    public static bool IsValid(string? name) => name is not null && Pattern().IsMatch(name);

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9._-]{0,63}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Pattern();
}
