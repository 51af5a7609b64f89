using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Gates.Waivers;

/// <summary>Gives and takes back waivers, on record.</summary>
public sealed class WaiverDesk(IWaiverStore waivers, IReleaseStore releases, IPolicyGates gates, ReleaseBoard board, IOperatorRoles roles, TimeProvider time)
{
    /// <summary>Gives a waiver, or says everything that stands against it.</summary>
    public Task<RecordAnswer<Waiver>> WaiveAsync(WaiveCommand command, Operator by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(by);
        return OnRecordAsync(async () =>
        {
            if (await releases.FindAsync(command.ReleaseId, cancellationToken).ConfigureAwait(false) is not { } release)
            {
                return new RecordAnswer<Waiver>.NotFound("There is no such release.");
            }

            var standing = await gates.JudgeAsync(release, board.Find(release.Id), cancellationToken).ConfigureAwait(false);
            var now = time.GetUtcNow();
            var wanted = command with { Gate = (command.Gate ?? "").Trim(), Reason = PlainText.Of(command.Reason).Trim() };
            var role = await roles.RoleInAsync(by, release.Environment, cancellationToken).ConfigureAwait(false);
            if (WaiverRule.Judge(wanted, by, role, release, standing.Gates, now) is { Count: > 0 } refusals)
            {
                return new RecordAnswer<Waiver>.Refused(refusals);
            }

            var waiver = new Waiver
            {
                Id = Guid.CreateVersion7(now), ReleaseId = release.Id, Gate = wanted.Gate, Reason = wanted.Reason, By = by.Name, Role = role!.Value.ToString(), At = now, ExpiresAt = wanted.ExpiresAt,
                GivenOn = standing.Gates.First(g => g.Name == wanted.Gate).Verdict,
            };
            var text = $"The gate “{waiver.Gate}” was waived until {Wording.Moment(waiver.ExpiresAt)}.";
            await waivers.AddAsync(
                waiver, Line(release, waiver, by, role.Value, "gate.waive", waiver.Reason, text, now), Entry(waiver, by, waiver.Reason, text, now), cancellationToken).ConfigureAwait(false);
            return new RecordAnswer<Waiver>.Done(waiver);
        });
    }

    /// <summary>Takes a waiver back.</summary>
    public Task<RecordAnswer<Waiver>> RevokeAsync(Guid id, string? reason, Operator by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(by);
        return OnRecordAsync(async () =>
        {
            if (await waivers.FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } waiver
                || await releases.FindAsync(waiver.ReleaseId, cancellationToken).ConfigureAwait(false) is not { } release)
            {
                return new RecordAnswer<Waiver>.NotFound("There is no such waiver.");
            }

            var now = time.GetUtcNow();
            var why = PlainText.Of(reason).Trim();
            var role = await roles.RoleInAsync(by, release.Environment, cancellationToken).ConfigureAwait(false);
            if (WaiverRule.JudgeRevoke(waiver, role, why, now) is { Count: > 0 } refusals)
            {
                return new RecordAnswer<Waiver>.Refused(refusals);
            }

            waiver.Revoke(by.Name, now);
            var text = $"The waiver of “{waiver.Gate}” by {waiver.By} was taken back.";
            var saved = await waivers.SaveAsync(
                waiver, Line(release, waiver, by, role!.Value, "gate.revoke", why, text, now), Entry(waiver, by, why, text, now), cancellationToken).ConfigureAwait(false);
            return saved ? new RecordAnswer<Waiver>.Done(waiver) : new RecordAnswer<Waiver>.Refused([new ChangedMeanwhileRefusal("The waiver")]);
        });
    }

    private static AuditEntry Line(Release release, Waiver waiver, Operator by, Role role, string happened, string reason, string text, DateTimeOffset now) => new()
    {
        At = now, Actor = by.Name, Role = role.ToString(), Event = happened, Subject = $"release:{waiver.ReleaseId:N}", SubjectTitle = ReleaseState.From(release).Title,
        Outcome = "done", Reason = reason, Detail = text,
    };

    private static ReleaseEvent Entry(Waiver waiver, Operator by, string reason, string text, DateTimeOffset now) =>
        new() { ReleaseId = waiver.ReleaseId, Kind = ReleaseEventKind.Waiver, At = now, Text = text, Actor = by.Name, Reason = reason };

    private static async Task<RecordAnswer<Waiver>> OnRecordAsync(Func<Task<RecordAnswer<Waiver>>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (RecordUnavailableException)
        {
            return new RecordAnswer<Waiver>.Unavailable("The record cannot be written now, so nothing was changed; try again in a minute.");
        }
    }
}
