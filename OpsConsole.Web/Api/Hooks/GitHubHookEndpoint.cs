using OpsConsole.Web.Api.Push;

namespace OpsConsole.Web.Api.Hooks;

/// <summary>What came of a delivery, as it is answered.</summary>
internal sealed record HookAnswer(string Outcome, string Detail, Guid? Release);

/// <summary>Where GitHub delivers.</summary>
internal static class GitHubHookEndpoint
{
    /// <summary>Longest body, in bytes: what GitHub sends of a deployment is a small part of that.</summary>
    private const int MaxBytes = 1024 * 1024;

    private const int MaxName = 100;

    public static void MapGitHubHook(this IEndpointRouteBuilder v1) => v1.MapPost("hooks/github/{hook}", PostAsync)
        .AllowAnonymous()
        .WithTags("Hooks").WithName("gitHubHook").WithSummary("Where GitHub delivers its webhooks: a deployment becomes a release")
        .WithDescription("Takes deployment and deployment_status, signed in X-Hub-Signature-256 with the secret of the hook. 404 where no hook of that name is configured.")
        .Produces<HookAnswer>()
        .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status413PayloadTooLarge).ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity).ProducesProblem(StatusCodes.Status429TooManyRequests).ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> PostAsync(string hook, HttpContext context, GitHubHooks hooks, CancellationToken cancellationToken)
    {
        if (!hooks.Has(hook))
        {
            return Problem(StatusCodes.Status404NotFound, "No such hook", $"There is no hook of that name below {GitHubHookOptions.Section}.");
        }

        if (!context.Request.HasJsonContentType())
        {
            return Problem(StatusCodes.Status415UnsupportedMediaType, "Media type not supported", "Choose application/json as the content type of the webhook at GitHub.");
        }

        if (ContentCoding.Refusal(context.Request) is { } refusal)
        {
            return refusal;
        }

        var (id, happened) = (Header(context, "X-GitHub-Delivery"), Header(context, "X-GitHub-Event"));
        if (id is null || happened is null)
        {
            return Problem(StatusCodes.Status400BadRequest, "Not a delivery", "X-GitHub-Delivery and X-GitHub-Event are needed, as GitHub sends them.");
        }

        using var body = await BoundedBody.ReadAsync(context.Request, MaxBytes, cancellationToken);
        if (body is null)
        {
            return Problem(StatusCodes.Status413PayloadTooLarge, "Too large", $"The body may have at most {MaxBytes} bytes.");
        }

        var outcome = await hooks.TakeAsync(hook, new(id, happened, Header(context, HubSignature.Header), body.Memory, context.Connection.RemoteIpAddress), JsonBody.Options(context), cancellationToken);
        if (outcome.Status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = "60";
        }

        return outcome.IsSettled
            ? Results.Ok(new HookAnswer(outcome.Outcome, outcome.Detail, outcome.Release))
            : Problem(outcome.Status, "Nothing was registered", outcome.Detail);
    }

    private static string? Header(HttpContext context, string name) => context.Request.Headers[name].ToString() is { Length: > 0 and <= MaxName } value ? value : null;

    private static IResult Problem(int status, string title, string detail) => Results.Problem(statusCode: status, title: title, detail: detail);
}
