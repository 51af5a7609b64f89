namespace OpsConsole.Core.Sources.Otlp;

/// <summary>A body that cannot be taken as metrics at all. The message is a sentence, and repeats nothing of the body.</summary>
/// <param name="sentence">What is wrong.</param>
/// <param name="isTooMuch">True when it is sound as far as it was read, and more than is taken at once.</param>
public sealed class OtlpException(string sentence, bool isTooMuch = false) : Exception(sentence)
{
    /// <summary>True when it is sound as far as it was read, and more than is taken at once: to be sent in parts.</summary>
    public bool IsTooMuch { get; } = isTooMuch;
}
