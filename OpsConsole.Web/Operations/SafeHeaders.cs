namespace OpsConsole.Web.Operations;

/// <summary>Headers that keep browsers from being used against the console.</summary>
internal static class SafeHeaders
{
    /// <remarks>Style attributes may be inline because the component library and the charts set them on elements; style sheets and scripts come from this host's files alone.</remarks>
    private const string ContentSecurityPolicy =
        "default-src 'self'; script-src 'self'; script-src-attr 'none'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
        + "connect-src 'self'; worker-src 'none'; frame-src 'none'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'; object-src 'none'";

    private const string PermissionsPolicy =
        "accelerometer=(), autoplay=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), "
        + "publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=(), clipboard-read=(), clipboard-write=(self)";

    /// <summary>A year, in seconds. Other hosts of the domain are not the console's to speak for.</summary>
    private const string HttpsOnly = "max-age=31536000";

    public static void UseSafeHeaders(this WebApplication app)
    {
        var development = app.Environment.IsDevelopment();
        app.Use((context, next) =>
        {
            // When the answer begins, so that one that replaces a failed other has them too.
            context.Response.OnStarting(
                static state =>
                {
                    var (context, development) = ((HttpContext, bool))state;
                    Write(context.Response, httpsOnly: context.Request.IsHttps && !development);
                    return Task.CompletedTask;
                },
                (context, development));
            return next(context);
        });
    }

    private static void Write(HttpResponse response, bool httpsOnly)
    {
        var headers = response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "same-origin";
        headers["Permissions-Policy"] = PermissionsPolicy;
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        if (httpsOnly)
        {
            headers.StrictTransportSecurity = HttpsOnly;
        }

        // What is shown or answered to someone stays with them: on no disk, in no proxy, and not behind the back button after signing out.
        // Files say for themselves how long they keep; an answer with a tag is asked for anew each time.
        if (headers.CacheControl.Count == 0)
        {
            headers.CacheControl = headers.ETag.Count == 0 ? "no-store" : "private, no-cache";
        }
    }
}
