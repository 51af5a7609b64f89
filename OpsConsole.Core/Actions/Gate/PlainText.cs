using System.Globalization;
using System.Text;

namespace OpsConsole.Core.Actions.Gate;

/// <summary>What people typed, without what nobody can see.</summary>
public static class PlainText
{
    /// <summary>The characters that show nothing though Unicode counts them among letters and marks.</summary>
    private static readonly Rune[] Blank = [new(0x034F), new(0x115F), new(0x1160), new(0x3164), new(0xFFA0)];

    /// <summary>The text with line breaks and tabs as spaces, and without control characters, zero-width characters and halves of characters. Never null.</summary>
    public static string Of(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        var kept = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is '\n' or '\r' or '\t' or 0x2028 or 0x2029)
            {
                kept.Append(' ');
            }
            else if (IsSeen(rune))
            {
                kept.Append(rune);
            }
        }

        return kept.ToString();
    }

    /// <summary>Half a character is read as the replacement character.</summary>
    private static bool IsSeen(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format) && rune != Rune.ReplacementChar && !Blank.Contains(rune);
}
