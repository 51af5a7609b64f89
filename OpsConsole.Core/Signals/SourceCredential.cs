using System.Net.Http.Headers;
using System.Text;

namespace OpsConsole.Core.Signals;

/// <summary>By what the console is let in at a source. It shows nowhere, however it is printed.</summary>
public sealed class SourceCredential
{
    /// <summary>Why a text is no token or password, as the end of a sentence that does not have it; null where it may be one.</summary>
    public static string? Fault(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return string.IsNullOrWhiteSpace(text) ? "is empty" : text.Any(char.IsControl) ? "has a line break or another control character in it" : null;
    }

    /// <summary>The same of the name of a user, which ends at the first colon (RFC 7617).</summary>
    public static string? UserFault(string text) => Fault(text) ?? (text.Contains(':', StringComparison.Ordinal) ? "has a colon in it" : null);

    private SourceCredential(string scheme, string value) => (Scheme, Value) = (scheme, value);

    /// <summary>Scheme of the header <c>Authorization</c>.</summary>
    public string Scheme { get; }

    /// <summary>What follows after the scheme.</summary>
    public string Value { get; }

    /// <summary>The header <c>Authorization</c>.</summary>
    public AuthenticationHeaderValue Header => new(Scheme, Value);

    /// <summary>A bearer token (RFC 6750).</summary>
    public static SourceCredential Bearer(string token) => new("Bearer", token);

    /// <summary>A user with a password (RFC 7617).</summary>
    public static SourceCredential Basic(string user, string password) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));

    public override string ToString() => $"{Scheme} (secret)";
}
