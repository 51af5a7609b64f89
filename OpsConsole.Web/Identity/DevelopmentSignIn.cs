using System.Net;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Mvc;
using OpsConsole.Core.Access;

namespace OpsConsole.Web.Identity;

/// <summary>Sign-in by choosing a role: in Development, from this machine only, and only where no issuer is configured. Elsewhere it does not exist.</summary>
public static class DevelopmentSignIn
{
    /// <summary>Address of the sign-in page and of this form.</summary>
    public const string Path = "/sign-in";

    private const int MaxNameLength = 64;

    private const string NoSignIn =
        "No sign-in is configured here. In Development, in a browser on the machine that runs the console, a role is chosen at this address; "
        + "services use tokens, sent as 'Authorization: Bearer <token>' (README.md).\n";

    /// <summary>Hides the sign-in page from everyone but a browser on this machine.</summary>
    /// <remarks>The host name is checked as well as the connection, so that a foreign page cannot reach it through a name that resolves to this machine.</remarks>
    public static void UseLoopbackSignInOnly(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var development = app.Environment.IsDevelopment();
        app.Use((context, next) =>
        {
            if (!context.Request.Path.StartsWithSegments(Path, StringComparison.OrdinalIgnoreCase) || (development && IsLoopback(context)))
            {
                return next(context);
            }

            context.Response.StatusCode = StatusCodes.Status404NotFound;
            context.Response.ContentType = "text/plain; charset=utf-8";
            return context.Response.WriteAsync(NoSignIn, context.RequestAborted);
        });
    }

    /// <summary>The form's address, in Development.</summary>
    public static void MapDevelopmentSignIn(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        if (app.Environment.IsDevelopment())
        {
            app.MapPost(Path, SignInAsync).AllowAnonymous().ExcludeFromDescription().WithMetadata(new RequestSizeLimitAttribute(SignInEndpoints.MaxFormBytes));
        }
    }

    private static async Task<IResult> SignInAsync(
        HttpContext context,
        IAntiforgery antiforgery,
        SignInAudit audit,
        SignIns signIns,
        [FromForm] string? name,
        [FromForm] string? role,
        [FromForm] string? returnUrl)
    {
        if (!await antiforgery.IsOwnFormAsync(context))
        {
            return SignInEndpoints.NotTheForm();
        }

        if (!Enum.TryParse<Role>(role, ignoreCase: true, out var chosen) || !SignInOptions.People.Contains(chosen))
        {
            return Results.LocalRedirect(Path);
        }

        // Whoever chooses another role is that one everywhere: pages still open in the old one may do nothing more.
        signIns.End(context.User.ToOperator()?.Session);
        var person = new Operator(NameOr(name, chosen), chosen, IsService: false) { Session = SignIns.Begin() };
        await audit.RecordAsync(person, "sign-in");
        await context.SignInAsync(
            CookieAuthenticationDefaults.AuthenticationScheme,
            person.ToPrincipal(CookieAuthenticationDefaults.AuthenticationScheme),
            new AuthenticationProperties { IsPersistent = true });
        return Results.LocalRedirect(LocalAddress.Or(returnUrl, "/"));
    }

    private static string NameOr(string? name, Role role)
    {
        var trimmed = new string((name ?? "").Where(c => !char.IsControl(c)).ToArray()).Trim();
        return trimmed.Length is 0 or > MaxNameLength ? "dev " + role : trimmed;
    }

    private static bool IsLoopback(HttpContext context)
    {
        var from = context.Connection.RemoteIpAddress;
        var host = context.Request.Host.Host.Trim('[', ']');
        return from is not null
            && IPAddress.IsLoopback(from)
            && (host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address)));
    }
}
