using OpsConsole.Core.Connections;
using OpsConsole.Core.Remote;

namespace OpsConsole.Core.Targets.AppStoreConnect;

/// <summary>Signs the tokens that open the App Store Connect API, and renews them before they end.</summary>
internal sealed class ConnectToken(ConnectionSettings settings, TimeProvider time)
{
    private const string Audience = "appstoreconnect-v1";

    /// <summary>How long one is good for: Apple takes 20 minutes at most, by its own clock.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    /// <summary>One is not used when it ends sooner than that.</summary>
    private static readonly TimeSpan Spare = TimeSpan.FromMinutes(2);

    private volatile Signed? _signed;

    /// <summary>A token that is good for now.</summary>
    public string Value
    {
        get
        {
            var now = time.GetUtcNow();
            if (_signed is not { } signed || signed.Ends <= now + Spare)
            {
                _signed = signed = Sign(now);
            }

            return signed.Token;
        }
    }

    /// <summary>True where a key can sign.</summary>
    public static bool CanSign(string key) => SignedToken.CanSign(claims => SignedToken.Es256(key, null, claims));

    private Signed Sign(DateTimeOffset now) => new(
        SignedToken.Es256(settings[AppStoreConnectKind.Key], settings[AppStoreConnectKind.KeyId], new Dictionary<string, object>
        {
            ["iss"] = settings[AppStoreConnectKind.Issuer],
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + Lifetime).ToUnixTimeSeconds(),
            ["aud"] = Audience,
        }),
        now + Lifetime);

    private sealed record Signed(string Token, DateTimeOffset Ends)
    {
        /// <summary>Keeps it out of logs.</summary>
        public override string ToString() => $"a token that ends at {Ends:O}";
    }
}
