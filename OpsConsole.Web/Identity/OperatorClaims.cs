using System.Globalization;
using System.Security.Claims;
using OpsConsole.Core.Access;

namespace OpsConsole.Web.Identity;

/// <summary>Between a signed-in principal and the operator that the gate knows.</summary>
public static class OperatorClaims
{
    /// <summary>Claim that says the principal is a service token.</summary>
    public const string ServiceClaim = "opsconsole.service";

    /// <summary>Claim that names a flag client's environment.</summary>
    public const string EnvironmentClaim = "opsconsole.environment";

    /// <summary>Claim that names a flag client.</summary>
    public const string FlagClientClaim = "opsconsole.flag-client";

    /// <summary>Claim that names a service token.</summary>
    public const string TokenClaim = "opsconsole.token";

    /// <summary>Claim with the scope of a service token.</summary>
    public const string ScopeClaim = "opsconsole.scope";

    /// <summary>Claim that names the sign-in.</summary>
    public const string SessionClaim = "opsconsole.session";

    /// <summary>Claim with the roles where they differ by environment.</summary>
    public const string ByEnvironmentClaim = "opsconsole.by-environment";

    /// <summary>Claim that says since when the roles are not confirmed.</summary>
    public const string UnconfirmedClaim = "opsconsole.unconfirmed-since";

    /// <summary>The operator, or null when the principal is not signed in or has no role that the console knows.</summary>
    public static Operator? ToOperator(this ClaimsPrincipal principal)
    {
        ArgumentNullException.ThrowIfNull(principal);
        if (principal.Identity is not { IsAuthenticated: true, Name: { Length: > 0 } name }
            || !Enum.TryParse<Role>(principal.FindFirstValue(ClaimTypes.Role), out var role)
            || !Enum.IsDefined(role))
        {
            return null;
        }

        return new Operator(name, role, principal.HasClaim(c => c.Type == ServiceClaim))
        {
            Session = principal.FindFirstValue(SessionClaim),
            ByEnvironment = EnvironmentRoles.Parse(principal.FindFirstValue(ByEnvironmentClaim)),
            UnconfirmedSince = DateTimeOffset.TryParseExact(principal.FindFirstValue(UnconfirmedClaim), "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var since) ? since : null,
            Token = Guid.TryParseExact(principal.FindFirstValue(TokenClaim), "N", out var token) ? token : null,
            Scope = principal.FindFirstValue(ScopeClaim) is { } scope ? AccessScope.Parse(scope) : null,
            Environment = principal.FindFirstValue(EnvironmentClaim),
            FlagClient = Guid.TryParseExact(principal.FindFirstValue(FlagClientClaim), "N", out var client) ? client : null,
        };
    }

    /// <summary>A principal for an operator, signed in by <paramref name="scheme"/>.</summary>
    public static ClaimsPrincipal ToPrincipal(this Operator value, string scheme)
    {
        ArgumentNullException.ThrowIfNull(value);
        var claims = new List<Claim> { new(ClaimTypes.Name, value.Name), new(ClaimTypes.Role, value.Role.ToString()) };
        if (value.IsService)
        {
            claims.Add(new Claim(ServiceClaim, "true"));
        }

        if (value.Environment is { } environment)
        {
            claims.Add(new Claim(EnvironmentClaim, environment));
        }

        if (value.FlagClient is { } client)
        {
            claims.Add(new Claim(FlagClientClaim, client.ToString("N")));
        }

        if (value.Token is { } token)
        {
            claims.Add(new Claim(TokenClaim, token.ToString("N")));
        }

        if (value.Scope is { } scope)
        {
            claims.Add(new Claim(ScopeClaim, scope.ToString()));
        }

        if (value.Session is { } session)
        {
            claims.Add(new Claim(SessionClaim, session));
        }

        if (value.ByEnvironment is { } places)
        {
            claims.Add(new Claim(ByEnvironmentClaim, places.ToString()));
        }

        if (value.UnconfirmedSince is { } since)
        {
            claims.Add(new Claim(UnconfirmedClaim, since.ToString("O", CultureInfo.InvariantCulture)));
        }

        return new ClaimsPrincipal(new ClaimsIdentity(claims, scheme));
    }
}
