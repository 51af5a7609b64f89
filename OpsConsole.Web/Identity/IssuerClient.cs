using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.Identity.Client;
using MsalPrompt = Microsoft.Identity.Client.Prompt;

namespace OpsConsole.Web.Identity;

/// <summary>What the issuer gave for a sign-in.</summary>
/// <param name="IdToken">Who it is; not looked at yet.</param>
/// <param name="AccountId">Names the account in <paramref name="Tokens"/>.</param>
/// <param name="Tokens">What the sign-in is confirmed anew with, as MSAL keeps it: a secret.</param>
internal sealed record IssuerTokens(string? IdToken, string AccountId, byte[] Tokens)
{
    /// <summary>Says nothing of what it holds: whatever is logged is not this.</summary>
    public override string ToString() => nameof(IssuerTokens);
}

/// <summary>The protocol with the issuer, spoken by MSAL for Microsoft Entra ID and every other OpenID Connect issuer alike: code with PKCE, and refresh.</summary>
/// <remarks>Every call gets a client of its own with the tokens of its sign-in alone, so that no sign-in ever sees another's.</remarks>
internal sealed class IssuerClient : IDisposable
{
    private readonly SignInOptions _options;
    private readonly TimeProvider _time;
    private readonly Factory _http;
    private readonly Lazy<X509Certificate2?> _certificate;

    public IssuerClient(SignInOptions options, IHttpClientFactory http, TimeProvider time)
    {
        (_options, _time, _http) = (options, time, new Factory(http));
        _certificate = new(() => options.ClientCertificate is { Length: > 0 } ? ClientCredential.Certificate(options) : null);
    }

    /// <summary>Where the browser goes to sign in.</summary>
    /// <param name="redirect">Where it comes back to.</param>
    /// <param name="nonce">Comes back in the ID token.</param>
    /// <param name="state">Makes the state from the verifier, which it must keep: it comes back with the browser.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="IssuerAwayException">The issuer cannot be asked.</exception>
    public Task<Uri> AuthorizeAsync(string redirect, string nonce, Func<string, string> state, CancellationToken cancellationToken) => AskAsync(
        limit =>
        {
            var request = Client(redirect, new Tokens()).GetAuthorizationRequestUrl(_options.Scopes).WithRedirectUri(redirect).WithPkce(out var verifier).WithPrompt(Prompt);
            return request
                .WithExtraQueryParameters(new Dictionary<string, (string, bool)> { ["nonce"] = (nonce, false), ["state"] = (state(verifier), false) })
                .ExecuteAsync(limit);
        },
        cancellationToken);

    /// <summary>Gives the code for tokens.</summary>
    /// <exception cref="IssuerAwayException">The issuer cannot be asked.</exception>
    /// <exception cref="IssuerRefusedException">The issuer does not accept the code, or gives nothing that the sign-in could be confirmed anew with.</exception>
    public Task<IssuerTokens> RedeemAsync(string code, string verifier, string redirect, CancellationToken cancellationToken) => AskAsync(
        async limit =>
        {
            var tokens = new Tokens();
            var result = await Client(redirect, tokens).AcquireTokenByAuthorizationCode(_options.Scopes, code).WithPkceCodeVerifier(verifier).ExecuteAsync(limit);
            return tokens.CanRefresh && result.Account?.HomeAccountId?.Identifier is { } account
                ? new IssuerTokens(result.IdToken, account, tokens.Value!)
                : throw new IssuerRefusedException("The issuer gave no refresh token, without which the console cannot see that a role was taken away: allow it offline_access, or set OpsConsole:SignIn:Prompt to consent.");
        },
        cancellationToken);

    /// <summary>Asks the issuer whether a sign-in still holds, and for its claims of now.</summary>
    /// <exception cref="IssuerAwayException">The issuer cannot be asked.</exception>
    /// <exception cref="IssuerRefusedException">It does not hold any more.</exception>
    public Task<IssuerTokens> RefreshAsync(IssuerTokens held, CancellationToken cancellationToken) => AskAsync(
        async limit =>
        {
            var tokens = new Tokens { Value = held.Tokens };
            var client = Client(null, tokens);
            var account = await client.GetAccountAsync(held.AccountId) ?? throw new IssuerRefusedException("The tokens of the sign-in are not of its account.");
            var result = await client.AcquireTokenSilent(_options.Scopes, account).WithForceRefresh(true).ExecuteAsync(limit);
            return new IssuerTokens(result.IdToken, held.AccountId, tokens.Value!);
        },
        cancellationToken);

    public void Dispose()
    {
        if (_certificate.IsValueCreated)
        {
            _certificate.Value?.Dispose();
        }
    }

    private MsalPrompt Prompt => _options.Prompt switch
    {
        "consent" => MsalPrompt.Consent,
        "login" => MsalPrompt.ForceLogin,
        "select_account" => MsalPrompt.SelectAccount,
        _ => MsalPrompt.NoPrompt,
    };

    private IConfidentialClientApplication Client(string? redirect, Tokens tokens)
    {
        var authority = _options.Authority!.TrimEnd('/');
        var builder = ConfidentialClientApplicationBuilder.Create(_options.ClientId).WithHttpClientFactory(_http, retryOnceOn5xx: false).WithCredential(_options, _certificate.Value);
        builder = _options.IsMicrosoft ? builder.WithAuthority(authority[..^"/v2.0".Length]).WithInstanceDiscovery(false) : builder.WithOidcAuthority(authority);
        var client = (redirect is null ? builder : builder.WithRedirectUri(redirect)).Build();
        client.UserTokenCache.SetBeforeAccess(access => access.TokenCache.DeserializeMsalV3(tokens.Value, shouldClearExistingCache: true));
        client.UserTokenCache.SetAfterAccess(access =>
        {
            if (access.HasStateChanged)
            {
                tokens.Value = access.TokenCache.SerializeMsalV3();
            }
        });
        return client;
    }

    /// <summary>Asks, for as long as a call may take, and tells apart "no" and "not now".</summary>
    private async Task<T> AskAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_options.CallTimeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await ask(both.Token);
        }
        catch (MsalException e) when (e is MsalUiRequiredException or MsalServiceException { ErrorCode: "invalid_grant" or "interaction_required" or "access_denied" })
        {
            throw new IssuerRefusedException($"The issuer says no: {e.ErrorCode}.", e);
        }
        catch (MsalException e)
        {
            throw new IssuerAwayException($"The issuer cannot be asked: {e.ErrorCode}.", e);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new IssuerAwayException(limit.IsCancellationRequested ? $"The issuer did not answer within {_options.CallTimeout.TotalSeconds:0} s." : "The issuer cannot be reached.", e);
        }
    }

    /// <summary>The tokens of one sign-in, in MSAL's own form.</summary>
    private sealed class Tokens
    {
        public byte[]? Value { get; set; }

        /// <summary>True when there is a refresh token among them.</summary>
        public bool CanRefresh
        {
            get
            {
                if (Value is null)
                {
                    return false;
                }

                using var document = JsonDocument.Parse(Value);
                return document.RootElement.TryGetProperty("RefreshToken", out var kept) && kept.ValueKind == JsonValueKind.Object && kept.EnumerateObject().Any();
            }
        }
    }

    private sealed class Factory(IHttpClientFactory http) : IMsalHttpClientFactory
    {
        public HttpClient GetHttpClient() => http.CreateClient(IssuerDocuments.ClientName);
    }
}
