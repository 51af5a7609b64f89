using OpsConsole.Core.Access;
using OpsConsole.Core.Policies.Judging;
using OpsConsole.Core.Policies.Replay;
using OpsConsole.Core.Releases;
using OpsConsole.Web.Identity;
using OpsConsole.Web.Operations.Edge;

namespace OpsConsole.Web.Api;

/// <summary>Policies against recorded history, and the judge over a release's own record (docs/replay.md).</summary>
internal static class ReplayEndpoints
{
    /// <summary>Longest body, in bytes: two policy texts of the longest there may be.</summary>
    public const int MaxReplayBytes = 640 * 1024;

    public static void MapReplay(this IEndpointRouteBuilder v1)
    {
        ArgumentNullException.ThrowIfNull(v1);
        v1.MapPost("policies/replay", ReplayAsync)
            .RequirePermission(Permission.HistoryRead).TakesLong()
            .WithTags("Policies").WithName("replayPolicy").WithSummary("What a policy would have done with a release, by the record")
            .WithDescription("Without policy and policyName the release's own policy is replayed. Nothing is changed and nothing is kept.")
            .Accepts<ReplayRequest>("application/json")
            .Produces<ReplayAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

        v1.MapGet("releases/{id:guid}/analysis", LatestAsync)
            .RequirePermission(Permission.HistoryRead)
            .WithTags("Analysis").WithName("getReleaseAnalysis").WithSummary("The latest analysis of a release that was kept")
            .Produces<StageReport>().ProducesProblem(StatusCodes.Status404NotFound);

        v1.MapPost("releases/{id:guid}/analysis", AnalyseAsync)
            .RequirePermission(Permission.HistoryRead).TakesLong()
            .WithTags("Analysis").WithName("analyseRelease").WithSummary("Have the judge look at a release now")
            .WithDescription("Over the points of its present stage. Without a policy that asks for an analysis every signal is compared, and nothing is kept.")
            .Produces<StageReport>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<IResult> ReplayAsync(HttpContext context, PolicyReplays replays, CancellationToken cancellationToken)
    {
        var (request, problem) = await JsonBody.ReadAsync<ReplayRequest>(context, MaxReplayBytes, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        var faults = new Dictionary<string, string[]>();
        if (request!.ReleaseId is null)
        {
            faults["releaseId"] = ["Is missing; give the id of the release."];
        }

        Note("policy", request);
        Note("compareWith", request.CompareWith);
        if (faults.Count > 0)
        {
            return Results.ValidationProblem(faults, title: "The replay cannot be understood", detail: string.Join(" ", faults.Select(f => $"{f.Key}: {f.Value[0]}")));
        }

        PolicyChoice[] choices = request.CompareWith is { } other ? [request.Choice, other.Choice] : [request.Choice];
        return await replays.RunAsync(request.ReleaseId!.Value, choices, cancellationToken) switch
        {
            null => NoRelease(),
            { } set when set.Policies.Any(p => p.Outcome is null) => Unusable(set),
            { } set => Results.Ok(ReplayAnswer.Of(set)),
        };

        void Note(string path, ReplayPolicyRequest? policy)
        {
            if (policy?.Fault is { } fault)
            {
                faults[path] = [fault];
            }
        }
    }

    private static IResult Unusable(ReplaySet set)
    {
        var errors = set.Policies.SelectMany((p, i) => p.Errors.Select(e => new ReplayFault(In(i), e.Line, e.Column, e.Message, e.Suggestion))).ToList();
        var missing = set.Policies.Select((p, i) => p.Missing is { } why ? $"{In(i)}: {why}" : null).OfType<string>();
        var faulty = set.Policies.Select((p, i) => p.Errors.Count > 0 ? $"{In(i)}: {p.Errors[0].Sentence}" : null).OfType<string>();
        return Results.Problem(
            statusCode: StatusCodes.Status422UnprocessableEntity, title: "The policy cannot be replayed", detail: string.Join(" ", missing.Concat(faulty)),
            extensions: new Dictionary<string, object?> { ["errors"] = errors });

        static string In(int index) => index == 0 ? "policy" : "compareWith";
    }

    private static async Task<IResult> LatestAsync(Guid id, StageAnalyses analyses, IReleaseStore releases, CancellationToken cancellationToken)
    {
        if (await releases.FindAsync(id, cancellationToken) is null)
        {
            return NoRelease();
        }

        return await analyses.LatestAsync(id, cancellationToken) is { } report
            ? Results.Ok(report)
            : Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "No analysis", detail: "No analysis of this release has been kept; its policy may not ask for one.");
    }

    private static async Task<IResult> AnalyseAsync(Guid id, StageAnalyses analyses, IReleaseStore releases, CancellationToken cancellationToken)
    {
        if (await releases.FindAsync(id, cancellationToken) is null)
        {
            return NoRelease();
        }

        return await analyses.AnalyseAsync(id, cancellationToken) is { } report
            ? Results.Ok(report)
            : Results.Problem(statusCode: StatusCodes.Status409Conflict, title: "Nothing to analyse", detail: "Nobody has had this release yet, so there is nothing to compare.");
    }

    private static IResult NoRelease() => Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "Not found", detail: "There is no such release.");
}
