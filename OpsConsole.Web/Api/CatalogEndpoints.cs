using OpsConsole.Core.Access;
using OpsConsole.Web.Catalog;
using OpsConsole.Web.Identity;

namespace OpsConsole.Web.Api;

/// <summary>The catalogue of services, and applying what its files changed.</summary>
internal static class CatalogEndpoints
{
    public static void MapCatalog(this IEndpointRouteBuilder v1)
    {
        ArgumentNullException.ThrowIfNull(v1);
        v1.MapGet("catalog", (CatalogBook book) => CatalogAnswer.From(book.Standing))
            .RequirePermission(Permission.CatalogRead)
            .WithTags("Catalogue").WithName("getCatalog").WithSummary("The catalogue of services: what holds, what waits to be applied, what is wrong")
            .Produces<CatalogAnswer>();
        v1.MapPost("catalog/apply", ApplyAsync)
            .RequirePermission(Permission.CatalogWrite)
            .WithTags("Catalogue").WithName("applyCatalog").WithSummary("Apply what the files changed, all of it or nothing")
            .WithDescription("Send waiting.seen of what was looked at: where files, or what holds, changed after that, nothing is applied and the answer is 409.")
            .Accepts<CatalogApplyRequest>("application/json").Produces<CatalogVersionAnswer>().ProducesRecordProblems();
    }

    private static async Task<IResult> ApplyAsync(HttpContext context, CatalogBook book, CancellationToken cancellationToken)
    {
        var (request, problem) = await JsonBody.ReadAsync<CatalogApplyRequest>(context, ActionsEndpoints.MaxCommandBytes, cancellationToken);
        return problem ?? (context.User.ToOperator() is { } by
            ? (await book.ApplyAsync(request!.Seen, by, cancellationToken)).ToResult(v => Results.Ok(CatalogVersionAnswer.From(v)))
            : RecordResults.NoRole());
    }
}
