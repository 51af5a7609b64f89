using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace OpsConsole.Web.Playground.Shop;

/// <summary>The accounts of the shop's users, with their passwords as salted hashes. An account is opened when its user first comes.</summary>
internal sealed class Accounts
{
    private const int Iterations = 500;
    private const int HashBytes = 32;

    private readonly ConcurrentDictionary<string, (byte[] Salt, byte[] Hash)> _accounts = new(StringComparer.Ordinal);

    /// <summary>The password that a user of the playground chose.</summary>
    public static string PasswordOf(string user) => user + " likes red lamps";

    /// <summary>True when the password is the user's.</summary>
    public bool Verify(string user, string password)
    {
        var (salt, hash) = _accounts.GetOrAdd(user, Open);
        return CryptographicOperations.FixedTimeEquals(hash, Hash(password, salt));
    }

    private static (byte[] Salt, byte[] Hash) Open(string user)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        return (salt, Hash(PasswordOf(user), salt));
    }

    private static byte[] Hash(string password, byte[] salt) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, Iterations, HashAlgorithmName.SHA256, HashBytes);
}
