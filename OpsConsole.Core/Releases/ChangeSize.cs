namespace OpsConsole.Core.Releases;

/// <summary>How much a change risks by its size alone.</summary>
public enum ChangeRisk
{
    /// <summary>At most <see cref="ChangeSize.SmallLines"/> lines.</summary>
    Small,

    /// <summary>At most <see cref="ChangeSize.MediumLines"/> lines.</summary>
    Medium,

    Large,
}

/// <summary>How many lines a change touches, and what that says of its risk.</summary>
/// <param name="Lines">Lines added and removed together.</param>
/// <param name="Files">Files touched, or null where they are not listed.</param>
/// <param name="Risk">The word for it.</param>
public sealed record ChangeSize(long Lines, int? Files, ChangeRisk Risk)
{
    /// <summary>Teams that release often change 50 to 300 lines at a time.</summary>
    public const long SmallLines = 300;

    public const long MediumLines = 1_000;

    /// <summary>For people: "412 lines in 9 files: a medium change".</summary>
    public string Sentence => FormattableString.Invariant($"{Lines:N0} {(Lines == 1 ? "line" : "lines")}{Where}: a {Word} change");

    private string Where => Files is { } files ? FormattableString.Invariant($" in {files:N0} {(files == 1 ? "file" : "files")}") : "";

    private string Word => Risk switch
    {
        ChangeRisk.Small => "small",
        ChangeRisk.Medium => "medium",
        _ => "large",
    };

    /// <summary>The size of a change of code: by its totals, or by what the listed files come to where that is more.</summary>
    public static ChangeSize Of(CodeChange code)
    {
        ArgumentNullException.ThrowIfNull(code);
        var lines = Math.Max(code.LinesAdded ?? 0, ListedAdded(code)) + Math.Max(code.LinesRemoved ?? 0, ListedRemoved(code));
        return new ChangeSize(lines, code.Files?.Count, lines <= SmallLines ? ChangeRisk.Small : lines <= MediumLines ? ChangeRisk.Medium : ChangeRisk.Large);
    }

    /// <summary>Lines added in the listed files.</summary>
    internal static long ListedAdded(CodeChange code) => Listed(code, f => f.LinesAdded);

    /// <summary>Lines removed in the listed files.</summary>
    internal static long ListedRemoved(CodeChange code) => Listed(code, f => f.LinesRemoved);

    /// <summary>Numbers that are no numbers of lines have faults of their own, and none outweighs another here.</summary>
    private static long Listed(CodeChange code, Func<FileChange, long> lines) =>
        code.Files?.OfType<FileChange>().Take(ChangeSetRules.MaxEntries).Sum(f => Math.Clamp(lines(f), 0, ChangeSetRules.MaxLines)) ?? 0;
}
