using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Gates;

namespace OpsConsole.Web.Api;

/// <summary>From the answer of a change to waivers, windows or rejected artifacts to an HTTP answer.</summary>
internal static class RecordResults
{
    public static IResult ToResult<T>(this RecordAnswer<T> answer, Func<T, IResult> done) => answer switch
    {
        RecordAnswer<T>.Done made => done(made.Value),
        RecordAnswer<T>.Refused refused => Refused(refused.Refusals, "The change was refused"),
        RecordAnswer<T>.NotFound missing => Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "Not found", detail: missing.Sentence),
        RecordAnswer<T>.Unavailable away => Results.Problem(statusCode: StatusCodes.Status503ServiceUnavailable, title: "The record cannot be written", detail: away.Sentence),
        _ => throw new ArgumentOutOfRangeException(nameof(answer), answer, "Unknown answer."),
    };

    /// <summary>Every refusal; 403 where the role is one of them, else 409.</summary>
    public static IResult Refused(IReadOnlyList<Refusal> refusals, string title) => Results.Problem(
        statusCode: refusals.Any(r => r is NotPermittedRefusal or IRoleRefusal) ? StatusCodes.Status403Forbidden : StatusCodes.Status409Conflict,
        title: title,
        detail: string.Join(" ", refusals.Select(r => r.Sentence)),
        extensions: new Dictionary<string, object?> { ["refusals"] = refusals.Select(r => new RefusalAnswer(r.Code, r.Sentence)).ToArray() });

    public static IResult NoRole() => Results.Problem(statusCode: StatusCodes.Status403Forbidden, title: "No role", detail: "You are signed in without a role that the console knows.");

    /// <summary>The problems that every such address answers with, for the API document.</summary>
    public static RouteHandlerBuilder ProducesRecordProblems(this RouteHandlerBuilder endpoint) => endpoint
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
}
