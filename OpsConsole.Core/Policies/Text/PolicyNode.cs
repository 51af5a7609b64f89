namespace OpsConsole.Core.Policies.Text;

/// <summary>A piece of the text with its place, both from 1.</summary>
internal abstract record PolicyNode(int Line, int Column)
{
    /// <summary>The column of a character of the node, as far as it can be told.</summary>
    public virtual int ColumnAt(int offset) => Column;
}

/// <summary>A single value, as text.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Text">Without quotes.</param>
/// <param name="Quoted">True when it was written in quotes or as a block.</param>
/// <param name="Shift">Characters before the text proper (a quote); null when columns inside it cannot be told.</param>
internal sealed record ScalarNode(int Line, int Column, string Text, bool Quoted, int? Shift) : PolicyNode(Line, Column)
{
    /// <summary>True for nothing, <c>~</c> and <c>null</c>.</summary>
    public bool IsEmpty => !Quoted && Text is "" or "~" or "null" or "Null" or "NULL";

    public override int ColumnAt(int offset) => Shift is { } shift && offset > 0 ? Column + shift + offset : Column;
}

internal sealed record ListNode(int Line, int Column, IReadOnlyList<PolicyNode> Items) : PolicyNode(Line, Column);

internal sealed record MapNode(int Line, int Column, IReadOnlyList<(ScalarNode Key, PolicyNode Value)> Entries) : PolicyNode(Line, Column)
{
    public (ScalarNode Key, PolicyNode Value)? Find(string key)
    {
        foreach (var entry in Entries)
        {
            if (entry.Key.Text == key)
            {
                return entry;
            }
        }

        return null;
    }
}
