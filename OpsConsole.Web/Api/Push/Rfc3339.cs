using System.Globalization;

namespace OpsConsole.Web.Api.Push;

/// <summary>Times as RFC 3339 writes them. Unlike ISO 8601 at large it always has an offset, so that a time is one instant.</summary>
internal static class Rfc3339
{
    private static readonly string[] Forms = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mm:ssK"];

    public static bool TryParse(string text, out DateTimeOffset at)
    {
        at = default;
        if (text.Length is < 20 or > 40)
        {
            return false;
        }

        // 'T' and 'Z' may be small, and a blank may stand for 'T'.
        var upper = text.ToUpperInvariant();
        if (upper[10] == ' ')
        {
            upper = string.Concat(upper.AsSpan(0, 10), "T", upper.AsSpan(11));
        }

        return (upper[^1] == 'Z' || upper[^6] is '+' or '-')
            && DateTimeOffset.TryParseExact(Cut(upper), Forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out at);
    }

    /// <summary>Fractions beyond 100 ns are cut off: some clocks write nanoseconds.</summary>
    private static string Cut(string text)
    {
        var end = text[^1] == 'Z' ? text.Length - 1 : text.Length - 6;
        return text[19] == '.' && end > 27 && text.AsSpan(20, end - 20).IndexOfAnyExceptInRange('0', '9') < 0 ? string.Concat(text.AsSpan(0, 27), text.AsSpan(end)) : text;
    }
}
