namespace OpsConsole.Core.Targets;

/// <summary>The line that the console leaves with what it asked for, where a target keeps one: by it the action is known again.</summary>
/// <param name="Action">The console's action.</param>
/// <param name="More">What else is to be known again; empty: nothing.</param>
internal sealed record ActionNote(Guid Action, string More = "")
{
    private const string Mark = "OpsConsole ";

    /// <summary>Reads what <see cref="ToString"/> wrote; null where somebody else wrote the line, or there is none.</summary>
    public static ActionNote? Read(string? line) =>
        line?.StartsWith(Mark, StringComparison.Ordinal) == true && line[Mark.Length..].Split(' ', 2) is [var action, .. var more] && Guid.TryParse(action, out var id)
            ? new ActionNote(id, string.Concat(more))
            : null;

    public override string ToString() => $"{Mark}{Action:D}{(More.Length == 0 ? "" : " " + More)}";
}
