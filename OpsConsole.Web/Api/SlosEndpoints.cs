using OpsConsole.Core.Access;
using OpsConsole.Core.Slos;
using OpsConsole.Web.Identity;
using OpsConsole.Web.Slos;

namespace OpsConsole.Web.Api;

/// <summary>Service-level objectives: reading how they stand, defining them, taking them away.</summary>
internal static class SlosEndpoints
{
    /// <summary>Longest body of a definition, in bytes.</summary>
    public const int MaxBytes = 32 * 1024;

    private const int MaxAlerts = 100;

    public static void MapSlos(this IEndpointRouteBuilder v1)
    {
        ArgumentNullException.ThrowIfNull(v1);
        v1.MapGet("slos", (ISloStandings standings) => new SloList([.. standings.All.Select(SloAnswerItem.From)]))
            .RequirePermission(Permission.SlosRead)
            .WithTags("Slos").WithName("listSlos").WithSummary("Every service-level objective with its standing, the worst first")
            .Produces<SloList>();

        v1.MapGet("slos/{name}", FindAsync)
            .RequirePermission(Permission.SlosRead)
            .WithTags("Slos").WithName("getSlo").WithSummary("One objective: definition, budget, windows, alerts, and what each release spent")
            .Produces<SloStory>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status503ServiceUnavailable);

        v1.MapPut("slos/{name}", PutAsync)
            .RequirePermission(Permission.SlosWrite)
            .WithTags("Slos").WithName("putSlo").WithSummary("Define an objective, or change it")
            .WithDescription("What was counted stays as long as service, environment, target, signal and share stay the same; otherwise counting begins at nothing.")
            .Accepts<SloDefinition>("application/json")
            .Produces<SloAnswerItem>().Produces<SloAnswerItem>(StatusCodes.Status201Created)
            .ProducesValidationProblem().ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status503ServiceUnavailable);

        v1.MapDelete("slos/{name}", DeleteAsync)
            .RequirePermission(Permission.SlosWrite)
            .WithTags("Slos").WithName("deleteSlo").WithSummary("Take an objective away, with what was counted for it; its alerts stay on record")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<IResult> FindAsync(string name, SloBook book, ISloStore store, ReleaseSpends spends, CancellationToken cancellationToken)
    {
        if (book.Find(name) is not { } standing)
        {
            return NotFound("There is no objective of that name.");
        }

        var history = await store.AlertsAsync(name, MaxAlerts, cancellationToken);
        var releases = await spends.OfAsync(standing.Slo, cancellationToken);
        return Results.Ok(new SloStory(
            SloDefinitionAnswer.From(standing.Slo), SloStandingAnswer.From(standing), [.. history.Select(a => SloAlertAnswer.From(a, standing))], [.. releases.Select(ReleaseSpendAnswer.From)]));
    }

    private static async Task<IResult> PutAsync(string name, HttpContext context, SloRegister register, SloBook book, CancellationToken cancellationToken)
    {
        var (definition, problem) = await JsonBody.ReadAsync<SloDefinition>(context, MaxBytes, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        return await register.PutAsync(name, definition!, context.User.ToOperator()!, cancellationToken) switch
        {
            SloAnswer.Defined { IsNew: true } => Results.Created($"/api/v1/slos/{name}", book.Find(name) is { } added ? SloAnswerItem.From(added) : null),
            SloAnswer.Defined => Results.Ok(book.Find(name) is { } changed ? SloAnswerItem.From(changed) : null),
            SloAnswer.Invalid invalid => Results.ValidationProblem(
                invalid.Faults.GroupBy(f => f.Path).ToDictionary(g => g.Key, g => g.Select(f => f.Sentence).ToArray()),
                title: "The objective is not valid", detail: string.Join(" ", invalid.Faults.Select(f => $"{f.Path}: {f.Sentence}"))),
            SloAnswer.NotPermitted refused => Results.Problem(statusCode: StatusCodes.Status403Forbidden, title: "Not permitted", detail: refused.Sentence),
            var other => throw new InvalidOperationException($"Unknown answer {other}."),
        };
    }

    private static async Task<IResult> DeleteAsync(string name, HttpContext context, SloRegister register, CancellationToken cancellationToken) =>
        await register.DeleteAsync(name, context.User.ToOperator()!, cancellationToken) switch
        {
            SloAnswer.Removed => Results.NoContent(),
            SloAnswer.NotFound missing => NotFound(missing.Sentence),
            SloAnswer.NotPermitted refused => Results.Problem(statusCode: StatusCodes.Status403Forbidden, title: "Not permitted", detail: refused.Sentence),
            var other => throw new InvalidOperationException($"Unknown answer {other}."),
        };

    private static IResult NotFound(string sentence) => Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "Not found", detail: sentence);
}
