using System.Text.Json;
using OpsConsole.Core.Access;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Gates.Waivers;
using OpsConsole.Web.Identity;

namespace OpsConsole.Web.Api;

/// <summary>A gate to let pass.</summary>
/// <param name="Gate">Its name, for example <c>evidence: unit</c>.</param>
/// <param name="Reason">Why, 3 to 500 characters.</param>
/// <param name="ExpiresAt">When it ends, at most 7 days from now.</param>
internal sealed record WaiverRequest(string? Gate, string? Reason, DateTimeOffset? ExpiresAt);

/// <summary>A waiver as the API shows it, with the time at which evidence arrived that ended it.</summary>
internal sealed record WaiverAnswer(
    Guid Id, Guid ReleaseId, string Gate, string Reason, string GivenBy, string Role, DateTimeOffset GivenAt, DateTimeOffset ExpiresAt, bool Holds, DateTimeOffset? RevokedAt, string? RevokedBy,
    DateTimeOffset? NewerEvidenceAt, string? Overtaken)
{
    public static WaiverAnswer From(WaiverStanding standing)
    {
        var w = standing.Waiver;
        return new(
            w.Id, w.ReleaseId, w.Gate, w.Reason, w.By, JsonNamingPolicy.CamelCase.ConvertName(w.Role), w.At, w.ExpiresAt, standing.Holds, w.RevokedAt, w.RevokedBy, standing.NewerEvidence, standing.Overtaken);
    }

    /// <summary>One that was given or taken back just now: nothing has come since.</summary>
    public static WaiverAnswer From(Waiver waiver, DateTimeOffset now) => From(new WaiverStanding(waiver, waiver.HoldsAt(now), null, null));
}

/// <summary>Waivers of a release, newest first.</summary>
internal sealed record WaiverList(IReadOnlyList<WaiverAnswer> Items);

/// <summary>Letting a gate pass for a time, on record, and taking that back.</summary>
internal static class WaiversEndpoints
{
    public static void MapWaivers(this IEndpointRouteBuilder v1)
    {
        ArgumentNullException.ThrowIfNull(v1);
        v1.MapGet("releases/{id:guid}/waivers", async (Guid id, WaiverReading waivers, CancellationToken cancellationToken) =>
                new WaiverList([.. (await waivers.ForReleaseAsync(id, cancellationToken)).Select(WaiverAnswer.From)]))
            .RequirePermission(Permission.HistoryRead)
            .WithTags("Waivers").WithName("listWaivers").WithSummary("Waivers of a release, those that ended included")
            .Produces<WaiverList>();
        v1.MapPost("releases/{id:guid}/waivers", WaiveAsync)
            .RequireAtDesk(Permission.GatesWaive)
            .WithTags("Waivers").WithName("waiveGate").WithSummary("Let a gate of a release pass for a time, on record")
            .Accepts<WaiverRequest>("application/json").Produces<WaiverAnswer>(StatusCodes.Status201Created).ProducesRecordProblems();
        v1.MapPost("waivers/{id:guid}/revoke", RevokeAsync)
            .RequireAtDesk(Permission.GatesWaive)
            .WithTags("Waivers").WithName("revokeWaiver").WithSummary("Take a waiver back")
            .Accepts<ReasonRequest>("application/json").Produces<WaiverAnswer>().ProducesRecordProblems();
    }

    private static async Task<IResult> WaiveAsync(Guid id, HttpContext context, WaiverDesk waivers, TimeProvider time, CancellationToken cancellationToken)
    {
        var (request, problem) = await JsonBody.ReadAsync<WaiverRequest>(context, ActionsEndpoints.MaxCommandBytes, cancellationToken);
        if (problem is not null || context.User.ToOperator() is not { } by)
        {
            return problem ?? RecordResults.NoRole();
        }

        var answer = await waivers.WaiveAsync(new WaiveCommand(id, request!.Gate ?? "", request.Reason ?? "", request.ExpiresAt ?? DateTimeOffset.MinValue), by, cancellationToken);
        return answer.ToResult(waiver => Results.Created($"/api/v1/releases/{id}/waivers", WaiverAnswer.From(waiver, time.GetUtcNow())));
    }

    private static async Task<IResult> RevokeAsync(Guid id, HttpContext context, WaiverDesk waivers, TimeProvider time, CancellationToken cancellationToken)
    {
        var (request, problem) = await JsonBody.ReadAsync<ReasonRequest>(context, ActionsEndpoints.MaxCommandBytes, cancellationToken);
        return problem ?? (context.User.ToOperator() is { } by
            ? (await waivers.RevokeAsync(id, request!.Reason, by, cancellationToken)).ToResult(waiver => Results.Ok(WaiverAnswer.From(waiver, time.GetUtcNow())))
            : RecordResults.NoRole());
    }
}
