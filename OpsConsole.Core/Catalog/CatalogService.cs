namespace OpsConsole.Core.Catalog;

/// <summary>Who answers for a service.</summary>
/// <param name="Team">Of the form of <see cref="CatalogName"/>, as releases name their owner.</param>
/// <param name="Contact">How the team is reached, at most 200 characters; null where the file does not say.</param>
public sealed record CatalogOwner(string Team, string? Contact);

/// <summary>A target that a service is released to.</summary>
/// <param name="Name">As releases name it.</param>
/// <param name="Environments">Where it is used.</param>
/// <param name="Kind">How it is connected; null where another file or the configuration says that.</param>
public sealed record CatalogTarget(string Name, IReadOnlyList<string> Environments, string? Kind);

/// <summary>A source of signals of a service.</summary>
/// <param name="Key">Its name, unique in the catalogue.</param>
/// <param name="Kind">What it is read as; null where the file leaves it at the default.</param>
/// <param name="Target">Of which target its signals are.</param>
/// <param name="Environment">Of which environment.</param>
public sealed record CatalogSource(string Key, string? Kind, string Target, string Environment);

/// <summary>One value that a file gives to a target or a source.</summary>
/// <param name="Path">Where it stands, with colons: <c>targets:gateway:environments:production:ApiToken</c>.</param>
/// <param name="Text">The value, or the name of the secret that has it.</param>
/// <param name="IsSecret">True where a secret is named: its value stands in no file.</param>
public sealed record CatalogValue(string Path, string Text, bool IsSecret)
{
    /// <summary>The value as it may be shown.</summary>
    public string Shown => IsWithheld ? "(not shown)" : IsSecret ? $"the secret {Text}" : $"'{Short(OneLine(Text))}'";

    /// <summary>True for what may be a secret in a place where none may stand.</summary>
    public bool IsWithheld { get; init; }

    /// <summary>A text on one line.</summary>
    internal static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private static string Short(string text) => text.Length <= 200 ? text : text[..197] + "...";
}

/// <summary>What a file says of its service.</summary>
public sealed record CatalogService
{
    /// <summary>Of the form of <see cref="CatalogName"/>.</summary>
    public required string Name { get; init; }

    public required CatalogOwner Owner { get; init; }

    /// <summary>Where it runs, in the order of the file.</summary>
    public required IReadOnlyList<string> Environments { get; init; }

    /// <summary>Names of the policies that its releases go by.</summary>
    public IReadOnlyList<string> Policies { get; init; } = [];

    /// <summary>Which of them is for which environment; empty where the file does not tell them apart.</summary>
    public IReadOnlyDictionary<string, string> PolicyOf { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<CatalogTarget> Targets { get; init; } = [];

    public IReadOnlyList<CatalogSource> Sources { get; init; } = [];

    /// <summary>Everything that is said of targets that are connected here, and of sources.</summary>
    public IReadOnlyList<CatalogValue> Values { get; init; } = [];

    /// <summary>The policy that a release goes by in an environment unless it names one: the environment's own, or the first; null where there is none.</summary>
    public string? PolicyIn(string environment) =>
        !Environments.Contains(environment) ? null
        : PolicyOf.Count > 0 ? PolicyOf.GetValueOrDefault(environment)
        : Policies is [var first, ..] ? first : null;
}
