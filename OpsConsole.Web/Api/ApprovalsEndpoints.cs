using System.Text.Json;
using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Approve;
using OpsConsole.Core.Board;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Gates.Artifacts;
using OpsConsole.Web.Identity;

namespace OpsConsole.Web.Api;

/// <summary>What a person says on a promotion that waits.</summary>
/// <param name="Comment">Up to 500 characters; at least 3 to reject.</param>
/// <param name="Seal">The seal that the list of approvals shows. Needed to approve.</param>
/// <param name="RejectArtifact">When rejecting: refuse the artifact on every target as well.</param>
internal sealed record ApprovalWordRequest(string? Comment, string? Seal, bool RejectArtifact);

/// <summary>Why something is taken back.</summary>
internal sealed record ReasonRequest(string? Reason);

/// <summary>One word on a promotion.</summary>
internal sealed record WordAnswer(string By, string Role, bool Approved, string? Comment, DateTimeOffset At, string Seal, string? Lapsed);

/// <summary>One gate as it stands.</summary>
internal sealed record GateAnswerView(string Name, Verdict Verdict, string Detail, string Source, DateTimeOffset? AsOf, bool Waivable, string? WaivedBy = null, DateTimeOffset? WaivedUntil = null);

/// <summary>A promotion that waits; where the console that answers does not go on with one that is approved, <c>decidedElsewhere</c> says why.</summary>
internal sealed record WaitingAnswer(
    ActionAnswer Action, string Title, string? Author, DateTimeOffset? ExpiresAt, string Seal, int Needed, int Given, IReadOnlyList<WordAnswer> Words, IReadOnlyList<GateAnswerView> Gates,
    IReadOnlyList<RefusalAnswer> AgainstApproving, string? DecidedElsewhere)
{
    public static WaitingAnswer From(ApprovalRequest r) => new(
        ActionAnswer.From(r.Action), r.Title, r.Author, r.Action.ExpiresAt, r.Seal, r.Needed, r.Given,
        [.. r.Words.Select(w => new WordAnswer(w.Word.By, JsonNamingPolicy.CamelCase.ConvertName(w.Word.Role), w.Word.Approved, w.Word.Comment, w.Word.At, w.Word.Seal, w.Lapsed))],
        [.. r.Gates.Select(g => new GateAnswerView(g.Name, g.Verdict, g.Detail, g.Source, g.AsOf, WaivableGates.Includes(g.Name), g.WaivedBy, g.WaivedUntil))],
        [.. r.AgainstApproving.Select(x => new RefusalAnswer(x.Code, x.Sentence))], r.DecidedElsewhere);
}

/// <summary>What waits, and what was decided last.</summary>
internal sealed record ApprovalList(IReadOnlyList<WaitingAnswer> Waiting, IReadOnlyList<WaitingAnswer> Decided);

/// <summary>An artifact that is, or was, refused everywhere.</summary>
internal sealed record RejectedArtifactAnswer(
    Guid Id, string Digest, string Title, string Reason, string RejectedBy, DateTimeOffset RejectedAt, bool InForce, string? LiftedBy, DateTimeOffset? LiftedAt, string? LiftReason)
{
    public static RejectedArtifactAnswer From(RejectedDigest r) => new(r.Id, r.Digest, r.Title, r.Reason, r.By, r.At, r.IsInForce, r.LiftedBy, r.LiftedAt, r.LiftReason);
}

/// <summary>Rejected artifacts, newest first.</summary>
internal sealed record RejectedArtifactList(IReadOnlyList<RejectedArtifactAnswer> Items);

/// <summary>Approving, rejecting and withdrawing promotions that wait, and lifting rejections of artifacts.</summary>
internal static class ApprovalsEndpoints
{
    private const int MostDecided = 20;
    private const int MostRejected = 200;

    public static void MapApprovals(this IEndpointRouteBuilder v1)
    {
        ArgumentNullException.ThrowIfNull(v1);
        v1.MapGet("approvals", ListAsync)
            .RequirePermission(Permission.HistoryRead)
            .WithTags("Approvals").WithName("listApprovals").WithSummary("Promotions that wait for approval, with seal, gates and words; and what was decided last")
            .Produces<ApprovalList>();
        Map(v1, "approve", "Agree to a promotion, on the evidence of a seal", (id, r) => new ApproveCommand(id, r.Seal, r.Comment));
        Map(v1, "reject", "End a request for approval, and with rejectArtifact refuse its artifact on every target", (id, r) => new RejectCommand(id, r.Comment, r.RejectArtifact));
        Map(v1, "withdraw", "Take a request for approval back", (id, r) => new WithdrawCommand(id, r.Comment));

        v1.MapGet("artifacts/rejected", async (IRejectedArtifactStore rejected, CancellationToken cancellationToken) =>
                new RejectedArtifactList([.. (await rejected.ListAsync(MostRejected, cancellationToken)).Select(RejectedArtifactAnswer.From)]))
            .RequirePermission(Permission.HistoryRead)
            .WithTags("Approvals").WithName("listRejectedArtifacts").WithSummary("Artifacts that are, or were, refused on every target")
            .Produces<RejectedArtifactList>();
        v1.MapPost("artifacts/rejected/{id:guid}/lift", LiftAsync)
            .RequireAtDesk(Permission.ArtifactsLift)
            .WithTags("Approvals").WithName("liftRejectedArtifact").WithSummary("Let a rejected artifact be released again, on record")
            .Accepts<ReasonRequest>("application/json").Produces<RejectedArtifactAnswer>().ProducesRecordProblems();
    }

    /// <summary>Who may say what is the rule's to say, so that a refusal is on record like any other.</summary>
    private static void Map(IEndpointRouteBuilder v1, string verb, string summary, Func<Guid, ApprovalWordRequest, ApprovalCommand> command) =>
        v1.MapPost($"actions/{{id:guid}}/{verb}", async (Guid id, HttpContext context, IApprovals approvals, CancellationToken cancellationToken) =>
            {
                var (request, problem) = await JsonBody.ReadAsync<ApprovalWordRequest>(context, ActionsEndpoints.MaxCommandBytes, cancellationToken);
                return problem ?? (context.User.ToOperator() is { } by
                    ? (await approvals.SayAsync(command(id, request!), by, cancellationToken)).ToResult()
                    : RecordResults.NoRole());
            })
            .RequireAtGate(Permission.ReleasesApprove)
            .WithTags("Approvals").WithName(verb + "Action").WithSummary(summary)
            .Accepts<ApprovalWordRequest>("application/json").Produces<ActionAnswer>(StatusCodes.Status202Accepted).ProducesRecordProblems();

    private static async Task<IResult> ListAsync(HttpContext context, IApprovals approvals, CancellationToken cancellationToken) => context.User.ToOperator() is { } by
        ? Results.Ok(new ApprovalList(
            [.. (await approvals.WaitingAsync(by, cancellationToken)).Select(WaitingAnswer.From)],
            [.. (await approvals.DecidedAsync(MostDecided, cancellationToken)).Select(WaitingAnswer.From)]))
        : RecordResults.NoRole();

    private static async Task<IResult> LiftAsync(Guid id, HttpContext context, ArtifactDesk artifacts, CancellationToken cancellationToken)
    {
        var (request, problem) = await JsonBody.ReadAsync<ReasonRequest>(context, ActionsEndpoints.MaxCommandBytes, cancellationToken);
        return problem ?? (context.User.ToOperator() is { } by
            ? (await artifacts.LiftAsync(id, request!.Reason, by, cancellationToken)).ToResult(value => Results.Ok(RejectedArtifactAnswer.From(value)))
            : RecordResults.NoRole());
    }
}
