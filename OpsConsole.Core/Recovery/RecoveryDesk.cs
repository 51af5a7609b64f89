using OpsConsole.Core.Access;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Gates;

namespace OpsConsole.Core.Recovery;

/// <summary>Where people take note of a fault, on record.</summary>
public sealed class RecoveryDesk(RecoveryTracker tracker, IAuditStore audit, IOperatorRoles roles, TimeProvider time)
{
    /// <summary>Takes note of the fault of a release for someone. Where that was done before it stays as it was.</summary>
    public async Task<RecordAnswer<ClockFace>> AcknowledgeAsync(Guid releaseId, Operator by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(by);
        var now = await roles.NowAsync(by, cancellationToken).ConfigureAwait(false);

        // Where the release is; of one without a clock nothing is known, and what holds everywhere decides.
        var held = now?.In(tracker.EnvironmentOf(releaseId));
        if (MayNotRefusal.Of(held, Permission.RecoveriesAcknowledge, "take note of a fault").ToList() is { Count: > 0 } refusals)
        {
            return new RecordAnswer<ClockFace>.Refused(refusals);
        }

        if (tracker.Find(releaseId) is not { Ending: null } clock)
        {
            return new RecordAnswer<ClockFace>.NotFound("No recovery clock of this release runs.");
        }

        if (clock.AcknowledgedAt is not null)
        {
            return new RecordAnswer<ClockFace>.Done(clock);
        }

        try
        {
            await audit.AppendAsync(Line(releaseId, clock, by, held!.Role), cancellationToken).ConfigureAwait(false);
        }
        catch (RecordUnavailableException)
        {
            return new RecordAnswer<ClockFace>.Unavailable("The record cannot be written now, so nothing was changed; the clock runs on, and any action is possible all the same.");
        }

        return tracker.Acknowledge(releaseId, by.Name) is { } acknowledged
            ? new RecordAnswer<ClockFace>.Done(acknowledged)
            : new RecordAnswer<ClockFace>.NotFound("The recovery clock of this release has just ended.");
    }

    private AuditEntry Line(Guid releaseId, ClockFace clock, Operator by, Role role) => new()
    {
        At = time.GetUtcNow(),
        Actor = by.Name,
        Role = role.ToString(),
        Event = "recovery.acknowledge",
        Subject = $"release:{releaseId:N}",
        SubjectTitle = tracker.TitleOf(releaseId) ?? $"release {releaseId}",
        Outcome = "done",
        Detail = $"Took note of the fault of {clock.Signal}, detected {clock.DetectedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC.",
    };
}
