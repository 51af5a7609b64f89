using Microsoft.Extensions.Primitives;

namespace OpsConsole.Web.Operations;

/// <summary>Keeps pages of other sites from opening the console's live connections with the cookie of someone who is signed in: browsers do not stop them from it.</summary>
internal static class OwnOrigin
{
    public static void UseOwnOriginOnly(this WebApplication app) => app.Use(static (context, next) =>
        !IsLive(context.Request.Path) || IsOwn(context.Request)
            ? next(context)
            : Results.Problem(
                statusCode: StatusCodes.Status403Forbidden,
                title: "Foreign origin",
                detail: "Live connections are for the console's own pages, and for programs that send no Origin header. Behind a proxy the console must be told its public scheme and host.")
            .ExecuteAsync(context));

    internal static bool IsLive(PathString path) =>
        path.StartsWithSegments("/hubs", StringComparison.OrdinalIgnoreCase) || path.StartsWithSegments("/_blazor", StringComparison.OrdinalIgnoreCase);

    /// <remarks>A browser that reads across sites without saying its origin says at least that it does.</remarks>
    private static bool IsOwn(HttpRequest request) => request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none" && IsOwnOrigin(request);

    private static bool IsOwnOrigin(HttpRequest request) =>
        StringValues.IsNullOrEmpty(request.Headers.Origin)
        || (Uri.TryCreate(request.Headers.Origin, UriKind.Absolute, out var origin)
            && Uri.TryCreate($"{request.Scheme}://{request.Host}", UriKind.Absolute, out var own)
            && origin.GetLeftPart(UriPartial.Authority) == own.GetLeftPart(UriPartial.Authority));
}
