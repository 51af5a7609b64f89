using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Mvc;
using OpsConsole.Web.Operations.Edge;

namespace OpsConsole.Web.Identity;

/// <summary>The ways in and out of the console for people.</summary>
internal static class SignInEndpoints
{
    /// <summary>Begins a sign-in at the issuer.</summary>
    public const string IssuerPath = "/sign-in/issuer";

    /// <summary>Takes the emergency secret.</summary>
    public const string EmergencyPath = "/sign-in/emergency";

    /// <summary>The page after signing out, where an issuer is configured.</summary>
    public const string SignedOutPath = "/signed-out";

    internal const int MaxFormBytes = 8 * 1024;

    /// <summary>Maps what the configuration asks for.</summary>
    public static void MapSignIn(this WebApplication app, SignInOptions options)
    {
        ArgumentNullException.ThrowIfNull(app);
        if (options.IsConfigured)
        {
            app.MapGet(IssuerPath, ([FromQuery] string? returnUrl) => Results.Challenge(new AuthenticationProperties { RedirectUri = LocalAddress.Or(returnUrl, "/") }, [IssuerHandler.SchemeName]))
                .AllowAnonymous().ExcludeFromDescription();

            // It counts wrong tries by itself; the right secret is never refused for what others send from the same address.
            app.MapPost(EmergencyPath, EmergencyAsync).AllowAnonymous().IsNotLimited().ExcludeFromDescription().WithMetadata(new RequestSizeLimitAttribute(MaxFormBytes));
        }
        else
        {
            app.MapDevelopmentSignIn();
        }

        app.MapPost("/sign-out", SignOutAsync).RequireAuthorization().ExcludeFromDescription().WithMetadata(new RequestSizeLimitAttribute(MaxFormBytes));
    }

    /// <summary>Says that a form is not one of the console's own.</summary>
    public static IResult NotTheForm() => Results.Problem(
        statusCode: StatusCodes.Status400BadRequest,
        title: "The form is not valid",
        detail: "The request did not come from the console's own page, or the page is too old. Open it again and repeat.");

    private static async Task<IResult> EmergencyAsync(
        HttpContext context, IAntiforgery antiforgery, EmergencyAccess emergency, SignInAudit audit, ILoggerFactory loggers, [FromForm] string? secret, [FromForm] string? returnUrl)
    {
        if (!await antiforgery.IsOwnFormAsync(context))
        {
            return NotTheForm();
        }

        var log = loggers.CreateLogger<EmergencyAccess>();
        var from = context.Connection.RemoteIpAddress;
        var answer = emergency.Try(secret, from, out var opened);
        switch (answer)
        {
            case EmergencyAnswer.Opened:
                log.LogWarning("Emergency access was opened from {Address}, for {Lifetime}.", from, emergency.Lifetime);
                await audit.RecordAsync(opened!, "emergency", detail: $"Emergency access was opened from {from}, for {emergency.Lifetime.TotalMinutes:0} minutes.");
                await context.SignInAsync(
                    CookieAuthenticationDefaults.AuthenticationScheme,
                    opened!.ToPrincipal(CookieAuthenticationDefaults.AuthenticationScheme),
                    new AuthenticationProperties { IsPersistent = false, AllowRefresh = false });
                return Results.LocalRedirect(LocalAddress.Or(returnUrl, "/"));
            case EmergencyAnswer.Wrong:
                log.LogWarning("Emergency access was refused to {Address}: the secret is wrong.", from);
                await audit.RecordAsync(EmergencyAccess.Name, "none", "emergency", "refused", $"A wrong secret was tried from {from}.");
                break;
            case EmergencyAnswer.TooMany:
                if (emergency.IsNewsThatTooMany())
                {
                    log.LogWarning("Emergency access was refused to {Address}: too many tries.", from);
                    await audit.RecordAsync(EmergencyAccess.Name, "none", "emergency", "refused", $"Too many tries, the last from {from}; they are not looked at for up to {EmergencyAccess.Window.TotalMinutes:0} minutes.");
                }

                break;
            default:
                return Results.NotFound();
        }

        return Results.LocalRedirect(answer == EmergencyAnswer.TooMany ? "/sign-in?emergency=too-many" : "/sign-in?emergency=wrong");
    }

    private static async Task<IResult> SignOutAsync(HttpContext context, IAntiforgery antiforgery, SignInAudit audit, SignIns signIns, SignInOptions options, IHostEnvironment environment)
    {
        if (!await antiforgery.IsOwnFormAsync(context))
        {
            return NotTheForm();
        }

        if (context.User.ToOperator() is { } person)
        {
            signIns.End(person.Session);
            await audit.RecordAsync(person, "sign-out");
        }

        await context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        return Results.LocalRedirect(options.IsConfigured ? SignedOutPath : environment.IsDevelopment() ? DevelopmentSignIn.Path : "/");
    }
}
