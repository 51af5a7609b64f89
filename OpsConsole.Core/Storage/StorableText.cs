using System.Text;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace OpsConsole.Core.Storage;

/// <summary>The last defence before a row is written: no text, wherever it came from, may keep an action or a refusal off the record.</summary>
internal static class StorableText
{
    /// <summary>The text without NUL, which PostgreSQL does not store, and with a replacement character for each unpaired surrogate, which has no UTF-8.</summary>
    public static string Of(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace("\0", "", StringComparison.Ordinal);

    /// <summary>Makes every text of a row storable.</summary>
    public static void In(EntityEntry row)
    {
        foreach (var property in row.Properties)
        {
            if (property.CurrentValue is string text && !property.Metadata.IsKey() && (text.Contains('\0') || text.Any(char.IsSurrogate)))
            {
                property.CurrentValue = Of(text);
            }
        }
    }
}
