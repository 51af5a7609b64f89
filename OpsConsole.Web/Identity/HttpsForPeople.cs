namespace OpsConsole.Web.Identity;

/// <summary>Says so where people reach a console with sign-in by http: their cookies are for https only, and nothing else would tell them.</summary>
internal static class HttpsForPeople
{
    private const string Sentence =
        "Sign-in needs https: open the console by its https address. Behind a proxy that ends TLS, name the proxy's address in OpsConsole:Edge:Proxies "
        + "and let it pass X-Forwarded-Proto, X-Forwarded-For and Host on (docs/operations/sign-in.md).\n";

    private static readonly string[] ForMachines = ["/api", "/ofrep", "/openapi", "/hubs", "/health", "/metrics"];

    /// <summary>Answers pages that are asked for by http with what to do.</summary>
    public static void UseHttpsForPeople(this WebApplication app) => app.Use(static (context, next) =>
    {
        if (context.Request.IsHttps || ForMachines.Any(p => context.Request.Path.StartsWithSegments(p, StringComparison.OrdinalIgnoreCase)))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(Sentence, context.RequestAborted);
    });
}
