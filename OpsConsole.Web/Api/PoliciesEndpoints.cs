using OpsConsole.Core.Access;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Policies.Text;
using OpsConsole.Core.Signals;
using OpsConsole.Web.Identity;

namespace OpsConsole.Web.Api;

/// <summary>Checking policy texts, and the library of policies.</summary>
internal static class PoliciesEndpoints
{
    private const string Tag = "Policies";

    public static void MapPolicies(this IEndpointRouteBuilder v1)
    {
        ArgumentNullException.ThrowIfNull(v1);
        v1.MapPost("policies/check", CheckAsync)
            .RequirePermission(Permission.PoliciesRead)
            .DisableAntiforgery()
            .WithTags(Tag).WithName("checkPolicy").WithSummary("Check a policy's text; nothing is saved")
            .WithDescription("The answer is 200 whatever the text says: its faults are under errors, each with line and column. With a service, a signal that nothing provides for it is an error.")
            .WithQuery(
                ("service", "Service that the policy is meant for.", () => ApiDescription.Text),
                ("target", "One of its targets; with service only.", () => ApiDescription.Text),
                ("environment", "One of its environments; with service only.", () => ApiDescription.Text))
            .Accepts<string>(PolicyBody.Yaml, "text/yaml", "text/plain")
            .Produces<PolicyCheckAnswer>()
            .ProducesBodyProblems();

        v1.MapGet("policies", ListAsync)
            .RequirePermission(Permission.PoliciesRead)
            .WithTags(Tag).WithName("listPolicies").WithSummary("The latest version of every policy")
            .Produces<PolicyList>();

        v1.MapGet("policies/schema", () => Results.Bytes(PolicySchema.Json, "application/schema+json"))
            .AllowAnonymous()
            .WithTags(Tag).WithName("getPolicySchema").WithSummary("The JSON schema of policies, for editors");

        v1.MapGet("policies/{name}", StoryAsync)
            .RequirePermission(Permission.PoliciesRead)
            .WithTags(Tag).WithName("getPolicy").WithSummary("The latest version of a policy, and all of its versions")
            .Produces<PolicyStory>().ProducesProblem(StatusCodes.Status404NotFound);

        v1.MapGet("policies/{name}/versions/{version:int}", VersionAsync)
            .RequirePermission(Permission.PoliciesRead)
            .WithTags(Tag).WithName("getPolicyVersion").WithSummary("One version of a policy")
            .Produces<PolicyVersionAnswer>().ProducesProblem(StatusCodes.Status404NotFound);

        v1.MapPut("policies/{name}", SaveAsync)
            .RequirePermission(Permission.PoliciesWrite)
            .DisableAntiforgery()
            .WithTags(Tag).WithName("savePolicy").WithSummary("Save a text as the next version of a policy")
            .WithDescription("The same text as the latest version makes no new one. A text with faults is answered with 422 and saved nowhere.")
            .WithQuery(("note", "What changed.", () => ApiDescription.Text))
            .Accepts<string>(PolicyBody.Yaml, "text/yaml", "text/plain")
            .Produces<PolicySavedAnswer>()
            .Produces<PolicySavedAnswer>(StatusCodes.Status201Created)
            .Produces<PolicyCheckAnswer>(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .ProducesBodyProblems();
    }

    private static RouteHandlerBuilder ProducesBodyProblems(this RouteHandlerBuilder endpoint) => endpoint
        .ProducesValidationProblem()
        .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
        .ProducesProblem(StatusCodes.Status415UnsupportedMediaType);

    private static async Task<IResult> CheckAsync(HttpRequest request, ISignalDirectory signals, CancellationToken cancellationToken)
    {
        var query = new QueryReader(request.Query);
        var (service, target, environment) = (query.Text("service"), query.Text("target"), query.Text("environment"));
        if (query.Problem is { } unclear)
        {
            return unclear;
        }

        var (text, problem) = await PolicyBody.ReadAsync(request, cancellationToken);
        return problem ?? Results.Ok(PolicyCheckAnswer.From(PolicyText.Check(text!, Scope(service, target, environment, signals))));
    }

    private static PolicyScope? Scope(string? service, string? target, string? environment, ISignalDirectory signals) => service is null
        ? null
        : PolicyScope.Of(
            $"{service}{(target is null ? "" : $" on {target}")}{(environment is null ? "" : $", {environment}")}", [],
            signals.Provided(service, target, environment), signals.HasObjective(service, environment));

    private static async Task<PolicyList> ListAsync(IPolicyStore policies, CancellationToken cancellationToken) =>
        new([.. (await policies.ListAsync(cancellationToken)).Select(PolicyHeadAnswer.From)]);

    private static async Task<IResult> StoryAsync(string name, IPolicyStore policies, CancellationToken cancellationToken) =>
        await policies.FindAsync(name, null, cancellationToken) is { } latest
            ? Results.Ok(new PolicyStory(PolicyVersionAnswer.From(latest), [.. (await policies.VersionsAsync(name, cancellationToken)).Select(PolicyHeadAnswer.From)]))
            : Missing("There is no policy of that name.");

    private static async Task<IResult> VersionAsync(string name, int version, IPolicyStore policies, CancellationToken cancellationToken) =>
        await policies.FindAsync(name, version, cancellationToken) is { } found
            ? Results.Ok(PolicyVersionAnswer.From(found))
            : Missing("There is no such version of that policy.");

    private static async Task<IResult> SaveAsync(string name, HttpContext context, PolicyLibrary library, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context.Request.Query);
        var note = query.Text("note");
        if (query.Problem is { } unclear)
        {
            return unclear;
        }

        var (text, problem) = await PolicyBody.ReadAsync(context.Request, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        return await library.SaveAsync(name, text!, note, context.User.ToOperator()!, cancellationToken) switch
        {
            SavePolicyAnswer.Saved saved => Saved(saved),
            SavePolicyAnswer.Faulty faulty => Results.Json(PolicyCheckAnswer.From(faulty.Check), statusCode: StatusCodes.Status422UnprocessableEntity),
            SavePolicyAnswer.Invalid invalid => Results.ValidationProblem(
                new Dictionary<string, string[]> { [invalid.Field] = [invalid.Sentence] }, title: "The policy cannot be saved", detail: invalid.Sentence),
            SavePolicyAnswer.NotPermitted refused => Results.Problem(statusCode: StatusCodes.Status403Forbidden, title: "Not permitted", detail: refused.Sentence),
            SavePolicyAnswer.Unavailable away => Results.Problem(statusCode: StatusCodes.Status503ServiceUnavailable, title: "The record cannot be written", detail: away.Sentence),
            var other => throw new InvalidOperationException($"Unknown answer {other}."),
        };
    }

    private static IResult Saved(SavePolicyAnswer.Saved saved)
    {
        var answer = new PolicySavedAnswer(PolicyVersionAnswer.From(saved.Version), saved.IsNew, [.. saved.Check.Warnings.Select(PolicyFaultAnswer.From)]);
        return saved.IsNew ? Results.Created($"/api/v1/policies/{answer.Name}/versions/{answer.Version}", answer) : Results.Ok(answer);
    }

    private static IResult Missing(string detail) => Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "Not found", detail: detail);
}
