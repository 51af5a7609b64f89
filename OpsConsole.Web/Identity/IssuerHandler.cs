using System.Security.Cryptography;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using OpsConsole.Web.Components.Kit;

namespace OpsConsole.Web.Identity;

/// <summary>Options of the scheme; what people configure is in <see cref="SignInOptions"/>.</summary>
public sealed class IssuerHandlerOptions : RemoteAuthenticationOptions
{
    public IssuerHandlerOptions()
    {
        CallbackPath = IssuerHandler.CallbackPath;
        CorrelationCookie.Name = "opsconsole.sign-in.";
        CorrelationCookie.SameSite = SameSiteMode.Lax;
        CorrelationCookie.SecurePolicy = CookieSecurePolicy.Always;
    }
}

/// <summary>Signs people in at the issuer: authorization code with PKCE. State is sealed by the console and bound to the browser, the nonce to the ID token; each serves once.</summary>
internal sealed class IssuerHandler(
    IOptionsMonitor<IssuerHandlerOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    SignInOptions signIn,
    IssuerClient issuer,
    IssuerDocuments documents,
    IdTokenValidator validator,
    SignInSessions sessions,
    SignInAudit audit,
    SignInRefusals refusals,
    IDataProtectionProvider protection) : RemoteAuthenticationHandler<IssuerHandlerOptions>(options, logger, encoder)
{
    /// <summary>Name of the scheme.</summary>
    public const string SchemeName = "Issuer";

    /// <summary>Where the issuer sends the browser back to; registered there.</summary>
    public const string CallbackPath = "/sign-in/callback";

    private const string Nonce = "nonce";
    private const string Verifier = "verifier";
    private const int MaxLength = 8 * 1024;

    private readonly PropertiesDataFormat _state = new(protection.CreateProtector("OpsConsole.Identity.State"));

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        ArgumentNullException.ThrowIfNull(properties);
        GenerateCorrelationId(properties);
        var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        properties.Items[Nonce] = nonce;
        try
        {
            var address = await issuer.AuthorizeAsync(BuildRedirectUri(Options.CallbackPath), nonce, State, Context.RequestAborted);
            Response.Redirect(address.AbsoluteUri);
        }
        catch (IssuerAwayException e)
        {
            Logger.LogWarning("A sign-in cannot begin: {Reason}", e.Message);
            Response.Redirect(SignInFailure.Address(SignInFailure.Away));
        }

        string State(string verifier)
        {
            properties.Items[Verifier] = verifier;
            return _state.Protect(properties);
        }
    }

    protected override async Task<HandleRequestResult> HandleRemoteAuthenticateAsync()
    {
        var query = Request.Query;
        if (!HttpMethods.IsGet(Request.Method)
            || query["state"] is not [{ Length: > 0 and <= MaxLength } state]
            || _state.Unprotect(state) is not { } properties
            || !properties.Items.Remove(Nonce, out var nonce) || nonce is null
            || !properties.Items.Remove(Verifier, out var verifier) || verifier is null
            || !ValidateCorrelationId(properties))
        {
            return await RefuseAsync(SignInFailure.State, "The answer of the sign-in service does not belong to a sign-in begun in this browser.", null);
        }

        if (query["error"] is [{ } error, ..])
        {
            return await RefuseAsync(error == "access_denied" ? SignInFailure.Denied : SignInFailure.Refused, $"The issuer answered with the error '{Plain(error)}'.", null);
        }

        try
        {
            // A code of another issuer must not be given to this one (RFC 9207).
            if (query["iss"] is [{ } from, ..] && from != (await documents.MetadataAsync(Context.RequestAborted)).Issuer)
            {
                return await RefuseAsync(SignInFailure.Refused, "The answer is from another issuer.", null);
            }

            if (query["code"] is not [{ Length: > 0 and <= MaxLength } code])
            {
                return await RefuseAsync(SignInFailure.Refused, "The issuer's answer holds no code.", null);
            }

            var tokens = await issuer.RedeemAsync(code, verifier, BuildRedirectUri(Options.CallbackPath), Context.RequestAborted);
            return await AcceptAsync(await validator.ValidateAsync(tokens.IdToken, nonce, null, Context.RequestAborted), tokens, properties);
        }
        catch (IssuerAwayException e)
        {
            return await RefuseAsync(SignInFailure.Away, e.Message, null);
        }
        catch (Exception e) when (e is IssuerRefusedException or IdTokenException)
        {
            return await RefuseAsync(SignInFailure.Refused, e.Message, null);
        }
    }

    private async Task<HandleRequestResult> AcceptAsync(IdToken token, IssuerTokens tokens, AuthenticationProperties properties)
    {
        var name = token.Name(signIn.NameClaim);
        if (RoleMapping.Map(signIn, token.Values(signIn.RolesClaim)) is not { } roles)
        {
            return token.GroupsAreLeftOut
                ? await RefuseAsync(SignInFailure.TooManyGroups, "The issuer left the groups out because there are too many.", name)
                : await RefuseAsync(SignInFailure.NoRole, $"No value of the claim '{signIn.RolesClaim}' gives a role here.", name);
        }

        // Whoever signs in anew is not signed in twice in the same browser.
        if ((await Context.AuthenticateAsync(SignInScheme)).Principal?.ToOperator()?.Session is { } before)
        {
            sessions.End(before);
        }

        var by = sessions.Begin(token, roles, tokens);
        await audit.RecordAsync(by, "sign-in", detail: $"At {signIn.IssuerTitle}, as {Words.RolesByPlace(by)}.");
        properties.IsPersistent = true;
        return HandleRequestResult.Success(new AuthenticationTicket(by.ToPrincipal(SchemeName), properties, SchemeName));
    }

    private async Task<HandleRequestResult> RefuseAsync(string why, string detail, string? name)
    {
        Logger.LogInformation("A sign-in was refused: {Reason}", detail);
        await refusals.RecordAsync(name, detail, Context.Connection.RemoteIpAddress);
        return HandleRequestResult.Fail(new SignInFailure(why));
    }

    /// <summary>An error code as standards write them; anything else is not repeated.</summary>
    private static string Plain(string error) => error.Length <= 64 && error.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') ? error : "unknown";
}
