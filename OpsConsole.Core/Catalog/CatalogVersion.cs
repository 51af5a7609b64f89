namespace OpsConsole.Core.Catalog;

/// <summary>One state of the catalogue that was applied. Never changed: what is applied next is a new version.</summary>
public sealed class CatalogVersion
{
    /// <summary>1, 2, 3 …</summary>
    public required int Number { get; init; }

    /// <summary>Every file as it stood, in the order of their names. No file has a secret in it.</summary>
    public required IReadOnlyList<CatalogFile> Files { get; init; }

    /// <summary>SHA-256 of the files, lower-case hex.</summary>
    public required string Digest { get; init; }

    /// <summary>Name of the person, or "console" where the console applied it by itself.</summary>
    public required string AppliedBy { get; init; }

    public required DateTimeOffset AppliedAt { get; init; }

    /// <summary>What it changed, a line for each thing, at most 4,000 characters.</summary>
    public required string Summary { get; init; }
}

/// <summary>A version without its files.</summary>
public sealed record CatalogHead(int Number, string Digest, string AppliedBy, DateTimeOffset AppliedAt, string Summary);
