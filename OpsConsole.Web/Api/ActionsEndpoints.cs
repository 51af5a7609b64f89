using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Halt;
using OpsConsole.Core.Actions.Promote;
using OpsConsole.Core.Actions.Resume;
using OpsConsole.Core.Actions.Rollback;
using OpsConsole.Web.Identity;
using OpsConsole.Web.Operations.Edge;

namespace OpsConsole.Web.Api;

/// <summary>Asking for actions on releases, and seeing what became of them.</summary>
internal static class ActionsEndpoints
{
    /// <summary>Longest body of a command, in bytes.</summary>
    public const int MaxCommandBytes = 16 * 1024;

    public static void MapActions(this IEndpointRouteBuilder v1)
    {
        ArgumentNullException.ThrowIfNull(v1);
        Map(v1, "promote", Permission.ReleasesPromote, "Take a release to its next stage", (id, r) => new PromoteCommand(id, r.Reason ?? "", r.SeenVersion, r.Confirmation));
        Map(v1, "halt", Permission.ReleasesHalt, "Stop a release from reaching anyone else", (id, r) => new HaltCommand(id, r.Reason ?? "", r.SeenVersion, r.Confirmation)).Stops();
        Map(v1, "resume", Permission.ReleasesResume, "Let a halted release go on", (id, r) => new ResumeCommand(id, r.Reason ?? "", r.SeenVersion, r.Confirmation));
        Map(v1, "rollback", Permission.ReleasesRollback, "Give everyone the previous version", (id, r) => new RollbackCommand(id, r.Reason ?? "", r.SeenVersion, r.Confirmation)).Stops();

        v1.MapGet("actions/{id:guid}", FindAsync)
            .RequirePermission(Permission.HistoryRead)
            .WithTags("Actions").WithName("getAction").WithSummary("One action: how far it has come, and the evidence it was judged on")
            .Produces<ActionStory>().ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <summary>Who may do what is the gate's to say, so that a refusal for the role is on record like any other.</summary>
    private static RouteHandlerBuilder Map(IEndpointRouteBuilder v1, string verb, Permission permission, string summary, Func<Guid, ActionRequest, ReleaseCommand> command) =>
        v1.MapPost($"releases/{{id:guid}}/actions/{verb}", (Guid id, HttpContext context, IActionGate gate, CancellationToken cancellationToken) =>
                AskAsync<ActionRequest>(context, gate, request => command(id, request), cancellationToken))
            .RequireAtGate(permission)
            .WithTags("Actions").WithName(verb + "Release").WithSummary(summary)
            .ProducesGateAnswers<ActionRequest>();

    /// <summary>Reads the command, passes it through the gate, and answers with what the gate said.</summary>
    internal static async Task<IResult> AskAsync<TRequest>(HttpContext context, IActionGate gate, Func<TRequest, ActionCommand> command, CancellationToken cancellationToken)
        where TRequest : class
    {
        var (request, problem) = await JsonBody.ReadAsync<TRequest>(context, MaxCommandBytes, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        if (context.User.ToOperator() is not { } by)
        {
            return Results.Problem(statusCode: StatusCodes.Status403Forbidden, title: "No role", detail: "You are signed in without a role that the console knows.");
        }

        var answer = await gate.RequestAsync(command(request!), by, cancellationToken);
        return answer.ToResult();
    }

    private static async Task<IResult> FindAsync(Guid id, IActionStore actions, CancellationToken cancellationToken) =>
        await actions.FindAsync(id, cancellationToken) is { } action
            ? Results.Ok(ActionStory.Of(action))
            : Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "Not found", detail: "There is no such action.");
}
