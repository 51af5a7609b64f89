using System.Text.Json;
using OpsConsole.Core.Remote;

namespace OpsConsole.Core.Targets.GooglePlay;

/// <summary>The key of a Google service account, as the file holds it that Google gives out.</summary>
/// <param name="Email">Whose key it is.</param>
/// <param name="KeyId">Which of its keys it is; null: not said.</param>
/// <param name="Key">The private key, PEM.</param>
internal sealed record PlayAccount(string Email, string? KeyId, string Key)
{
    /// <summary>Reads the file; null where it is no such file, or holds no key that can sign.</summary>
    public static PlayAccount? Read(string file)
    {
        try
        {
            using var document = JsonDocument.Parse(file);
            var root = document.RootElement;
            return Text(root, "type") == "service_account" && Text(root, "client_email") is { } email && Text(root, "private_key") is { } key
                && new PlayAccount(email, Text(root, "private_key_id"), key) is var account && SignedToken.CanSign(account.Sign)
                    ? account
                    : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A token that says so much, signed with the key.</summary>
    public string Sign(IReadOnlyDictionary<string, object> claims) => SignedToken.Rs256(Key, KeyId, claims);

    /// <summary>Keeps the key out of logs.</summary>
    public override string ToString() => Email;

    private static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) && value.GetString() is { Length: > 0 } text ? text : null;
}
