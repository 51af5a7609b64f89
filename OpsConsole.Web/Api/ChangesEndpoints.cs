using OpsConsole.Core.Access;
using OpsConsole.Core.Gates.Evidence;
using OpsConsole.Core.Releases;
using OpsConsole.Web.Identity;

namespace OpsConsole.Web.Api;

/// <summary>The change set of a release as the API shows it when it was posted.</summary>
internal sealed record ChangesReceipt(Guid ReleaseId, string Digest, DateTimeOffset PostedAt, string PostedBy, ChangeSize? Size);

/// <summary>What exactly changed: the change set of a release, and the sum between two releases.</summary>
internal static class ChangesEndpoints
{
    /// <summary>Longest body of a change set, in bytes.</summary>
    public const int MaxBytes = 1024 * 1024;

    public static void MapChanges(this IEndpointRouteBuilder v1)
    {
        ArgumentNullException.ThrowIfNull(v1);
        v1.MapPut("releases/{id:guid}/changes", PutAsync)
            .RequirePermission(Permission.ReleasesRegister)
            .WithTags("Releases").WithName("putReleaseChanges").WithSummary("Say what exactly a release changes; once said it stays")
            .WithDescription("Against the version before it: code, config keys, schema, flags, dependencies, infrastructure, and the names of secrets. The same content again is answered with 200, another with 409.")
            .Accepts<ChangeSet>("application/json")
            .Produces<ChangesReceipt>().Produces<ChangesReceipt>(StatusCodes.Status201Created)
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge);

        v1.MapGet("releases/{id:guid}/changes", GetAsync)
            .RequirePermission(Permission.HistoryRead)
            .WithTags("Releases").WithName("getReleaseChanges").WithSummary("What a release changes, or everything that changed since another release")
            .WithQuery(("since", "Id of an earlier release of the same service.", () => ApiDescription.Text))
            .Produces<ChangesBetween>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> PutAsync(HttpContext context, Guid id, RecordChanges record, EvidenceNews news, CancellationToken cancellationToken)
    {
        var (set, problem) = await JsonBody.ReadAsync<ChangeSet>(context, MaxBytes, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        var answer = await record.PutAsync(id, set!, context.User.ToOperator()!, cancellationToken);
        if (answer is ChangesAnswer.Kept { IsNew: true })
        {
            news.Note(id);
        }

        return Answer(answer);
    }

    private static async Task<IResult> GetAsync(Guid id, HttpRequest request, RecordChanges record, CancellationToken cancellationToken)
    {
        Guid? since = null;
        if (request.Query.TryGetValue("since", out var text))
        {
            if (!Guid.TryParse(text, out var read))
            {
                return Results.ValidationProblem(new Dictionary<string, string[]> { ["since"] = ["Must be the id of a release."] }, title: "The query cannot be understood");
            }

            since = read;
        }

        return Answer(await record.FindAsync(id, since, cancellationToken));
    }

    private static IResult Answer(ChangesAnswer answer) => answer switch
    {
        ChangesAnswer.Kept kept when kept.IsNew => Results.Created($"/api/v1/releases/{kept.Changes.ReleaseId}/changes", Receipt(kept)),
        ChangesAnswer.Kept kept => Results.Ok(Receipt(kept)),
        ChangesAnswer.Found found => Results.Ok(found.Between),
        ChangesAnswer.Invalid invalid => Results.ValidationProblem(
            invalid.Faults.GroupBy(f => f.Path).ToDictionary(g => g.Key, g => g.Select(f => f.Sentence).ToArray()),
            title: "The change set is not valid", detail: string.Join(" ", invalid.Faults.Take(10).Select(f => $"{f.Path}: {f.Sentence}"))),
        ChangesAnswer.Conflict conflict => Problem(StatusCodes.Status409Conflict, "The release has another change set", conflict.Sentence),
        ChangesAnswer.Missing missing => Problem(StatusCodes.Status404NotFound, "Not found", missing.Sentence),
        ChangesAnswer.Incomparable refused => Problem(StatusCodes.Status400BadRequest, "The releases cannot be compared", refused.Sentence),
        ChangesAnswer.NotPermitted refused => Problem(StatusCodes.Status403Forbidden, "Not permitted", refused.Sentence),
        _ => throw new InvalidOperationException($"Unknown answer {answer}."),
    };

    private static ChangesReceipt Receipt(ChangesAnswer.Kept kept) =>
        new(kept.Changes.ReleaseId, kept.Changes.Digest, kept.Changes.At, kept.Changes.By, kept.Set.Code is { } code ? ChangeSize.Of(code) : null);

    private static IResult Problem(int status, string title, string detail) => Results.Problem(statusCode: status, title: title, detail: detail);
}
