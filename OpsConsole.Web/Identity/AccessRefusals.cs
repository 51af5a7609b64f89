using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http.HttpResults;
using OpsConsole.Core.Access;
using OpsConsole.Core.Audit;

namespace OpsConsole.Web.Identity;

/// <summary>Puts on record that someone was refused for what they may do: at the door, or by a desk that keeps no record of refusals itself. The same once in <see cref="RecordPace.Pause"/>.</summary>
internal sealed class AccessRefusals(SignInAudit audit, TimeProvider time) : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler _usual = new();
    private readonly RecordPace _pace = new();

    /// <inheritdoc/>
    public async Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Forbidden && context.User.ToOperator() is { } by)
        {
            await RecordAsync(context, by, PermissionPolicies.WhyNot(by, context.GetEndpoint()));
        }

        await _usual.HandleAsync(next, context, policy, authorizeResult);
    }

    /// <summary>Puts the refusals of an endpoint on record, where it does not do so itself.</summary>
    public static async ValueTask<object?> FilterAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var answer = await next(invocation);
        var context = invocation.HttpContext;
        if (answer is ProblemHttpResult { StatusCode: StatusCodes.Status403Forbidden } refused
            && context.GetEndpoint()?.Metadata.GetMetadata<JudgedInside>()?.IsRecorded != true
            && context.User.ToOperator() is { } by
            && context.RequestServices.GetService<AccessRefusals>() is { } refusals)
        {
            await refusals.RecordAsync(context, by, refused.ProblemDetails.Detail);
        }

        return answer;
    }

    private Task RecordAsync(HttpContext context, Operator by, string? why)
    {
        var pattern = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "an unknown address";
        return RecordAsync(by, $"{context.Request.Method} /{pattern.TrimStart('/')}", why);
    }

    /// <summary>Puts on record what someone asked for and may not.</summary>
    public Task RecordAsync(Operator by, string what, string? why) =>
        _pace.TellAsync(by, what, why ?? "", time.GetUtcNow(), leftOut => audit.RecordAsync(by, "access", "refused", (why is null ? what : $"{what}: {why}") + leftOut));
}
