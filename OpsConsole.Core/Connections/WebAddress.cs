namespace OpsConsole.Core.Connections;

/// <summary>What no address of the web has in it. Addresses are shown, logged and kept, so nobody's user and password stand in one; none of these sentences repeats them.</summary>
public static class WebAddress
{
    /// <summary>Of a link that people follow: why it is refused.</summary>
    public const string LinkSentence = "Has a user or password in it, which everybody who looks would see: take it out. Whoever follows the link signs in over there.";

    /// <summary>True where a user or password stands before the host.</summary>
    public static bool HasCredential(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.UserInfo.Length > 0;
    }

    /// <summary>As the above, of an address as it was written; false for what is none.</summary>
    public static bool HasCredential(string? text) => Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && HasCredential(address);

    /// <summary>Why an address that the console connects to is refused, in words that follow the setting's name.</summary>
    /// <param name="settings">Where the credential belongs; none where there is no place for one.</param>
    public static string CredentialFault(IEnumerable<string> settings)
    {
        var places = string.Join(" or ", settings);
        return $"has a user or password in it, which is not sent from there and would be seen: take it out{(places.Length > 0 ? $", and give it as {places}" : "")}";
    }
}
