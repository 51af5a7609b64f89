using OpsConsole.Core.Access;
using OpsConsole.Core.Recovery;
using OpsConsole.Web.Identity;

namespace OpsConsole.Web.Api;

/// <summary>One recovery: the times of its clock, and what was measured meanwhile.</summary>
/// <param name="Id">Of the clock.</param>
/// <param name="ReleaseId">The bad release.</param>
/// <param name="Service">Its service.</param>
/// <param name="Target">Its target.</param>
/// <param name="Environment">Its environment.</param>
/// <param name="Version">Its version.</param>
/// <param name="Fault">What broke.</param>
/// <param name="Signal">The signal, trigger or check that broke first.</param>
/// <param name="OnsetAt">First bad sample.</param>
/// <param name="DetectedAt">When the verdict failed or a trigger fired.</param>
/// <param name="AcknowledgedAt">When a person took note.</param>
/// <param name="AcknowledgedBy">Who.</param>
/// <param name="DecidedAt">When the first move was asked of the gate.</param>
/// <param name="Move">The move that counts.</param>
/// <param name="ActionId">Its action.</param>
/// <param name="AppliedAt">When the target was asked.</param>
/// <param name="ConfirmedAt">When the target was read back as asked.</param>
/// <param name="VerifiedAt">When the signals had been back for their hold time.</param>
/// <param name="SuccessorId">The release that fixes it.</param>
/// <param name="Ending">How it ended; null while it runs.</param>
/// <param name="EndedAt">When.</param>
/// <param name="ExposureSource">What exposure is measured by; null while nothing was measured.</param>
/// <param name="Exposed">Who had the bad version when last measured.</param>
/// <param name="Hurt">How many were hurt, with the window; null where nothing counts them.</param>
public sealed record RecoveryAnswer(
    Guid Id, Guid ReleaseId, string Service, string Target, string Environment, string Version, FaultKind Fault, string Signal, DateTimeOffset OnsetAt, DateTimeOffset DetectedAt,
    DateTimeOffset? AcknowledgedAt, string? AcknowledgedBy, DateTimeOffset? DecidedAt, RecoveryMove? Move, Guid? ActionId, DateTimeOffset? AppliedAt, DateTimeOffset? ConfirmedAt,
    DateTimeOffset? VerifiedAt, Guid? SuccessorId, RecoveryEnding? Ending, DateTimeOffset? EndedAt, string? ExposureSource, ExposurePoint? Exposed, Hurt? Hurt)
{
    public static RecoveryAnswer Of(RecoveryClock clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        var exposure = ExposureReading.Read(clock.ExposureJson);
        return new(
            clock.Id, clock.ReleaseId, clock.Service, clock.Target, clock.Environment, clock.Version, clock.Fault, clock.Signal, clock.OnsetAt, clock.DetectedAt,
            clock.AcknowledgedAt, clock.AcknowledgedBy, clock.DecidedAt, clock.Move, clock.ActionId, clock.AppliedAt, clock.ConfirmedAt,
            clock.VerifiedAt, clock.SuccessorId, clock.Ending, clock.EndedAt, exposure?.Source, exposure is { Curve: [.., var last] } ? last : null, exposure?.Hurt);
    }
}

/// <summary>Recoveries, newest first.</summary>
public sealed record RecoveryList(IReadOnlyList<RecoveryAnswer> Items);

/// <summary>A span over several recoveries, in seconds.</summary>
public sealed record SpanAnswer(int Count, double MedianSeconds, double P95Seconds)
{
    public static SpanAnswer? Of(RecoverySpan? span) => span is null ? null : new(span.Count, Math.Round(span.Median.TotalSeconds, 3), Math.Round(span.P95.TotalSeconds, 3));
}

/// <summary>How one move has done on one target.</summary>
/// <param name="Target">Where.</param>
/// <param name="Move">Which.</param>
/// <param name="Possible">Whether the target can do it now; null where it is not connected.</param>
/// <param name="NeverExercised">True for what it can do and has never been seen to do.</param>
/// <param name="DetectedToConfirmed">Null where never measured.</param>
/// <param name="DetectedToVerified">Likewise.</param>
/// <param name="LastAt">When last confirmed there.</param>
public sealed record MoveRecordAnswer(
    string Target, RecoveryMove Move, bool? Possible, bool NeverExercised, SpanAnswer? DetectedToConfirmed, SpanAnswer? DetectedToVerified, DateTimeOffset? LastAt);

/// <summary>Every target with its moves.</summary>
/// <param name="WeakestLink">The target that takes longest from detected to verified; null where no recovery was verified.</param>
/// <param name="DetectedToVerified">Its recoveries, all moves together.</param>
/// <param name="Recoveries">How many of the latest recoveries this is of.</param>
/// <param name="Items">By target, then move.</param>
public sealed record RecoveryTargetsAnswer(string? WeakestLink, SpanAnswer? DetectedToVerified, int Recoveries, IReadOnlyList<MoveRecordAnswer> Items);

/// <summary>Recovery clocks: the latest, the record of each target, and taking note of a fault.</summary>
internal static class RecoveriesEndpoints
{
    /// <summary>Clocks that a list has unless it is asked for another number.</summary>
    public const int Usual = 50;

    public static void MapRecoveries(this IEndpointRouteBuilder v1)
    {
        ArgumentNullException.ThrowIfNull(v1);
        v1.MapGet("recoveries", async (IRecoveryStore store, CancellationToken cancellationToken, int take = Usual) =>
                new RecoveryList([.. (await store.LatestAsync(Math.Clamp(take, 1, RecoveryReport.Latest), cancellationToken)).Select(RecoveryAnswer.Of)]))
            .RequirePermission(Permission.HistoryRead)
            .WithTags("Recovery").WithName("listRecoveries").WithSummary("The latest recoveries, those that run included, newest first")
            .Produces<RecoveryList>().ProducesProblem(StatusCodes.Status503ServiceUnavailable);

        v1.MapGet("recoveries/targets", TargetsAsync)
            .RequirePermission(Permission.HistoryRead)
            .WithTags("Recovery").WithName("getRecoveryTargets").WithSummary("How long each move took on each target, and what was never exercised")
            .Produces<RecoveryTargetsAnswer>().ProducesProblem(StatusCodes.Status503ServiceUnavailable);

        v1.MapGet("releases/{id:guid}/recoveries", async (Guid id, IRecoveryStore store, CancellationToken cancellationToken) =>
                new RecoveryList([.. (await store.ForReleaseAsync(id, cancellationToken)).Select(RecoveryAnswer.Of)]))
            .RequirePermission(Permission.HistoryRead)
            .WithTags("Recovery").WithName("listReleaseRecoveries").WithSummary("The recoveries of one release, newest first")
            .Produces<RecoveryList>().ProducesProblem(StatusCodes.Status503ServiceUnavailable);

        v1.MapPost("releases/{id:guid}/acknowledge", AcknowledgeAsync)
            .RequireAtDesk(Permission.RecoveriesAcknowledge)
            .WithTags("Recovery").WithName("acknowledgeRelease").WithSummary("Take note of the fault of a release, on record; the first one counts")
            .Produces<ClockFace>().ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<IResult> TargetsAsync(RecoveryReport report, CancellationToken cancellationToken)
    {
        var read = await report.ReadAsync(cancellationToken);
        return Results.Ok(new RecoveryTargetsAnswer(
            read.WeakestLink, SpanAnswer.Of(read.Weakest), read.Of,
            [.. read.Moves.Select(m => new MoveRecordAnswer(m.Target, m.Move, m.Possible, m.NeverExercised, SpanAnswer.Of(m.ToConfirmed), SpanAnswer.Of(m.ToVerified), m.LastAt))]));
    }

    private static async Task<IResult> AcknowledgeAsync(Guid id, HttpContext context, RecoveryDesk desk, CancellationToken cancellationToken) => context.User.ToOperator() is { } by
        ? (await desk.AcknowledgeAsync(id, by, cancellationToken)).ToResult(Results.Ok)
        : RecordResults.NoRole();
}
