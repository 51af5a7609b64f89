using Microsoft.Extensions.Options;
using OpsConsole.Core.Access;
using OpsConsole.Web.Identity;
using OpsConsole.Web.Operations.Edge;

namespace OpsConsole.Web.Api;

/// <summary>Flags for services and installed apps, by the OpenFeature Remote Evaluation Protocol 0.3.0.</summary>
internal static class OfrepEndpoints
{
    private const string Json = "application/json";

    public static void MapOfrep(this IEndpointRouteBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var flags = app.MapGroup("/ofrep/v1/evaluate/flags").RequirePermission(Permission.FlagsEvaluate).WithTags("Flags").IsNotLimited();
        if (app.ServiceProvider.GetRequiredService<IOptions<FlagOptions>>().Value.AllowedOrigins.Count > 0)
        {
            flags.RequireCors(FlagOptions.CorsPolicy);
        }

        flags.MapPost("/{key}", (string key, HttpContext http, OfrepAnswering answering) => answering.EvaluateAsync(key, http))
            .WithName("evaluateFlag").WithSummary("Evaluate one flag").ProducesAnswers()
            .Produces<object>(StatusCodes.Status404NotFound, Json);
        flags.MapPost("", (HttpContext http, OfrepAnswering answering) => answering.EvaluateAllAsync(http))
            .WithName("evaluateFlagsBulk").WithSummary("Evaluate all flags").ProducesAnswers()
            .Produces(StatusCodes.Status304NotModified)
            .WithQuery(
                ("environment", "Whose flags; for tokens that are no flag client's. Default production.", () => ApiDescription.Text),
                ("flagConfigEtag", "What a stream's event had as etag.", () => ApiDescription.Text),
                ("flagConfigLastModified", "What a stream's event had as lastModified.", () => ApiDescription.Text));
    }

    private static RouteHandlerBuilder ProducesAnswers(this RouteHandlerBuilder endpoint) => endpoint
        .Accepts<object>(Json)
        .Produces<object>(StatusCodes.Status200OK, Json)
        .Produces<object>(StatusCodes.Status400BadRequest, Json)
        .ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .Produces<object>(StatusCodes.Status429TooManyRequests, Json)
        .Produces<object>(StatusCodes.Status500InternalServerError, Json);
}
