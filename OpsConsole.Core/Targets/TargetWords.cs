using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Core.Targets;

/// <summary>What a target says, made fit to be shown.</summary>
internal static class TargetWords
{
    private const int MaxSentence = 300;

    /// <summary>The words in one line of at most 300 characters, without secrets.</summary>
    public static string Plain(string words, IEnumerable<string> secrets)
    {
        var plain = PlainText.Of(words).ReplaceLineEndings(" ").Trim();
        foreach (var secret in secrets)
        {
            plain = plain.Replace(secret, "(secret)", StringComparison.Ordinal);
        }

        return plain.Length <= MaxSentence ? plain : plain[..MaxSentence] + "…";
    }
}
