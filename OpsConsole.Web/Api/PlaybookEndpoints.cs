using OpsConsole.Core.Access;
using OpsConsole.Core.Board;
using OpsConsole.Core.Recovery;
using OpsConsole.Web.Identity;

namespace OpsConsole.Web.Api;

/// <summary>The playbook's word on a release, as the board has it at this moment.</summary>
/// <param name="ReleaseId">Of which release.</param>
/// <param name="SnapshotVersion">What it was worked out of; a command may name it as the version that was seen.</param>
/// <param name="AsOf">When that snapshot was built.</param>
/// <param name="Fault">What broke.</param>
/// <param name="Recommended">Always possible.</param>
/// <param name="Why">One sentence.</param>
/// <param name="NotRollingBack">Why not to roll back, where that is the point; else null.</param>
/// <param name="Moves">All of them, the recommended one first.</param>
public sealed record PlaybookAnswer(
    Guid ReleaseId, long SnapshotVersion, DateTimeOffset AsOf, FaultKind Fault, RecoveryMove Recommended, string Why, string? NotRollingBack, IReadOnlyList<MoveAdvice> Moves);

/// <summary>What to do about a release.</summary>
internal static class PlaybookEndpoints
{
    public static void MapPlaybook(this IEndpointRouteBuilder v1)
    {
        ArgumentNullException.ThrowIfNull(v1);
        v1.MapGet("releases/{id:guid}/playbook", Find)
            .RequirePermission(Permission.BoardRead)
            .WithTags("Recovery").WithName("getReleasePlaybook").WithSummary("The recommended move for a release, and every other: possible or not and why, how long it takes here, what stays exposed, what it costs")
            .Produces<PlaybookAnswer>().ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static IResult Find(Guid id, ReleaseBoard board, PlaybookReading playbook)
    {
        if (board.Find(id) is not { } release)
        {
            return Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "Not on the board", detail: "No release with this id is on the live board, so nothing can be done about it from here.");
        }

        var advice = playbook.Advise(release);
        return Results.Ok(new PlaybookAnswer(release.Id, release.SnapshotVersion, release.AsOf, advice.Fault, advice.Recommended, advice.Why, advice.NotRollingBack, advice.Moves));
    }
}
