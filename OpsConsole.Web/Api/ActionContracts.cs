using System.Text.Json;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Web.Operations;

namespace OpsConsole.Web.Api;

/// <summary>What a caller sends to ask for an action.</summary>
/// <param name="Reason">Why, 3 to 500 characters; goes to the record.</param>
/// <param name="SeenVersion">The release's snapshotVersion as the board showed it. Needed to promote and resume; a roll back that names one is refused where the release has changed since.</param>
/// <param name="Confirmation">The service's name, to roll back and to promote to 100 %.</param>
internal sealed record ActionRequest(string? Reason, long? SeenVersion, string? Confirmation);

/// <summary>One reason why an action was not let through.</summary>
internal sealed record RefusalAnswer(string Code, string Sentence);

/// <summary>An action as the API shows it.</summary>
internal record ActionAnswer(
    Guid Id,
    ActionVerb Verb,
    ActionPhase Phase,
    Guid? ReleaseId,
    string? SwitchKey,
    string? Service,
    string? Target,
    string? Environment,
    string? Version,
    string RequestedBy,
    string Role,
    string Reason,
    long? SeenVersion,
    double? FromExposure,
    double? ToExposure,
    DateTimeOffset RequestedAt,
    DateTimeOffset? ExecutingAt,
    DateTimeOffset? FinishedAt,
    double? SecondsToConfirmed,
    string? Outcome,
    string EvidenceSeal,
    int ApprovalsNeeded,
    DateTimeOffset? ExpiresAt)
{
    public static ActionAnswer From(ReleaseAction a) => new(
        a.Id, a.Verb, a.Phase, a.ReleaseId, a.SwitchKey, a.Service, a.Target, a.Environment, a.Version, a.RequestedBy, JsonNamingPolicy.CamelCase.ConvertName(a.Role), a.Reason, a.SeenVersion,
        a.FromExposure, a.ToExposure, a.RequestedAt, a.ExecutingAt, a.FinishedAt, a.TimeToConfirmed?.TotalSeconds, a.Outcome, a.EvidenceSeal, a.ApprovalsNeeded, a.ExpiresAt);
}

/// <summary>An action with the evidence it was judged on.</summary>
internal sealed record ActionStory : ActionAnswer
{
    private ActionStory(ActionAnswer action, JsonElement evidence)
        : base(action) => Evidence = evidence;

    /// <summary>As sealed: its canonical form hashes to the action's seal.</summary>
    public JsonElement Evidence { get; }

    public static ActionStory Of(ReleaseAction action)
    {
        using var evidence = JsonDocument.Parse(action.EvidenceJson);
        return new(From(action), evidence.RootElement.Clone());
    }
}

/// <summary>From the gate's answer to an HTTP answer.</summary>
internal static class GateResults
{
    public static IResult ToResult(this GateAnswer answer) => answer switch
    {
        GateAnswer.Accepted accepted => Results.Accepted($"/api/v1/actions/{accepted.Action.Id}", ActionAnswer.From(accepted.Action)),
        GateAnswer.Refused refused => RecordResults.Refused(refused.Refusals, "The action was refused"),
        GateAnswer.NotFound notFound => Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "Not found", detail: notFound.Sentence),
        GateAnswer.Unavailable { Sentence: GateClosing.Sentence } => new LaterResult(Results.Problem(
            statusCode: StatusCodes.Status503ServiceUnavailable, title: "The console is stopping", detail: GateClosing.Sentence)),
        GateAnswer.Unavailable unavailable => new LaterResult(Results.Problem(
            statusCode: StatusCodes.Status503ServiceUnavailable, title: "The record cannot be written", detail: unavailable.Sentence)),
        _ => throw new ArgumentOutOfRangeException(nameof(answer), answer, "Unknown answer."),
    };

    /// <summary>An answer that says when to ask again.</summary>
    private sealed class LaterResult(IResult answer) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.RetryAfter = $"{OrderlyStop.RetryAfterSeconds}";
            return answer.ExecuteAsync(httpContext);
        }
    }

    /// <summary>The answers that every action address gives, for the API document.</summary>
    public static RouteHandlerBuilder ProducesGateAnswers<TRequest>(this RouteHandlerBuilder endpoint)
        where TRequest : notnull => endpoint
        .Accepts<TRequest>("application/json")
        .Produces<ActionAnswer>(StatusCodes.Status202Accepted)
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
}
