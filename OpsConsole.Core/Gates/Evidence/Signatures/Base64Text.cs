using System.Buffers.Text;

namespace OpsConsole.Core.Gates.Evidence.Signatures;

/// <summary>Base64 as signers write it: plain or for addresses, with or without line breaks.</summary>
internal static class Base64Text
{
    /// <summary>The bytes.</summary>
    /// <exception cref="UnreadableEvidenceException">It is not base64.</exception>
    public static byte[] Decode(string text, string what)
    {
        try
        {
            return text.AsSpan().IndexOfAny('-', '_') >= 0 ? Base64Url.DecodeFromChars(text.Trim()) : Convert.FromBase64String(text);
        }
        catch (FormatException)
        {
            throw new UnreadableEvidenceException($"The {what} is not base64.");
        }
    }
}
