using System.Text.Json;
using OpsConsole.Core.Access;
using OpsConsole.Core.Audit;
using OpsConsole.Web.Identity;
using OpsConsole.Web.Operations.Edge;

namespace OpsConsole.Web.Api;

/// <summary>One line of the audit.</summary>
internal sealed record AuditLine(
    long Id,
    DateTimeOffset At,
    string Actor,
    string Role,
    string Event,
    string Subject,
    string SubjectTitle,
    string Outcome,
    string? Reason,
    string? Detail,
    Guid? ActionId,
    string? EvidenceSeal)
{
    public static AuditLine From(AuditEntry e) =>
        new(e.Id, e.At, e.Actor, JsonNamingPolicy.CamelCase.ConvertName(e.Role), e.Event, e.Subject, e.SubjectTitle, e.Outcome, e.Reason, e.Detail, e.ActionId, e.EvidenceSeal);
}

/// <summary>A page of the audit; <c>total</c> is null when the rows were not counted.</summary>
internal sealed record AuditPage(long? Total, IReadOnlyList<AuditLine> Items);

/// <summary>Reading the audit.</summary>
internal static class AuditEndpoints
{
    private const int MaxTake = 200;
    private const int MostRows = 10_000;

    public static void MapAudit(this IEndpointRouteBuilder v1)
    {
        ArgumentNullException.ThrowIfNull(v1);
        v1.MapGet("audit", ReadAsync)
            .RequirePermission(Permission.AuditRead)
            .WithTags("Audit").WithName("readAudit").WithSummary("Who asked for what and what came of it, newest first")
            .WithQuery(
                ("actor", "Who asked.", () => ApiDescription.Text),
                ("event", "What was asked for; several with commas between.", () => ApiDescription.Text),
                ("outcome", "What came of it.", () => ApiDescription.Text),
                ("subject", "What it was about.", () => ApiDescription.Text),
                ("from", "Earliest; without an offset it is UTC.", () => ApiDescription.Instant),
                ("to", "Latest; without an offset it is UTC.", () => ApiDescription.Instant),
                ("skip", "Lines to pass over.", () => ApiDescription.Number(0, 0, int.MaxValue)),
                ("take", "Lines to answer with.", () => ApiDescription.Number(50, 1, MaxTake)))
            .Produces<AuditPage>().ProducesProblem(StatusCodes.Status400BadRequest);
        v1.MapGet("audit/csv", CsvAsync)
            .RequirePermission(Permission.AuditRead).TakesLong()
            .WithTags("Audit").WithName("auditCsv").WithSummary("The newest 10,000 lines that fit, for a spreadsheet; the whole audit with its chain is at audit/export")
            .WithDescription("Takes the filters of audit. What would be a formula begins with an apostrophe.")
            .Produces<string>(StatusCodes.Status200OK, "text/csv").ProducesProblem(StatusCodes.Status400BadRequest);
        v1.MapGet("audit/verify", VerifyAsync)
            .RequirePermission(Permission.AuditRead).TakesLong()
            .WithTags("Audit").WithName("verifyAudit").WithSummary("Follows the chain over the whole audit and names every line that was changed, removed or moved")
            .Produces<AuditReport>();
        v1.MapGet("audit/export", ExportAsync)
            .RequirePermission(Permission.AuditRead).TakesLong()
            .WithTags("Audit").WithName("exportAudit").WithSummary("The whole audit with its chain, oldest first, a JSON object a line")
            .WithQuery(("after", "Begins after this place of the chain.", () => ApiDescription.Number(0, 0, int.MaxValue)))
            .Produces<string>(StatusCodes.Status200OK, AuditExport.ContentType).ProducesProblem(StatusCodes.Status400BadRequest);
    }

    private static async Task<IResult> VerifyAsync(AuditVerifier verifier, CancellationToken cancellationToken) => Results.Ok(await verifier.VerifyAsync(cancellationToken));

    private static IResult ExportAsync(HttpRequest request, IAuditChainStore chain, CancellationToken cancellationToken)
    {
        var query = new QueryReader(request.Query);
        var after = query.Number("after", 0, 0, int.MaxValue);
        return query.Problem ?? Results.Stream(to => new AuditExport(chain).WriteAsync(after, to, cancellationToken), AuditExport.ContentType, "audit.ndjson");
    }

    private static async Task<IResult> ReadAsync(HttpRequest request, IAuditStore audit, CancellationToken cancellationToken)
    {
        var query = new QueryReader(request.Query);
        var wanted = Read(query);
        if (query.Problem is { } problem)
        {
            return problem;
        }

        var page = await audit.PageAsync(wanted, cancellationToken);
        return Results.Ok(new AuditPage(page.Total, [.. page.Items.Select(AuditLine.From)]));
    }

    private static IResult CsvAsync(HttpRequest request, IAuditStore audit, CancellationToken cancellationToken)
    {
        var query = new QueryReader(request.Query);
        var wanted = Read(query) with { Take = MaxTake };
        return query.Problem ?? CsvText.File("audit.csv", ["at", "actor", "role", "event", "subject", "about", "outcome", "reason", "detail", "action", "evidence"], MostRows, async skip =>
            [.. (await audit.PageAsync(wanted with { Skip = skip }, cancellationToken)).Items
                .Select(e => (IEnumerable<object?>)[e.At, e.Actor, e.Role, e.Event, e.Subject, e.SubjectTitle, e.Outcome, e.Reason, e.Detail, e.ActionId, e.EvidenceSeal])]);
    }

    private static AuditQuery Read(QueryReader query) => new()
    {
        Actor = query.Text("actor"),
        Event = query.Text("event"),
        Outcome = query.Text("outcome"),
        Subject = query.Text("subject"),
        From = query.Instant("from"),
        To = query.Instant("to"),
        Skip = query.Number("skip", 0, 0, int.MaxValue),
        Take = query.Number("take", 50, 1, MaxTake),
    };
}
