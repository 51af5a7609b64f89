using Microsoft.Extensions.Options;
using OpsConsole.Web.Api;
using OpsConsole.Web.Operations.Edge;

namespace OpsConsole.Web.Flags;

/// <summary>Where clients hear of changes.</summary>
internal static class FlagEventsEndpoint
{
    public static void MapFlagEvents(this IEndpointRouteBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);

        // The ticket in the address says who it is; an event source sends nothing else.
        var events = app.MapGet(FlagEvents.Path, (HttpContext http, FlagEvents stream) => stream.StreamAsync(http))
            .AllowAnonymous().IsNotLimited()
            .WithTags("Flags").WithName("flagEvents").WithSummary("Be told when to evaluate anew; the address is in the answer to all flags")
            .Produces(StatusCodes.Status200OK, contentType: "text/event-stream")
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithQuery(
                ("client", "The client's id.", () => ApiDescription.Text),
                ("environment", "Whose changes.", () => ApiDescription.Text),
                ("ticket", "What the answer to all flags gave.", () => ApiDescription.Text));
        if (app.ServiceProvider.GetRequiredService<IOptions<FlagOptions>>().Value.AllowedOrigins.Count > 0)
        {
            events.RequireCors(FlagOptions.CorsPolicy);
        }
    }
}
