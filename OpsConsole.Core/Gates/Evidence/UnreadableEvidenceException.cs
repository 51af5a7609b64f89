namespace OpsConsole.Core.Gates.Evidence;

/// <summary>A document that cannot be taken as evidence. The message is a sentence for people.</summary>
public sealed class UnreadableEvidenceException(string sentence, long? line = null, long? column = null) : Exception(sentence)
{
    /// <summary>Where in the document, from 1; null where that is not known.</summary>
    public long? Line { get; } = line;

    /// <summary>Where in the line, from 1; null where that is not known.</summary>
    public long? Column { get; } = column;
}
