using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace OpsConsole.Core.Targets.GitHub;

/// <summary>The private key of a GitHub App, and what it signs: tokens by which the app asks for one of its installation.</summary>
internal sealed class GitHubAppKey
{
    /// <summary>How far back a token is dated, for clocks that differ.</summary>
    private static readonly TimeSpan Drift = TimeSpan.FromMinutes(1);

    /// <summary>How long a token holds from now; GitHub takes no more than ten minutes.</summary>
    private static readonly TimeSpan Holds = TimeSpan.FromMinutes(9);

    private readonly RSA _key;
    private readonly string _app;

    /// <param name="app">The app's client id or id.</param>
    /// <param name="pem">Its private key.</param>
    public GitHubAppKey(string app, string pem) => (_app, _key) = (app, Read(pem));

    /// <summary>Whether a text is a private RSA key.</summary>
    public static bool IsKey(string pem)
    {
        try
        {
            using var key = Read(pem);
            return key.ExportParameters(includePrivateParameters: true).D is not null;
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            return false;
        }
    }

    /// <summary>A token of the app, signed with RS256.</summary>
    public string Sign(DateTimeOffset now)
    {
        var head = Part(new { alg = "RS256", typ = "JWT" });
        var claims = Part(new { iat = (now - Drift).ToUnixTimeSeconds(), exp = (now + Holds).ToUnixTimeSeconds(), iss = _app });
        var signature = _key.SignData(Encoding.ASCII.GetBytes($"{head}.{claims}"), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{head}.{claims}.{Base64Url.EncodeToString(signature)}";
    }

    private static string Part(object value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));

    /// <summary>Where a key is set in one line, its line breaks are written as <c>\n</c>.</summary>
    private static RSA Read(string pem)
    {
        var key = RSA.Create();
        try
        {
            key.ImportFromPem(pem.Replace("\\n", "\n", StringComparison.Ordinal));
            return key;
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }
}
