using Microsoft.OpenApi;
using OpsConsole.Core.Access;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Gates.Evidence;
using OpsConsole.Core.Releases;
using OpsConsole.Web.Api.Push;
using OpsConsole.Web.Identity;

namespace OpsConsole.Web.Api;

/// <summary>Where pipelines post what they found out about a release (docs/gates.md).</summary>
internal static class EvidenceEndpoints
{
    private const int MostCriticalPaths = 50;

    public static void MapEvidence(this IEndpointRouteBuilder v1)
    {
        ArgumentNullException.ThrowIfNull(v1);
        v1.MapPost("releases/{id:guid}/evidence", PostAsync)
            .RequirePermission(Permission.EvidenceWrite)
            .DisableAntiforgery()
            .WithTags("Evidence").WithName("postEvidence").WithSummary("Post a document about a release: a test report, findings, a plan, a signature")
            .WithDescription(
                "The body is the document as it is. It is read, held against the release's artifact and kept as a summary; the document itself is not kept. "
                + "The same document of the same stage and source again is answered with the item that is there.")
            .WithQuery(
                ("kind", "What the document is. Required.", static () => ApiDescription.OneOf(EvidenceCodes.OfKinds)),
                ("stage", "The pipeline stage. Required for junit, result and test results in in-toto; the others have one of their own.", static () => ApiDescription.OneOf(EvidenceCodes.OfStages)),
                ("source", "What made it, for example the job's name. Required. A newer document of the same stage and source takes the place of this one.", static () => ApiDescription.Text),
                ("lineBudget", "Coverage: lowest share of lines, in percent.", static () => ApiDescription.Text),
                ("branchBudget", "Coverage: lowest share of branches, in percent.", static () => ApiDescription.Text),
                ("criticalPath", "Test reports: beginning of the names of tests on a critical path; may be there several times.", static () => ApiDescription.Text),
                ("dialect", "Migration SQL: postgres (the default) or sqlserver.", static () => ApiDescription.OneOf(["postgres", "sqlserver"])))
            .AddOpenApiOperationTransformer(static (operation, _, _) =>
            {
                // Described here and not by metadata: that would answer other types before the refusal could be put on the record.
                operation.RequestBody = new OpenApiRequestBody { Required = true, Content = EvidenceMedia.All.ToDictionary(static type => type, static _ => new OpenApiMediaType()) };
                return Task.CompletedTask;
            })
            .Produces<EvidenceView>(StatusCodes.Status201Created)
            .Produces<EvidenceView>()
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

        v1.MapGet("releases/{id:guid}/evidence", ListAsync)
            .RequirePermission(Permission.HistoryRead)
            .WithTags("Evidence").WithName("listEvidence").WithSummary("All evidence of a release, newest first, at most 1,000 items")
            .Produces<EvidenceList>().ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> PostAsync(HttpContext context, Guid id, SubmitEvidence submit, TimeProvider time, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context.Request.Query);
        var kind = query.Code<EvidenceKind>("kind", EvidenceCodes.OfKinds, EvidenceCodes.FindKind, required: true);
        var wanted = new EvidenceSubmission(id, kind ?? default, query.Required("source", EvidenceSubmission.MaxSourceLength, "what made the document, for example the job's name"), default)
        {
            Stage = query.Code<PipelineStage>("stage", EvidenceCodes.OfStages, EvidenceCodes.FindStage, required: kind is EvidenceKind.Junit or EvidenceKind.Result),
            LineBudget = query.Percent("lineBudget"),
            BranchBudget = query.Percent("branchBudget"),
            CriticalPaths = query.Texts("criticalPath", MostCriticalPaths),
            SqlServer = query.Code<bool>("dialect", ["postgres", "sqlserver"], static d => d switch { "postgres" => false, "sqlserver" => true, _ => null }) ?? false,
        };
        if (query.Problem is { } problem)
        {
            return problem;
        }

        var by = context.User.ToOperator()!;
        if (EvidenceMedia.Refusal(context.Request, wanted.Kind) is { } wrongType)
        {
            await submit.RefusedAsync(id, by, wrongType);
            return Problem(StatusCodes.Status415UnsupportedMediaType, "Media type not supported", wrongType);
        }

        if (ContentCoding.Refusal(context.Request) is { } encoded)
        {
            await submit.RefusedAsync(id, by, "The body has a Content-Encoding.");
            return encoded;
        }

        var most = EvidenceReader.MaxBytes(wanted.Kind);
        using var body = await BoundedBody.ReadAsync(context.Request, most, cancellationToken);
        if (body is null)
        {
            var tooLarge = $"A document of the kind {wanted.Kind.Code()} has at most {most / 1024:N0} KiB. Nothing was kept.";
            await submit.RefusedAsync(id, by, tooLarge);
            return Problem(StatusCodes.Status413PayloadTooLarge, "Too large", tooLarge);
        }

        return Answer(await submit.SubmitAsync(wanted with { Document = body.Memory }, by, cancellationToken), time.GetUtcNow());
    }

    private static async Task<IResult> ListAsync(Guid id, IReleaseStore releases, IEvidenceStore evidence, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await releases.FindAsync(id, cancellationToken) is not { } release)
        {
            return Problem(StatusCodes.Status404NotFound, "Not found", "There is no such release.");
        }

        var now = time.GetUtcNow();
        var items = EvidenceHistory.Of(await evidence.ForReleaseAsync(id, cancellationToken));
        return Results.Ok(new EvidenceList(id, release.Artifact.Digest, [.. items.Select(i => EvidenceView.From(i.Item, i.Superseded, now))]));
    }

    private static IResult Answer(EvidenceAnswer answer, DateTimeOffset now) => answer switch
    {
        EvidenceAnswer.Accepted done => Results.Created($"/api/v1/releases/{done.Item.ReleaseId}/evidence", EvidenceView.From(done.Item, superseded: false, now)),
        EvidenceAnswer.Repeated there => Results.Ok(EvidenceView.From(there.Item, there.Superseded, now)),
        EvidenceAnswer.NotFound none => Problem(StatusCodes.Status404NotFound, "Not found", none.Sentence),
        EvidenceAnswer.NotPermitted refused => Problem(StatusCodes.Status403Forbidden, "Not permitted", refused.Sentence),
        EvidenceAnswer.WrongArtifact other => Problem(StatusCodes.Status409Conflict, "Evidence for another artifact", other.Sentence),
        EvidenceAnswer.Unreadable unreadable => Results.Problem(
            statusCode: StatusCodes.Status422UnprocessableEntity, title: "The document cannot be read",
            detail: $"{unreadable.Sentence}{(unreadable.Line is { } line ? $" Line {line}{(unreadable.Column is { } column ? $", column {column}" : "")}." : "")} Nothing was kept.",
            extensions: new Dictionary<string, object?> { ["line"] = unreadable.Line, ["column"] = unreadable.Column }),
        EvidenceAnswer.Unavailable away => Problem(StatusCodes.Status503ServiceUnavailable, "The record cannot be written", away.Sentence),
        _ => throw new InvalidOperationException($"Unknown answer {answer}."),
    };

    private static IResult Problem(int status, string title, string detail) => Results.Problem(statusCode: status, title: title, detail: detail);
}
