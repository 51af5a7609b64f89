using System.Collections.Concurrent;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http.HttpResults;
using OpsConsole.Core.Access;

namespace OpsConsole.Web.Identity;

/// <summary>Puts on record that someone was refused for what they may do: at the door, or by a desk that keeps no record of refusals itself.</summary>
internal sealed class AccessRefusals(SignInAudit audit, TimeProvider time) : IAuthorizationMiddlewareResultHandler
{
    /// <summary>The same refusal is on record once in this time: whoever tries again and again does not flood it.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>Most refusals that are told apart.</summary>
    private const int Most = 10_000;

    private readonly AuthorizationMiddlewareResultHandler _usual = new();
    private readonly ConcurrentDictionary<(string Actor, string What), DateTimeOffset> _told = [];

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

    private async Task RecordAsync(HttpContext context, Operator by, string? why)
    {
        var pattern = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "an unknown address";
        var what = $"{context.Request.Method} /{pattern.TrimStart('/')}";
        var now = time.GetUtcNow();
        if (_told.Count >= Most)
        {
            foreach (var (old, at) in _told)
            {
                if (now - at >= Pause)
                {
                    _told.TryRemove(old, out _);
                }
            }
        }

        var key = (by.Name, what + why);
        if (_told.Count < Most && (!_told.TryGetValue(key, out var told) || now - told >= Pause))
        {
            _told[key] = now;
            await audit.RecordAsync(by, "access", "refused", why is null ? what : $"{what}: {why}");
        }
    }
}
