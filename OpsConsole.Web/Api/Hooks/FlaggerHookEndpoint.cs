using System.Text.Json;
using OpsConsole.Core.Actions.Confirm;
using OpsConsole.Web.Api.Push;

namespace OpsConsole.Web.Api.Hooks;

/// <summary>Where Flagger asks. It looks at nothing but the status: up to 202 is a yes, everything else a no.</summary>
internal static class FlaggerHookEndpoint
{
    private const int MaxBytes = 64 * 1024;

    /// <summary>The hooks that are answered, by Flagger's name for them, and what each asks.</summary>
    private static readonly Dictionary<string, ConfirmQuestion> Hooks = new(StringComparer.Ordinal)
    {
        ["confirm-rollout"] = ConfirmQuestion.GoOn,
        ["confirm-traffic-increase"] = ConfirmQuestion.GoOn,
        ["confirm-promotion"] = ConfirmQuestion.GoOn,
        ["rollback"] = ConfirmQuestion.TakeBack,
    };

    public static void MapFlaggerHooks(this IEndpointRouteBuilder v1) => v1.MapPost("hooks/flagger/{target}/{environment}/{hook}", PostAsync)
        .AllowAnonymous()
        .WithTags("Hooks").WithName("flaggerHook").WithSummary("Where Flagger asks: 200 says that the canary may go on, or, for rollback, that it is to be rolled back")
        .WithDescription("hook is confirm-rollout, confirm-traffic-increase, confirm-promotion or rollback. The token is in the metadata of the body.")
        .Produces<HookAnswer>()
        .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status413PayloadTooLarge).ProducesProblem(StatusCodes.Status429TooManyRequests).ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> PostAsync(string target, string environment, string hook, HttpContext context, FlaggerHooks hooks, CancellationToken cancellationToken)
    {
        if (!Hooks.TryGetValue(hook, out var question))
        {
            return Problem(StatusCodes.Status404NotFound, "No such hook", $"Of Flagger's hooks {string.Join(", ", Hooks.Keys)} are answered here.");
        }

        if (hooks.Find(target, environment) is not { } asking)
        {
            return Problem(StatusCodes.Status404NotFound, "Not answered", $"{target} is not a target in {environment} that answers Flagger: it needs a HookToken.");
        }

        using var body = await BoundedBody.ReadAsync(context.Request, MaxBytes, cancellationToken);
        if (body is null)
        {
            return Problem(StatusCodes.Status413PayloadTooLarge, "Too large", $"The body may have at most {MaxBytes} bytes.");
        }

        if (Read(body.Memory) is not { } call)
        {
            return Problem(StatusCodes.Status400BadRequest, "The body cannot be read", "It is not what Flagger sends: an object with name, namespace, phase and metadata.");
        }

        var answer = await hooks.AskAsync(asking, new(target, environment, hook, question), call, context.Connection.RemoteIpAddress, cancellationToken);
        if (answer.Status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = "30";
        }

        return answer.Status == StatusCodes.Status200OK
            ? Results.Ok(new HookAnswer("yes", answer.Sentence, null))
            : Problem(answer.Status, question == ConfirmQuestion.TakeBack ? "No roll back" : "Not confirmed", answer.Sentence);
    }

    /// <summary>Reads what is used of a call; null where it is something else.</summary>
    private static FlaggerCall? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            var token = root.TryGetProperty("metadata", out var metadata) && metadata.ValueKind == JsonValueKind.Object && metadata.TryGetProperty("token", out var given) ? given.GetString() : null;
            return root.GetProperty("name").GetString() is { } name && root.GetProperty("namespace").GetString() is { } space ? new FlaggerCall(name, space, token ?? "") : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    private static IResult Problem(int status, string title, string detail) => Results.Problem(statusCode: status, title: title, detail: detail);
}
