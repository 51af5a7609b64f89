using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Promote;
using OpsConsole.Core.Board;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Actions.Gate;

/// <summary>Judges and records commands on releases.</summary>
public sealed class ReleaseRequests(
    IReleaseStore releases,
    IActionStore actions,
    ReleaseBoard board,
    ITargetRegistry targets,
    ActionQueue queue,
    RefusalLog refusals,
    IPolicyGates gates,
    TimeProvider time)
{
    /// <summary>Tries once on what is recorded now. Null when someone else was quicker and it must be judged anew.</summary>
    internal async Task<GateAnswer?> TryAsync(ReleaseCommand command, Operator by, CancellationToken cancellationToken)
    {
        if (await releases.FindAsync(command.ReleaseId, cancellationToken).ConfigureAwait(false) is not { } release)
        {
            return new GateAnswer.NotFound("There is no such release.");
        }

        by = by.In(release.Environment);
        var inFlight = await actions.FindInFlightAsync($"release:{release.Id:N}", cancellationToken).ConfigureAwait(false);
        var context = await ContextAsync(release, command, by, inFlight, cancellationToken).ConfigureAwait(false);
        var found = ActionRules.Judge(command.Verb, context);
        if (by.May(command.Verb.Permission()))
        {
            if (await ExistingAsync(command.Verb, release, inFlight, found, cancellationToken).ConfigureAwait(false) is { } existing)
            {
                await refusals.RepeatedAsync(command, by, context.Release, existing, context.Now).ConfigureAwait(false);
                return new GateAnswer.Accepted(existing);
            }

            // Halted, but not by an action on record: the target is asked, which is harmless.
            found = [.. found.Where(r => r is not IAlreadyInForce)];
        }

        if (found.Count > 0)
        {
            found = found.ToldTo(by);
            await refusals.RefusedAsync(command, by, context.Release, found, context.Now).ConfigureAwait(false);
            return new GateAnswer.Refused(found);
        }

        return command.Verb == ActionVerb.Promote && IsOvertaken(release, context) ? null : await SaveAsync(command, by, release, context, inFlight).ConfigureAwait(false);
    }

    /// <summary>True where the board says by now that a gate does not pass which did when the promotion was judged: reading what a policy needs may have taken its time.</summary>
    private bool IsOvertaken(Release release, ActionContext context)
    {
        var (newest, now) = (board.Find(release.Id), time.GetUtcNow());
        return !ReferenceEquals(newest, context.Snapshot) && Open(newest).Except(Open(context.Snapshot)).Any();

        IEnumerable<string> Open(ReleaseSnapshot? shown) => PromotionGates.Judge(context.Release!, shown, now)
            .Concat(release.Policy is null ? [] : StandingGates.Judge(release.StageIndex, release.StageEnteredAt, shown, now))
            .Where(g => g.Verdict != Verdict.Pass).Select(g => g.Name);
    }

    private async Task<ActionContext> ContextAsync(Release release, ReleaseCommand command, Operator by, ReleaseAction? inFlight, CancellationToken cancellationToken)
    {
        var snapshot = board.Find(release.Id);
        if (release.Phase.IsLive() && snapshot?.Revision != release.Revision)
        {
            // The board may have missed a change while the database was away; telling it again is harmless.
            board.Track(release);
        }

        string? later = null;
        if (command.Verb == ActionVerb.Rollback && release.Phase == ReleasePhase.Done)
        {
            var newest = await releases.PageAsync(
                new ReleaseQuery { Service = release.Service, Target = release.Target, Environment = release.Environment, Take = 1 },
                cancellationToken).ConfigureAwait(false);
            later = newest.Items is [var newer, ..] && newer.Id != release.Id ? newer.Version : null;
        }

        // A halt reads none of this: stopping never waits. A roll back must know what the migration removed, and nothing else.
        var policy = command.Verb == ActionVerb.Promote ? await gates.JudgeAsync(release, snapshot, cancellationToken).ConfigureAwait(false) : PolicyGateResults.None;
        var found = command.Verb == ActionVerb.Rollback ? await gates.MigrationAsync(release, cancellationToken).ConfigureAwait(false) : new MigrationStanding(policy.Migration, policy.Doubts);
        var state = ReleaseState.From(release);
        return new ActionContext
        {
            By = by,
            Command = command,
            Policy = policy,
            Release = state.With(found),
            Snapshot = snapshot,
            Target = targets.Find(release.Target, release.Environment)?.Capabilities,
            InFlight = inFlight?.Summary(),
            Switch = snapshot?.Switch,
            ReplacedBy = later,
            Now = time.GetUtcNow(),
        };
    }

    /// <summary>The action that already does or did what is asked: a second halt or roll back is answered with the first.</summary>
    private async Task<ReleaseAction?> ExistingAsync(ActionVerb verb, Release release, ReleaseAction? inFlight, IReadOnlyList<Refusal> found, CancellationToken cancellationToken)
    {
        if (inFlight?.Verb == verb && verb.IsStopping())
        {
            return inFlight;
        }

        if (inFlight is not null || !found.Any(r => r is IAlreadyInForce))
        {
            return null;
        }

        var all = await actions.ForReleaseAsync(release.Id, cancellationToken).ConfigureAwait(false);
        return all.FirstOrDefault(a => a.Verb == verb && a.Phase == ActionPhase.Confirmed);
    }

    private async Task<GateAnswer?> SaveAsync(ReleaseCommand command, Operator by, Release release, ActionContext context, ReleaseAction? inFlight)
    {
        var now = context.Now;
        var evidence = EvidenceSeal.Freeze(context, release.Artifact.Digest);
        var action = new ReleaseAction
        {
            Id = Guid.CreateVersion7(now),
            Verb = command.Verb,
            ReleaseId = release.Id,
            Service = release.Service,
            Target = release.Target,
            Environment = release.Environment,
            Version = release.Version,
            RequestedBy = by.Name,
            RequestedByToken = by.IssuedFrom ?? by.Token,
            Role = by.RecordedRole,
            Reason = command.Reason.Trim(),
            SeenVersion = command.SeenVersion,
            FromExposure = release.ExposurePercent,
            ToExposure = command.Verb switch
            {
                ActionVerb.Promote => release.NextStage!.ExposurePercent,
                ActionVerb.Rollback => 0,
                _ => release.ExposurePercent,
            },
            EvidenceJson = evidence.Json,
            EvidenceSeal = evidence.Seal,
            RequestedAt = now,
            ApprovalsNeeded = context.Policy.ApprovalsNeeded,
            ExpiresAt = context.Policy.ApprovalsNeeded > 0 ? now + context.Policy.ApprovalsExpire : null,
        };
        var waits = action.ApprovalsNeeded > 0;
        var asked = waits
            ? $"Asked for approval to promote to {Wording.Percent(action.ToExposure!.Value)}: 0 of {action.ApprovalsNeeded}, until {Wording.Moment(action.ExpiresAt!.Value)}."
            : $"Asked {context.Target?.Title ?? release.Target} to {command.Verb.Phrase()}"
            + (command.Verb == ActionVerb.Promote ? $" to {Wording.Percent(action.ToExposure!.Value)}; waiting to see it there." : "; waiting to see it there.");
        if (command.Verb == ActionVerb.Rollback && context.Release!.IsUnexposed && inFlight?.Phase.IsWaiting() != false)
        {
            asked = "Nobody has it as far as the record tells; ending it.";
        }

        var waived = command.Verb == ActionVerb.Promote ? WaivedGates.Sentence(context.Policy.Gates) : "";
        asked += waived;
        action.Move(waits ? ActionPhase.AwaitingApproval : ActionPhase.Executing, now, asked);
        var change = new ActionChange
        {
            Action = action,
            IsNew = true,
            // Nothing that lets more people have the release is decided on what it was before; what stops it is, whatever it has become.
            JudgedOn = command.Verb.IsStopping() ? null : release,
            PreEmpted = inFlight,
            Audit = [action.Audit("intent", asked, now)],
            Events = [action.Event(release.Id, ReleaseEventKind.ActionRequested, waits ? asked : $"{command.Verb.Label()} asked for.{waived}", now)],
        };
        if (inFlight is not null)
        {
            var gone = $"{command.Verb.Noun()} by {by.Name} took its place.";
            inFlight.Move(ActionPhase.PreEmpted, now, gone);
            change = change with
            {
                Audit = [.. change.Audit, inFlight.Audit("pre-empted", gone, now, by)],
                Events = [.. change.Events, inFlight.Event(release.Id, ReleaseEventKind.ActionPreEmpted, $"{inFlight.Verb.Noun()} was stopped: {gone}", now)],
            };
        }

        // Once decided, a caller that goes away does not undo it.
        if (await actions.SaveAsync(change, CancellationToken.None).ConfigureAwait(false) != ActionSave.Saved)
        {
            return null;
        }

        board.Show(release.Id, action.Summary());
        if (!waits)
        {
            queue.Enqueue(action);
        }

        return new GateAnswer.Accepted(action);
    }
}
