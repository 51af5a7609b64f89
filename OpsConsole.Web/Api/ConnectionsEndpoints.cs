using OpsConsole.Core.Access;
using OpsConsole.Core.Catalog;
using OpsConsole.Web.Connections;
using OpsConsole.Web.Identity;

namespace OpsConsole.Web.Api;

/// <summary>Sources and targets: how each does, and having one read now.</summary>
internal static class ConnectionsEndpoints
{
    /// <summary>Longest version that can be asked about.</summary>
    private const int MaxVersion = 64;

    public static void MapConnections(this IEndpointRouteBuilder v1)
    {
        ArgumentNullException.ThrowIfNull(v1);
        v1.MapGet("sources", (string? service, SourceReading sources) => new SourceList([.. sources.All().Where(s => string.IsNullOrEmpty(service) || s.Binding.Service == service).Select(SourceAnswer.From)]))
            .RequirePermission(Permission.BoardRead)
            .WithTags("Sources").WithName("listSources").WithSummary("Every source and what was last found of each of its signals, the worst first")
            .WithDescription("With `service` those of that service alone.")
            .Produces<SourceList>();
        v1.MapGet("sources/{key}", (string key, SourceReading sources) => sources.Find(key) is { } found ? Results.Ok(SourceAnswer.From(found)) : NotFound("There is no source of that key."))
            .RequirePermission(Permission.BoardRead)
            .WithTags("Sources").WithName("getSource").WithSummary("One source")
            .Produces<SourceAnswer>().ProducesProblem(StatusCodes.Status404NotFound);
        v1.MapPost("sources/{key}/test", TestSourceAsync)
            .RequireAtDesk(Permission.ConnectionsTest)
            .WithTags("Sources").WithName("testSource").WithSummary("Read a source now and say what is found; nothing of it reaches the board")
            .WithDescription("A source that is made of what rises between two reads is read twice, at most 5 s apart. One that is read for each version is read for `version`, or for the newest that is under way. What is wrong with the source is in the answer, which is 200 then too.")
            .Produces<SourceTestAnswer>().ProducesRecordProblems();

        v1.MapGet("targets", (TargetReading targets) => new TargetList([.. targets.All().Select(TargetAnswer.From)]))
            .RequirePermission(Permission.BoardRead)
            .WithTags("Targets").WithName("listTargets").WithSummary("Every delivery target that is connected, what it can do, and whether it answered when it was last asked")
            .Produces<TargetList>();
        v1.MapPost("targets/{target}/{environment}/test", TestTargetAsync)
            .RequireAtDesk(Permission.ConnectionsTest)
            .WithTags("Targets").WithName("testTarget").WithSummary("Read a target now about a service and a version; nothing is changed there")
            .WithDescription("What is wrong with the target is in the answer, which is 200 then too.")
            .Produces<TargetTestAnswer>().ProducesRecordProblems();
    }

    private static async Task<IResult> TestSourceAsync(string key, string? version, HttpContext context, ConnectionTests tests, SourceReading sources, CancellationToken cancellationToken)
    {
        if (version is { Length: 0 or > MaxVersion })
        {
            return Invalid("version", $"A version is 1 to {MaxVersion} characters.");
        }

        return context.User.ToOperator() is { } by
            ? (await tests.SourceAsync(key, version, by, null, cancellationToken)).ToResult(report => Results.Ok(SourceTestAnswer.From(report, sources.Find(key) is { } view ? sources.Found(view.Binding, report) : [])))
            : RecordResults.NoRole();
    }

    private static async Task<IResult> TestTargetAsync(string target, string environment, string? service, string? version, HttpContext context, ConnectionTests tests, CancellationToken cancellationToken)
    {
        if (context.User.ToOperator() is not { } by)
        {
            return RecordResults.NoRole();
        }

        if (!CatalogName.IsValid(service))
        {
            return Invalid("service", $"Name the service to ask about: {CatalogName.Form}.");
        }

        return version is not { Length: > 0 and <= MaxVersion }
            ? Invalid("version", $"Name the version to ask about: 1 to {MaxVersion} characters.")
            : (await tests.TargetAsync(target, environment, service!, version, by, cancellationToken)).ToResult(report => Results.Ok(TargetTestAnswer.From(report)));
    }

    private static IResult Invalid(string member, string sentence) => Results.ValidationProblem(new Dictionary<string, string[]> { [member] = [sentence] }, title: "The test cannot be begun");

    private static IResult NotFound(string sentence) => Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "Not found", detail: sentence);
}
