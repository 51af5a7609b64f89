using OpsConsole.Core.Access;
using OpsConsole.Core.Board;
using OpsConsole.Core.Switches;
using OpsConsole.Web.Identity;

namespace OpsConsole.Web.Api;

/// <summary>Flags for services and installed apps, by the OpenFeature Remote Evaluation Protocol. Answered from memory: the database may be away.</summary>
internal static class OfrepEndpoints
{
    private const string Json = "application/json";

    public static void MapOfrep(this IEndpointRouteBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var flags = app.MapGroup("/ofrep/v1/evaluate/flags").RequirePermission(Permission.FlagsEvaluate).WithTags("Flags");
        flags.MapPost("/{key}", EvaluateAsync).WithSummary("Evaluate one flag").Accepts<object>(Json)
            .Produces<object>(StatusCodes.Status200OK, Json)
            .Produces<object>(StatusCodes.Status400BadRequest, Json)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .Produces<object>(StatusCodes.Status404NotFound, Json)
            .Produces<object>(StatusCodes.Status500InternalServerError, Json);
        flags.MapPost("", EvaluateAllAsync).WithSummary("Evaluate all flags").Accepts<object>(Json)
            .Produces<object>(StatusCodes.Status200OK, Json)
            .Produces(StatusCodes.Status304NotModified)
            .Produces<object>(StatusCodes.Status400BadRequest, Json)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .Produces<object>(StatusCodes.Status500InternalServerError, Json);
    }

    private static async Task<IResult> EvaluateAsync(string key, HttpRequest request, SwitchBoard switches, CancellationToken cancellationToken)
    {
        var read = await FlagRequest.ReadAsync(request, cancellationToken);
        if (read.ErrorCode is not null)
        {
            return Answer(StatusCodes.Status400BadRequest, new { key, read.ErrorCode, read.ErrorDetails });
        }

        if (switches.Find(key) is { } found)
        {
            return Results.Ok(Success(found));
        }

        return switches.IsLoaded
            ? Answer(StatusCodes.Status404NotFound, new { key, errorCode = "FLAG_NOT_FOUND", errorDetails = "There is no flag of that key." })
            : NotLoaded();
    }

    private static async Task<IResult> EvaluateAllAsync(HttpRequest request, HttpResponse response, SwitchBoard switches, CancellationToken cancellationToken)
    {
        var read = await FlagRequest.ReadAsync(request, cancellationToken);
        if (read.ErrorCode is not null)
        {
            return Answer(StatusCodes.Status400BadRequest, new { read.ErrorCode, read.ErrorDetails });
        }

        if (!switches.IsLoaded)
        {
            return NotLoaded();
        }

        var all = switches.All;
        var tag = FlagEvaluation.Tag(all);
        response.Headers.ETag = $"\"{tag}\"";
        return IsKnown(request, tag)
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : Results.Ok(new { flags = all.Select(Success) });
    }

    private static object Success(SwitchSummary value)
    {
        var flag = FlagEvaluation.Of(value);
        return new { flag.Key, flag.Value, FlagEvaluation.Reason, flag.Variant, flag.Metadata };
    }

    /// <summary>Tags are compared without quotes and weakness marks, as clients send them in several forms.</summary>
    private static bool IsKnown(HttpRequest request, string tag) => request.Headers.IfNoneMatch
        .SelectMany(line => (line ?? "").Split(','))
        .Select(one => one.Trim())
        .Select(one => one.StartsWith("W/", StringComparison.Ordinal) ? one[2..] : one)
        .Any(one => one == "*" || one.Trim('"') == tag);

    private static IResult NotLoaded() =>
        Answer(StatusCodes.Status500InternalServerError, new { errorDetails = "The flags have not been read from the database yet. Keep the last values you had." });

    private static IResult Answer(int status, object body) => Results.Json(body, statusCode: status);
}
