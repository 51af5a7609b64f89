namespace OpsConsole.Core.Policies;

/// <summary>The policy of a release as it stood when the release was registered, kept with it for ever.</summary>
/// <param name="Name">Name in the library, or null for text that came with the release.</param>
/// <param name="Version">Version in the library, or null likewise.</param>
/// <param name="Digest">SHA-256 of the text, lower-case hex.</param>
/// <param name="Text">As written.</param>
public sealed record PolicySnapshot(string? Name, int? Version, string Digest, string Text)
{
    /// <summary>In words: "web-canary, version 3" or "its own policy".</summary>
    public string Title => Name is null ? "its own policy" : $"{Name}, version {Version}";
}

/// <summary>One version of a policy in the library. Never changed: a new text is a new version.</summary>
public sealed class PolicyVersion
{
    public required string Name { get; init; }

    /// <summary>1, 2, 3 …</summary>
    public required int Version { get; init; }

    public required string Text { get; init; }

    /// <summary>SHA-256 of the text, lower-case hex.</summary>
    public required string Digest { get; init; }

    public required string CreatedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What changed, in the words of who saved it.</summary>
    public string? Note { get; init; }
}

/// <summary>Turns policy text into its model. Parsed once for each text and kept.</summary>
public interface IPolicyReader
{
    /// <summary>The model of a text that was accepted before.</summary>
    /// <exception cref="FormatException">The text has faults; a text that was accepted has none.</exception>
    ReleasePolicy Read(PolicySnapshot snapshot);
}
