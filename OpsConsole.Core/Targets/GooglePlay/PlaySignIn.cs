using System.Net;
using System.Text.Json;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Remote;

namespace OpsConsole.Core.Targets.GooglePlay;

/// <summary>Exchanges what a service account signed for access tokens, and renews them before they end (RFC 7523).</summary>
/// <remarks>Two readers that come at once may each get a token, which is harmless.</remarks>
internal sealed class PlaySignIn(RemoteHttp http, PlayAccount account, Uri address, string scope, TimeProvider time)
{
    private const string Grant = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    /// <summary>How long what is signed may be used: the longest that Google takes.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    /// <summary>A token is not used when it ends sooner than that.</summary>
    private static readonly TimeSpan Spare = TimeSpan.FromMinutes(2);

    private volatile AccessToken? _token;

    /// <summary>A token that is good for now.</summary>
    /// <exception cref="TargetUnreachableException">None was given.</exception>
    public async Task<string> TokenAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (_token is { } known && known.Ends > now + Spare)
        {
            return known.Value;
        }

        // What was signed lets in too, and goes in the body: no sentence is to hold it either.
        var assertion = Assertion(now);
        var answer = await http.ReadAsync(() => Request(assertion), cancellationToken).ConfigureAwait(false) with { Credential = assertion };
        if (!answer.IsSuccess)
        {
            throw new TargetUnreachableException(answer.Status == HttpStatusCode.TooManyRequests
                ? http.WhyNotRead(answer)
                : $"Google gave the console no access token: {http.Said(answer) ?? $"HTTP {(int)answer.Status}."}");
        }

        var token = http.Take(answer, given => Read(given, now));
        _token = token;
        return token.Value;
    }

    /// <summary>Has the next call sign in anew: the token was not accepted.</summary>
    public void Forget() => _token = null;

    private string Assertion(DateTimeOffset now) => account.Sign(new Dictionary<string, object>
    {
        ["iss"] = account.Email,
        ["scope"] = scope,
        ["aud"] = address.AbsoluteUri,
        ["iat"] = now.ToUnixTimeSeconds(),
        ["exp"] = (now + Lifetime).ToUnixTimeSeconds(),
    });

    private HttpRequestMessage Request(string assertion) => new(HttpMethod.Post, address)
    {
        Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = Grant, ["assertion"] = assertion }),
    };

    private static AccessToken? Read(JsonElement given, DateTimeOffset now) =>
        given.GetProperty("access_token").GetString() is { Length: > 0 } value && given.GetProperty("expires_in").TryGetInt32(out var seconds) ? new AccessToken(value, now.AddSeconds(seconds)) : null;

    /// <summary>What opens the API for a while.</summary>
    private sealed record AccessToken(string Value, DateTimeOffset Ends)
    {
        /// <summary>Keeps it out of logs.</summary>
        public override string ToString() => $"a token that ends at {Ends:O}";
    }
}
