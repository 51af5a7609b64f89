using System.Security.Cryptography;
using System.Text;
using OpsConsole.Core.Catalog;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Targets.Flags;
using OpsConsole.Web.Targets;

namespace OpsConsole.Web.Catalog;

/// <summary>A target that a file connects.</summary>
/// <param name="Target">As releases name it.</param>
/// <param name="Environment">Where; null for a kind that is the same everywhere.</param>
/// <param name="Mark">Tells it from what it was before, its secrets included; known to this process alone.</param>
/// <param name="Connected">How it is reached; null for the console's own switches.</param>
/// <param name="Flags">The console's own switches; null for every other kind.</param>
internal sealed record CatalogTargetEntry(string Target, string? Environment, string Mark, ConfiguredTarget? Connected, FlagTargetOptions? Flags)
{
    /// <summary>Where it stands, for what is found wrong with it later.</summary>
    public required (string File, int Line, int Column) Place { get; init; }

    /// <summary>What it is, for people.</summary>
    public string Title => Environment is null ? Target : $"{Target} in {Environment}";

    /// <summary>True where both would be the target of some release.</summary>
    public bool Meets(string target, string? environment) => Target == target && (Environment is null || environment is null || Environment == environment);
}

/// <summary>A source that a file says to read.</summary>
/// <param name="Binding">What is read.</param>
/// <param name="Mark">As of a target.</param>
internal sealed record CatalogSourceEntry(SourceBinding Binding, string Mark);

/// <summary>A service whose file is sound, with what follows from it.</summary>
internal sealed record CatalogPart(CatalogService Service, IReadOnlyList<CatalogTargetEntry> Targets, IReadOnlyList<CatalogSourceEntry> Sources);

/// <summary>What a set of files came to.</summary>
/// <param name="Files">The files, by name.</param>
/// <param name="Services">What is said in those that can be read, whether or not their settings are right.</param>
/// <param name="Parts">What can be used.</param>
/// <param name="Faults">Everything that is wrong.</param>
internal sealed record CatalogContent(IReadOnlyList<CatalogFile> Files, IReadOnlyList<CatalogService> Services, IReadOnlyList<CatalogPart> Parts, IReadOnlyList<CatalogFault> Faults)
{
    public static readonly CatalogContent Empty = new([], [], [], []);

    /// <summary>SHA-256 of the files, lower-case hex.</summary>
    public string Digest { get; } = DigestOf(Files);

    /// <summary>SHA-256 over the names and texts of files.</summary>
    public static string DigestOf(IEnumerable<CatalogFile> files) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', files.SelectMany(f => new[] { f.Name, f.Text })))));
}
