using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Core.Remote;

/// <summary>What the other side says, made fit to be shown.</summary>
public static class RemoteWords
{
    private const int MaxSentence = 300;

    /// <summary>The words in one line of at most 300 characters, without secrets.</summary>
    public static string Plain(string words, IEnumerable<string> secrets)
    {
        // A secret of several lines is looked for as the words are by then: in one.
        var plain = PlainText.Of(words).Trim();
        foreach (var secret in secrets.Select(s => PlainText.Of(s).Trim()).Where(s => s.Length > 0))
        {
            plain = plain.Replace(secret, "(secret)", StringComparison.Ordinal);
        }

        return plain.Length <= MaxSentence ? plain : plain[..MaxSentence] + "…";
    }
}
