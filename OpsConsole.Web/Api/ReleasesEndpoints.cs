using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;
using OpsConsole.Web.Identity;
using OpsConsole.Web.Operations.Edge;

namespace OpsConsole.Web.Api;

/// <summary>History, the story of one release, and registering a new one.</summary>
internal static class ReleasesEndpoints
{
    private const int MostRows = 10_000;

    /// <summary>Longest body of a registration, in bytes.</summary>
    public const int MaxRegistrationBytes = 1024 * 1024;

    private const int MaxEvents = 500;

    public static void MapReleases(this IEndpointRouteBuilder v1)
    {
        ArgumentNullException.ThrowIfNull(v1);
        v1.MapGet("releases", PageAsync)
            .RequirePermission(Permission.HistoryRead)
            .WithTags("Releases").WithName("listReleases").WithSummary("Releases, newest first")
            .WithQuery(
                ("search", "Words matched against the beginning of service, version, commit, digest and author.", () => ApiDescription.Text),
                ("service", "Name of the service.", () => ApiDescription.Text),
                ("target", "Name of the target.", () => ApiDescription.Text),
                ("environment", "Name of the environment.", () => ApiDescription.Text),
                ("owner", "Name of the owner.", () => ApiDescription.Text),
                ("phase", "The phase that the release is in.", ApiDescription.Named<ReleasePhase>),
                ("from", "Earliest; without an offset it is UTC.", () => ApiDescription.Instant),
                ("to", "Latest; without an offset it is UTC.", () => ApiDescription.Instant),
                ("skip", "Releases to pass over.", () => ApiDescription.Number(0, 0, int.MaxValue)),
                ("take", "Releases to answer with.", () => ApiDescription.Number(50, 1, ReleaseQuery.MaxTake)))
            .Produces<ReleasePage>().ProducesProblem(StatusCodes.Status400BadRequest);

        v1.MapGet("releases/csv", CsvAsync)
            .RequirePermission(Permission.HistoryRead).TakesLong()
            .WithTags("Releases").WithName("releasesCsv").WithSummary("The newest 10,000 releases that fit, for a spreadsheet")
            .WithDescription("Takes the filters of releases. What would be a formula begins with an apostrophe.")
            .Produces<string>(StatusCodes.Status200OK, "text/csv").ProducesProblem(StatusCodes.Status400BadRequest);

        v1.MapGet("releases/{id:guid}", StoryAsync)
            .RequirePermission(Permission.HistoryRead)
            .WithTags("Releases").WithName("getRelease").WithSummary("The whole story of one release: record, live signals, timeline, actions")
            .Produces<ReleaseStory>().ProducesProblem(StatusCodes.Status404NotFound);

        v1.MapPost("releases", RegisterAsync)
            .RequirePermission(Permission.ReleasesRegister)
            .WithTags("Releases").WithName("registerRelease").WithSummary("Register a release; nobody is exposed by it")
            .Accepts<ReleaseRegistration>("application/json")
            .Produces<RegisteredRelease>(StatusCodes.Status201Created)
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<IResult> PageAsync(HttpRequest request, IReleaseStore releases, CancellationToken cancellationToken)
    {
        var query = new QueryReader(request.Query);
        var wanted = Read(query);
        if (query.Problem is { } problem)
        {
            return problem;
        }

        var page = await releases.PageAsync(wanted, cancellationToken);
        return Results.Ok(new ReleasePage(page.Total, [.. page.Items.Select(ReleaseAnswer.From)]));
    }

    private static IResult CsvAsync(HttpRequest request, IReleaseStore releases, CancellationToken cancellationToken)
    {
        var query = new QueryReader(request.Query);
        var wanted = Read(query) with { Take = ReleaseQuery.MaxTake };
        string[] titles = ["id", "service", "version", "target", "environment", "phase", "exposurePercent", "previousVersion", "owner", "author", "commit", "digest", "registeredAt"];
        return query.Problem ?? CsvText.File("releases.csv", titles, MostRows, async skip =>
            [.. (await releases.PageAsync(wanted with { Skip = skip }, cancellationToken)).Items
                .Select(r => (IEnumerable<object?>)[r.Id, r.Service, r.Version, r.Target, r.Environment, r.Phase.ToString(), r.ExposurePercent, r.PreviousVersion, r.Owner, r.Author, r.Artifact.Commit, r.Artifact.Digest, r.RegisteredAt])]);
    }

    private static ReleaseQuery Read(QueryReader query) => new()
    {
        Search = query.Text("search"),
        Service = query.Text("service"),
        Target = query.Text("target"),
        Environment = query.Text("environment"),
        Owner = query.Text("owner"),
        Phase = query.Named<ReleasePhase>("phase"),
        From = query.Instant("from"),
        To = query.Instant("to"),
        Skip = query.Number("skip", 0, 0, int.MaxValue),
        Take = query.Number("take", 50, 1, ReleaseQuery.MaxTake),
    };

    private static async Task<IResult> StoryAsync(Guid id, IReleaseStore releases, IActionStore actions, ReleaseBoard board, CancellationToken cancellationToken)
    {
        if (await releases.FindAsync(id, cancellationToken) is not { } release)
        {
            return Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "Not found", detail: "There is no such release.");
        }

        var events = await releases.EventsAsync(id, MaxEvents, cancellationToken);
        var done = await actions.ForReleaseAsync(id, cancellationToken);
        return Results.Ok(new ReleaseStory(
            ReleaseAnswer.From(release),
            release.Policy,
            board.Find(id) is { } s ? new(s.SnapshotVersion, s.DecisionVersion, s.AsOf, s.Verdict, s.Quality, s.Reason, [.. s.Signals.Select(ReleaseSignal.From)]) : null,
            [.. events.Select(TimelineEntry.From)],
            [.. done.Select(ActionAnswer.From)]));
    }

    private static async Task<IResult> RegisterAsync(HttpContext context, RegisterRelease register, CancellationToken cancellationToken)
    {
        var (registration, problem) = await JsonBody.ReadAsync<ReleaseRegistration>(context, MaxRegistrationBytes, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        return await register.RegisterAsync(registration!, context.User.ToOperator()!, cancellationToken) switch
        {
            RegisterAnswer.Registered done => Results.Created($"/api/v1/releases/{done.Release.Id}", new RegisteredRelease(done.Release, done.Warnings)),
            RegisterAnswer.Invalid invalid => Results.ValidationProblem(
                invalid.Faults.GroupBy(f => f.Path).ToDictionary(g => g.Key, g => g.Select(f => f.Sentence).ToArray()),
                title: "The registration is not valid", detail: string.Join(" ", invalid.Faults.Select(f => $"{f.Path}: {f.Sentence}"))),
            RegisterAnswer.Conflict conflict => Results.Problem(
                statusCode: StatusCodes.Status409Conflict, title: "The release cannot be registered", detail: conflict.Sentence,
                extensions: new Dictionary<string, object?> { ["existing"] = conflict.Existing }),
            RegisterAnswer.NotPermitted refused => Results.Problem(statusCode: StatusCodes.Status403Forbidden, title: "Not permitted", detail: refused.Sentence),
            RegisterAnswer.Unavailable away => Results.Problem(
                statusCode: StatusCodes.Status503ServiceUnavailable, title: "The record cannot be written", detail: away.Sentence),
            var other => throw new InvalidOperationException($"Unknown answer {other}."),
        };
    }
}
