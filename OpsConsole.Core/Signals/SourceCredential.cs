using System.Text;

namespace OpsConsole.Core.Signals;

/// <summary>By what the console is let in at a source. It shows nowhere, however it is printed.</summary>
public sealed class SourceCredential
{
    private SourceCredential(string scheme, string value) => (Scheme, Value) = (scheme, value);

    /// <summary>Scheme of the header <c>Authorization</c>.</summary>
    public string Scheme { get; }

    /// <summary>What follows after the scheme.</summary>
    public string Value { get; }

    /// <summary>A bearer token (RFC 6750).</summary>
    public static SourceCredential Bearer(string token) => new("Bearer", token);

    /// <summary>A user with a password (RFC 7617).</summary>
    public static SourceCredential Basic(string user, string password) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));

    public override string ToString() => $"{Scheme} (secret)";
}
