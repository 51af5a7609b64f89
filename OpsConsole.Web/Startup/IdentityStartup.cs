using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OpsConsole.Core.Access;
using OpsConsole.Core.Switches;
using OpsConsole.Web.Identity;
using OpsConsole.Web.Operations.Edge;

namespace OpsConsole.Web.Startup;

internal static class IdentityStartup
{
    private const string CookieOrToken = "CookieOrToken";
    private const string CookieName = "opsconsole";
    private const string FormCookieName = "opsconsole.form";

    /// <summary>Makes browsers keep a cookie to this host, its root and https.</summary>
    private const string HostPrefix = "__Host-";

    public static void AddIdentity(this WebApplicationBuilder builder)
    {
        // Before sign-in, of which the time limit of calls to an issuer is a setting.
        builder.AddFederation();
        var signIn = builder.AddSignIn();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.AddTokens();
        builder.Services.TryAddSingleton<FlagClientTable>();
        builder.Services.Replace(ServiceDescriptor.Singleton<IOperatorRoles>(services => services.GetRequiredService<SignIns>()));

        builder.AddKeys();
        builder.Services.AddAuthentication(CookieOrToken)
            .AddPolicyScheme(CookieOrToken, null, options => options.ForwardDefaultSelector = context => SchemeFor(context, Prefix(signIn) + CookieName))
            .AddScheme<AuthenticationSchemeOptions, TokenHandler>(TokenHandler.SchemeName, null)
            .AddCookie(options => ConfigureCookie(options, signIn))
            .AddIssuer(signIn);

        builder.AddRequestLimits();
        builder.Services.AddAuthorizationBuilder().AddPermissionPolicies();
        builder.Services.AddCascadingAuthenticationState();
        builder.Services.AddAntiforgery(options =>
        {
            options.Cookie.Name = Prefix(signIn) + FormCookieName;
            options.Cookie.SecurePolicy = signIn.IsConfigured ? CookieSecurePolicy.Always : CookieSecurePolicy.None;
        });
    }

    public static void UseIdentity(this WebApplication app)
    {
        var signIn = app.Services.GetRequiredService<SignInOptions>();
        if (signIn.IsConfigured)
        {
            app.UseHttpsForPeople();
        }
        else
        {
            app.UseLoopbackSignInOnly();
        }

        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.MapSignIn(signIn);
    }

    private static string Prefix(SignInOptions signIn) => signIn.IsConfigured ? HostPrefix : "";

    private static string SchemeFor(HttpContext context, string cookieName)
    {
        if (TokenHandler.Read(context.Request) is not null)
        {
            return TokenHandler.SchemeName;
        }

        // A person's cookie counts at a program's address too, unless a foreign page may have sent it.
        var withCookie = context.Request.Cookies.ContainsKey(cookieName) && (HttpMethods.IsGet(context.Request.Method) || IsFromHere(context.Request));
        return IsForMachines(context.Request.Path) && !withCookie
            ? TokenHandler.SchemeName
            : CookieAuthenticationDefaults.AuthenticationScheme;
    }

    /// <summary>False where a browser says that the request comes from a page of another origin. Browsers send one of the two headers with every write; a program of the person's own sends neither.</summary>
    private static bool IsFromHere(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin"
        && (request.Headers.Origin.ToString() is not { Length: > 0 } origin || string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase));

    /// <summary>Addresses that programs call: they get a 401 with words, never a redirect to a page.</summary>
    private static bool IsForMachines(PathString path) =>
        path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
        || path.StartsWithSegments("/ofrep", StringComparison.OrdinalIgnoreCase)
        || path.StartsWithSegments("/openapi", StringComparison.OrdinalIgnoreCase);

    /// <summary>Every request is its person's with the roles of now.</summary>
    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var signIns = context.HttpContext.RequestServices.GetRequiredService<SignIns>();
        var by = context.Principal?.ToOperator();
        var now = by is null ? null : await signIns.NowAsync(by, context.HttpContext.RequestAborted);
        if (now is null)
        {
            context.RejectPrincipal();
        }
        else if (now != by)
        {
            context.ReplacePrincipal(now.ToPrincipal(CookieAuthenticationDefaults.AuthenticationScheme));
        }
    }

    /// <summary>Names the page without the host: whatever Host a request claims, the answer leads nowhere else.</summary>
    private static Task RedirectWithin(RedirectContext<CookieAuthenticationOptions> context)
    {
        context.Response.Redirect(new Uri(context.RedirectUri).PathAndQuery);
        return Task.CompletedTask;
    }

    /// <summary>People are led to the sign-in. A program that posts to an address that is none would follow there, and take the page that it is answered with for a yes.</summary>
    private static Task LeadToSignIn(RedirectContext<CookieAuthenticationOptions> context)
    {
        if (!context.Request.HasJsonContentType())
        {
            return RedirectWithin(context);
        }

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }

    /// <summary>A page of its own for people, and words for programs that a person's cookie came with.</summary>
    private static Task ForbidAsync(RedirectContext<CookieAuthenticationOptions> context) => IsForMachines(context.Request.Path)
        ? TokenHandler.ForbidAsync(context.HttpContext)
        : RedirectWithin(context);

    private static void ConfigureCookie(CookieAuthenticationOptions options, SignInOptions signIn)
    {
        options.Cookie.Name = Prefix(signIn) + CookieName;
        options.Cookie.Path = "/";
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = signIn.IsConfigured ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        options.ExpireTimeSpan = signIn.IsConfigured ? signIn.SessionLifetime : SignIns.Lifetime;
        options.SlidingExpiration = !signIn.IsConfigured || signIn.SlidingRenewal;
        options.LoginPath = DevelopmentSignIn.Path;
        options.AccessDeniedPath = "/forbidden";
        options.ReturnUrlParameter = "returnUrl";
        options.Events.OnRedirectToLogin = LeadToSignIn;
        options.Events.OnValidatePrincipal = ValidateAsync;
        options.Events.OnRedirectToAccessDenied = ForbidAsync;
    }
}
