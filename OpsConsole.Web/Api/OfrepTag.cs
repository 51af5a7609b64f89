using System.Security.Cryptography;
using Microsoft.Extensions.Primitives;

namespace OpsConsole.Web.Api;

/// <summary>The entity tag of a bulk answer: <c>"answer.client"</c>. The first part is the same for the same answers; the second is the client's id, made here and brought back with each question, and counts for nothing when tags are compared.</summary>
internal static class OfrepTag
{
    /// <summary>Length of a client's id: 64 bits in lower-case hex.</summary>
    public const int ClientLength = 16;

    private const int MostTags = 16;

    /// <summary>A client's first id.</summary>
    public static string NewClient() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(ClientLength / 2));

    /// <summary>As a header has it, with quotes.</summary>
    public static string Write(string answer, string client) => $"\"{answer}.{client}\"";

    /// <summary>The answers that a client has, and its id where it brings one. Tags are taken without quotes and marks of weakness, as clients and proxies send them in several forms.</summary>
    public static (bool Has, string? Client) Read(StringValues ifNoneMatch, string answer)
    {
        var has = false;
        string? client = null;
        foreach (var line in ifNoneMatch)
        {
            foreach (var range in (line ?? "").Split(',', MostTags, StringSplitOptions.TrimEntries))
            {
                var one = range.StartsWith("W/", StringComparison.Ordinal) ? range[2..] : range;
                var (tag, id) = Parts(one.Trim('"'));
                has |= tag == "*" || tag == answer;
                client ??= id;
            }
        }

        return (has, client);
    }

    /// <summary>The client's id in a single tag, such as a stream's event has it, or null.</summary>
    public static string? ClientOf(string? tag) => tag is null or { Length: > 128 } ? null : Parts(tag.Trim('"')).Client;

    /// <summary>What follows the id was put there by a proxy that compressed the answer.</summary>
    private static (string Tag, string? Client) Parts(string text)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        return dot < 0
            ? (text, null)
            : (text[..dot], text.Length > dot + ClientLength && IsId(text.AsSpan(dot + 1, ClientLength)) ? text.Substring(dot + 1, ClientLength) : null);
    }

    private static bool IsId(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiHexDigitLower(c))
            {
                return false;
            }
        }

        return true;
    }
}
