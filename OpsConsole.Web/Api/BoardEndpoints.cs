using OpsConsole.Core.Access;
using OpsConsole.Core.Board;
using OpsConsole.Web.Identity;

namespace OpsConsole.Web.Api;

internal static class BoardEndpoints
{
    public static void MapBoard(this IEndpointRouteBuilder v1)
    {
        ArgumentNullException.ThrowIfNull(v1);
        v1.MapGet("/board", (ReleaseBoard board, HttpContext context) =>
            {
                context.Response.Headers.CacheControl = "no-store";
                return TypedResults.Ok(BoardView.Of(board.Current));
            })
            .RequirePermission(Permission.BoardRead)
            .WithName("getBoard")
            .WithTags("Board")
            .WithSummary("The live board")
            .WithDescription("Every release on the board with its verdict and signals, worst first, as last built. To be told of changes instead of asking, join the hub at /hubs/board.")
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden);
    }
}
