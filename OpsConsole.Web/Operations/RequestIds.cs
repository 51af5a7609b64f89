using System.Diagnostics;

namespace OpsConsole.Web.Operations;

/// <summary>Gives every answer the id by which its lines are found in the log: that of the trace it belongs to (<c>traceparent</c>), in <c>X-Request-Id</c> and in problem details.</summary>
internal static class RequestIds
{
    public const string Header = "X-Request-Id";

    private const int Longest = 64;

    public static void UseRequestIds(this WebApplication app)
    {
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("OpsConsole.Web.Requests");
        app.Use(async (context, next) =>
        {
            if (Activity.Current is { IdFormat: ActivityIdFormat.W3C } trace)
            {
                context.TraceIdentifier = trace.TraceId.ToHexString();
            }

            // A caller's own id is given back to it, and its log lines carry it; it takes the place of nothing.
            var given = context.Request.Headers[Header].ToString();
            var own = given is { Length: > 0 and <= Longest } && given.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
            context.Response.Headers[Header] = own ? given : context.TraceIdentifier;
            using (own ? log.BeginScope("CallerRequestId:{CallerRequestId}", given) : null)
            {
                await next(context);
            }
        });
    }
}
