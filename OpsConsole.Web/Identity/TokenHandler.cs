using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using OpsConsole.Core.Access;
using OpsConsole.Core.Access.Tokens;
using OpsConsole.Core.Switches;

namespace OpsConsole.Web.Identity;

/// <summary>Signs services in by a bearer token: in the <c>Authorization</c> header, as <c>X-API-Key</c> (flag clients), or, for the hub only, as the <c>access_token</c> query value that WebSocket clients must use.</summary>
public sealed class TokenHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    ServiceTokens tokens,
    FlagClientTable flagClients) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <summary>Name of the scheme.</summary>
    public const string SchemeName = "Token";

    private const string Bearer = "Bearer ";
    private const int MaxTokenLength = 4096;

    /// <summary>The token of a request, or null when it brings none.</summary>
    public static string? Read(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var header = request.Headers.Authorization.ToString();
        if (header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return header[Bearer.Length..].Trim();
        }

        if (request.Headers.TryGetValue("X-API-Key", out var key))
        {
            return key.ToString();
        }

        return request.Path.StartsWithSegments("/hubs", StringComparison.Ordinal) && request.Query.TryGetValue("access_token", out var query)
            ? query.ToString()
            : null;
    }

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var token = Read(Request);
        if (string.IsNullOrEmpty(token))
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        return Task.FromResult(token.Length <= MaxTokenLength && (FlagClient(token) ?? tokens.Find(token)) is { } found
            ? AuthenticateResult.Success(new AuthenticationTicket(found.ToPrincipal(SchemeName), SchemeName))
            : AuthenticateResult.Fail("The token is not known here."));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        // A good token must not be called a bad one only because the console has just started: clients would give up for good.
        if (!flagClients.IsLoaded && Read(Request)?.StartsWith(FlagClientTable.Prefix, StringComparison.Ordinal) == true)
        {
            await Results.Json(
                new { errorCode = "GENERAL", errorDetails = "The tokens have not been read from the database yet. Keep the last values you had." },
                statusCode: StatusCodes.Status500InternalServerError).ExecuteAsync(Context);
            return;
        }

        if (!tokens.AreRead && Read(Request)?.StartsWith(ServiceTokenTable.Prefix, StringComparison.Ordinal) == true)
        {
            Response.Headers.RetryAfter = "2";
            await Results.Problem(
                statusCode: StatusCodes.Status503ServiceUnavailable, title: "Not ready", detail: "The tokens have not been read from the database yet; ask again in a few seconds.").ExecuteAsync(Context);
            return;
        }

        Response.Headers.WWWAuthenticate = "Bearer";
        await Results.Problem(
            statusCode: StatusCodes.Status401Unauthorized,
            title: "Not signed in",
            detail: "Send a service token that counts as 'Authorization: Bearer <token>'; one that was revoked or has expired counts no more.").ExecuteAsync(Context);
    }

    private Operator? FlagClient(string token) => flagClients.Find(token) is { } found
        ? new Operator(found.Name, Role.FlagClient, IsService: true) { Environment = found.Environment, FlagClient = found.Id }
        : null;

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => Results.Problem(
        statusCode: StatusCodes.Status403Forbidden,
        title: "Not allowed",
        detail: Context.User.ToOperator() is { } by && PermissionPolicies.WhyNot(by, Context.GetEndpoint()) is { } why ? why : "The token's role may not do this.").ExecuteAsync(Context);
}
