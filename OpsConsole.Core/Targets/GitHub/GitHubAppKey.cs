using OpsConsole.Core.Remote;

namespace OpsConsole.Core.Targets.GitHub;

/// <summary>The private key of a GitHub App, and what it signs: tokens by which the app asks for one of its installation.</summary>
/// <param name="app">The app's client id or id.</param>
/// <param name="pem">Its private key.</param>
internal sealed class GitHubAppKey(string app, string pem)
{
    /// <summary>How far back a token is dated, for clocks that differ.</summary>
    private static readonly TimeSpan Drift = TimeSpan.FromMinutes(1);

    /// <summary>How long a token holds from now; GitHub takes no more than ten minutes.</summary>
    private static readonly TimeSpan Holds = TimeSpan.FromMinutes(9);

    /// <summary>Whether a text is a private RSA key.</summary>
    public static bool IsKey(string pem) => SignedToken.CanSign(claims => SignedToken.Rs256(pem, null, claims));

    /// <summary>A token of the app.</summary>
    public string Sign(DateTimeOffset now) => SignedToken.Rs256(pem, null, new Dictionary<string, object>
    {
        ["iat"] = (now - Drift).ToUnixTimeSeconds(),
        ["exp"] = (now + Holds).ToUnixTimeSeconds(),
        ["iss"] = app,
    });
}
