using System.Net;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Mvc;
using OpsConsole.Core.Access;
using OpsConsole.Core.Audit;

namespace OpsConsole.Web.Identity;

/// <summary>Sign-in by choosing a role: in Development and from this machine only. Elsewhere the address does not exist.</summary>
public static class DevelopmentSignIn
{
    /// <summary>Address of the page and of its form.</summary>
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

    /// <summary>The form's two addresses: in and out.</summary>
    public static void MapSignIn(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        if (app.Environment.IsDevelopment())
        {
            app.MapPost(Path, SignInAsync).AllowAnonymous().ExcludeFromDescription();
        }

        app.MapPost("/sign-out", SignOutAsync).RequireAuthorization().ExcludeFromDescription();
    }

    private static async Task<IResult> SignInAsync(
        HttpContext context,
        IAntiforgery antiforgery,
        IAuditStore audit,
        TimeProvider time,
        ILoggerFactory loggers,
        SignIns signIns,
        [FromForm] string? name,
        [FromForm] string? role,
        [FromForm] string? returnUrl)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return NotTheForm();
        }

        if (!Enum.TryParse<Role>(role, ignoreCase: true, out var chosen) || !Enum.IsDefined(chosen) || chosen == Role.FlagClient)
        {
            return Results.LocalRedirect(Path);
        }

        // Whoever chooses another role is that one everywhere: pages still open in the old one may do nothing more.
        signIns.End(context.User.ToOperator()?.Session);
        var person = new Operator(NameOr(name, chosen), chosen, IsService: false) { Session = SignIns.Begin() };
        await RecordAsync(audit, time, loggers, person, "sign-in", context.RequestAborted);
        await context.SignInAsync(
            CookieAuthenticationDefaults.AuthenticationScheme,
            person.ToPrincipal(CookieAuthenticationDefaults.AuthenticationScheme),
            new AuthenticationProperties { IsPersistent = true });
        return Results.LocalRedirect(LocalOr(returnUrl, "/"));
    }

    private static async Task<IResult> SignOutAsync(HttpContext context, IAntiforgery antiforgery, IAuditStore audit, TimeProvider time, ILoggerFactory loggers, SignIns signIns)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return NotTheForm();
        }

        if (context.User.ToOperator() is { } person)
        {
            signIns.End(person.Session);
            await RecordAsync(audit, time, loggers, person, "sign-out", context.RequestAborted);
        }

        await context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        return Results.LocalRedirect(context.RequestServices.GetRequiredService<IHostEnvironment>().IsDevelopment() ? Path : "/");
    }

    /// <summary>A sign-in goes on when the record is away: whoever is on call must get in to see what is wrong.</summary>
    private static async Task RecordAsync(IAuditStore audit, TimeProvider time, ILoggerFactory loggers, Operator person, string what, CancellationToken cancellationToken)
    {
        try
        {
            await audit.AppendAsync(
                new AuditEntry
                {
                    At = time.GetUtcNow(),
                    Actor = person.Name,
                    Role = person.Role.ToString(),
                    Event = what,
                    Subject = "console",
                    SubjectTitle = "OpsConsole",
                    Outcome = "done",
                },
                cancellationToken);
        }
        catch (RecordUnavailableException exception)
        {
            loggers.CreateLogger(typeof(DevelopmentSignIn)).LogWarning(exception, "The {Event} of {Person} could not be recorded: the database is away.", what, person.Name);
        }
    }

    private static IResult NotTheForm() => Results.Problem(
        statusCode: StatusCodes.Status400BadRequest,
        title: "The form is not valid",
        detail: "The request did not come from the console's own page, or the page is too old. Open it again and repeat.");

    private static string NameOr(string? name, Role role)
    {
        var trimmed = new string((name ?? "").Where(c => !char.IsControl(c)).ToArray()).Trim();
        return trimmed.Length is 0 or > MaxNameLength ? "dev " + role : trimmed;
    }

    private static string LocalOr(string? address, string otherwise) =>
        address is { Length: > 0 and < 2048 } && address[0] == '/' && !address.StartsWith("//", StringComparison.Ordinal) && !address.StartsWith("/\\", StringComparison.Ordinal) && !address.Any(char.IsControl)
            ? address
            : otherwise;

    private static bool IsLoopback(HttpContext context)
    {
        var from = context.Connection.RemoteIpAddress;
        var host = context.Request.Host.Host.Trim('[', ']');
        return from is not null
            && IPAddress.IsLoopback(from)
            && (host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address)));
    }
}
