using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Gates.Artifacts;

/// <summary>Where rejections of artifacts are kept.</summary>
public interface IRejectedArtifactStore
{
    /// <summary>The rejections in force of these digests.</summary>
    Task<IReadOnlyList<RejectedDigest>> InForceAsync(IReadOnlyCollection<string> digests, CancellationToken cancellationToken);

    /// <summary>All, newest first, at most <paramref name="take"/>; those that were lifted included.</summary>
    Task<IReadOnlyList<RejectedDigest>> ListAsync(int take, CancellationToken cancellationToken);

    Task<RejectedDigest?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Saves that one was lifted, with its audit line and the lines in the timelines of the releases of that artifact. False when someone else changed it first.</summary>
    Task<bool> SaveAsync(RejectedDigest rejected, AuditEntry audit, IReadOnlyList<ReleaseEvent> told, CancellationToken cancellationToken);
}

/// <summary>The rejection was lifted before.</summary>
public sealed record AlreadyLiftedRefusal(string By) : Refusal
{
    public override string Sentence => $"The rejection was lifted before, by {By}.";
}

/// <summary>Lifts rejections of artifacts, on record.</summary>
public sealed class ArtifactDesk(IRejectedArtifactStore rejected, IReleaseStore releases, IOperatorRoles roles, TimeProvider time)
{
    /// <summary>Lifts a rejection, or says everything that stands against it.</summary>
    public async Task<RecordAnswer<RejectedDigest>> LiftAsync(Guid id, string? reason, Operator by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(by);
        try
        {
            var why = PlainText.Of(reason).Trim();
            var role = await roles.CurrentAsync(by, cancellationToken).ConfigureAwait(false);
            List<Refusal> refusals =
            [
                .. role is { } held && PermissionTable.Allows(held, Permission.ArtifactsLift) ? [] : new[] { new RoleMayNotRefusal(Permission.ArtifactsLift, role, "lift rejections of artifacts") },
                .. TextLengthRefusal.Of("the reason", why, ActionCommand.MinReasonLength, ActionCommand.MaxReasonLength),
            ];
            if (refusals.Count > 0)
            {
                return new RecordAnswer<RejectedDigest>.Refused(refusals);
            }

            if (await rejected.FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } value)
            {
                return new RecordAnswer<RejectedDigest>.NotFound("There is no such rejection.");
            }

            if (!value.IsInForce)
            {
                return new RecordAnswer<RejectedDigest>.Refused([new AlreadyLiftedRefusal(value.LiftedBy ?? "someone")]);
            }

            var now = time.GetUtcNow();
            value.Lift(by.Name, why, now);
            var line = new AuditEntry
            {
                At = now, Actor = by.Name, Role = role!.Value.ToString(), Event = "artifact.lift", Subject = $"artifact:{value.Digest}", SubjectTitle = $"artifact of {value.Title}",
                Outcome = "done", Reason = why, Detail = $"Rejected by {value.By}: {value.Reason}",
            };
            return await rejected.SaveAsync(value, line, await ToldAsync(value, by, why, now, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false)
                ? new RecordAnswer<RejectedDigest>.Done(value)
                : new RecordAnswer<RejectedDigest>.Refused([new ChangedMeanwhileRefusal("The rejection")]);
        }
        catch (RecordUnavailableException)
        {
            return new RecordAnswer<RejectedDigest>.Unavailable("The record cannot be written now, so nothing was changed; try again in a minute.");
        }
    }

    /// <summary>A line for the timeline of every release of the artifact, the newest <see cref="ReleaseQuery.MaxTake"/>.</summary>
    private async Task<IReadOnlyList<ReleaseEvent>> ToldAsync(RejectedDigest value, Operator by, string why, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var found = await releases.PageAsync(new ReleaseQuery { Search = value.Digest, Take = ReleaseQuery.MaxTake }, cancellationToken).ConfigureAwait(false);
        return
        [
            .. found.Items.Where(r => r.Artifact.Digest == value.Digest).Select(r => new ReleaseEvent
            {
                ReleaseId = r.Id, Kind = ReleaseEventKind.Approval, At = now, Text = $"Rejection of the artifact lifted by {by.Name}; {value.By} had rejected it: {value.Reason.TrimEnd('.')}.", Actor = by.Name, Reason = why,
            }),
        ];
    }
}
