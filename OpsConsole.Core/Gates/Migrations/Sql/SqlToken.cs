namespace OpsConsole.Core.Gates.Migrations.Sql;

internal enum SqlTokenKind
{
    /// <summary>A key word or a name without quotes, in lower case.</summary>
    Word,

    /// <summary>A name in quotes, without them.</summary>
    Quoted,

    /// <summary>A string in any quoting; its text is the content.</summary>
    Text,

    Number,

    /// <summary>One character, or <c>::</c>.</summary>
    Symbol,

    /// <summary>A variable or a placeholder, with its mark.</summary>
    Variable,

    /// <summary>A line that ends a batch: <c>GO</c>.</summary>
    Batch,

    /// <summary>A command to the program that runs the script, such as <c>\i file</c>.</summary>
    Meta,
}

/// <summary>One word, string or sign of a script.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">As the dialect reads it: folded, or without its quotes.</param>
/// <param name="Start">Offset of its first character.</param>
/// <param name="End">Offset after its last character.</param>
/// <param name="FirstOnLine">True when nothing but blanks and remarks is before it on its line.</param>
internal readonly record struct SqlToken(SqlTokenKind Kind, string Text, int Start, int End, bool FirstOnLine)
{
    public bool IsName => Kind is SqlTokenKind.Word or SqlTokenKind.Quoted;

    public bool Is(string word) => Kind == SqlTokenKind.Word && Text == word;

    public bool IsAny(params ReadOnlySpan<string> words) => Kind == SqlTokenKind.Word && words.Contains(Text);

    public bool Is(char symbol) => Kind == SqlTokenKind.Symbol && Text.Length == 1 && Text[0] == symbol;
}

/// <summary>Where a script cannot be read, and why.</summary>
/// <param name="At">Offset in the script.</param>
/// <param name="Sentence">What is wrong there.</param>
/// <param name="ToEnd">True where nothing of what follows could be read.</param>
internal sealed record SqlFault(int At, string Sentence, bool ToEnd = false);
