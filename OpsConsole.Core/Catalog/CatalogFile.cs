namespace OpsConsole.Core.Catalog;

/// <summary>One file of the catalogue as it stands: everything about one service.</summary>
/// <param name="Name">Its name without a folder, for example <c>shop.yaml</c>.</param>
/// <param name="Text">What is in it.</param>
public sealed record CatalogFile(string Name, string Text)
{
    /// <summary>How the names of the files end.</summary>
    public const string Ending = ".yaml";

    /// <summary>What the file of a service is called.</summary>
    public static string NameOf(string service) => service + Ending;

    /// <summary>True for a name that is the one of a service's file, or was meant as that: in capital letters, or with another ending.</summary>
    public static bool IsMeantFor(string file, string service) => Path.GetFileNameWithoutExtension(file).Equals(service, StringComparison.OrdinalIgnoreCase);
}

/// <summary>One thing that is wrong with a file, at its place.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Line">From 1; 0 where it is about the file as a whole.</param>
/// <param name="Column">From 1; 0 likewise.</param>
/// <param name="Message">What is wrong and what is right, in a sentence.</param>
/// <param name="Suggestion">What to write instead, in a sentence, where there is a likely one.</param>
public sealed record CatalogFault(string File, int Line, int Column, string Message, string? Suggestion = null)
{
    /// <summary>Everything in one line: "shop.yaml, line 3, column 5: … Did you mean …?"</summary>
    public string Sentence => $"{File}{(Line > 0 ? $", line {Line}, column {Column}" : "")}: {Message}{(Suggestion is null ? "" : " " + Suggestion)}";
}

/// <summary>What reading one file came to.</summary>
/// <param name="File">The file.</param>
/// <param name="Service">What it says; null where it has faults.</param>
/// <param name="Faults">What is wrong with it as a text, in order.</param>
/// <param name="Places">Where everything stands in it.</param>
public sealed record CatalogReading(CatalogFile File, CatalogService? Service, IReadOnlyList<CatalogFault> Faults, CatalogPlaces Places);
